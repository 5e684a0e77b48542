/** Structural similarity. */
import { AppError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import { lumaOf } from './luma.ts';
import { assertSameSize } from './same-size.ts';

/** Edge of a window and step between windows, in pixels. */
const WINDOW = 8;
const STEP = 4;
/** (0.01 * 255)^2 and (0.03 * 255)^2: the constants of the paper. */
const C1 = 6.5025;
const C2 = 58.5225;

/**
 * Mean SSIM of luma over 8x8 windows, every four pixels; 1 for equal pictures.
 * @throws INPUT_UNSUPPORTED when the sizes differ or are below 8 pixels
 * @see Wang, Bovik, Sheikh, Simoncelli, "Image quality assessment: from error visibility to structural similarity",
 *      IEEE TIP 2004, equation 13; square windows as in the section on the universal quality index
 */
export function ssim(a: RgbImage, b: RgbImage): number {
  assertSameSize(a, b);
  const { width, height } = a;
  if (width < WINDOW || height < WINDOW) {
    throw new AppError(
      'INPUT_UNSUPPORTED',
      `Expected at least ${WINDOW}x${WINDOW} pixels for SSIM, received ${width}x${height}.`,
    );
  }
  const first = lumaOf(a);
  const second = lumaOf(b);
  let sum = 0;
  let count = 0;
  for (let y = 0; y + WINDOW <= height; y += STEP) {
    for (let x = 0; x + WINDOW <= width; x += STEP) {
      sum += windowSimilarity(first, second, y * width + x, width);
      count++;
    }
  }
  return sum / count;
}

function windowSimilarity(a: Float32Array, b: Float32Array, start: number, stride: number): number {
  let sumA = 0;
  let sumB = 0;
  let squareA = 0;
  let squareB = 0;
  let product = 0;
  for (let j = 0; j < WINDOW; j++) {
    const row = start + j * stride;
    for (let i = row; i < row + WINDOW; i++) {
      const p = a[i];
      const q = b[i];
      sumA += p;
      sumB += q;
      squareA += p * p;
      squareB += q * q;
      product += p * q;
    }
  }
  const count = WINDOW * WINDOW;
  const meanA = sumA / count;
  const meanB = sumB / count;
  const varianceA = squareA / count - meanA * meanA;
  const varianceB = squareB / count - meanB * meanB;
  const covariance = product / count - meanA * meanB;
  return (
    ((2 * meanA * meanB + C1) * (2 * covariance + C2)) /
    ((meanA * meanA + meanB * meanB + C1) * (varianceA + varianceB + C2))
  );
}
