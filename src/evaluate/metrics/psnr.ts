/** Peak signal-to-noise ratio. */
import type { RgbImage } from '../../core/image.ts';
import { assertSameSize } from './same-size.ts';

/** Decibels reported for equal pictures, whose ratio is infinite and not a JSON number. */
export const PSNR_CEILING = 100;

/**
 * Mean squared difference over all pixels and channels, in squared levels of 0..255.
 * @throws INPUT_UNSUPPORTED when the sizes differ
 */
export function meanSquaredError(a: RgbImage, b: RgbImage): number {
  assertSameSize(a, b);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) {
    const difference = a.data[i] - b.data[i];
    sum += difference * difference;
  }
  return sum / a.data.length;
}

/** Decibels of a mean squared error, at most `PSNR_CEILING`. */
export function psnrOfError(error: number): number {
  return error > 0 ? Math.min(PSNR_CEILING, 10 * Math.log10(255 ** 2 / error)) : PSNR_CEILING;
}

/**
 * PSNR in decibels over RGB; higher is more alike.
 * @throws INPUT_UNSUPPORTED when the sizes differ
 */
export const psnr = (a: RgbImage, b: RgbImage): number => psnrOfError(meanSquaredError(a, b));
