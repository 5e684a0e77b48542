/** Swaps at more pixels than a model has: a crop is dealt out to several small ones and put together again. */
import { AppError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import type { CropPixels } from '../frames/face-crop.ts';

/** So many times the model's edge at most: the time grows with the square. */
const LARGEST_FACTOR = 8;

/**
 * How many times larger the crop is than the model's, from the text of the option.
 * @param boost `WIDTHxHEIGHT`; absent: the model's own size
 * @param size  edge of the model's crop
 * @returns 1..8
 * @throws OPTION_INVALID with the sizes that there are
 */
export function boostFactor(boost: string | undefined, size: number, model: string): number {
  if (boost === undefined) return 1;
  const [width, height] = boost.split('x').map(Number);
  const factor = width! / size;
  if (width === height && Number.isInteger(factor) && factor >= 1 && factor <= LARGEST_FACTOR) return factor;
  const sizes = Array.from({ length: LARGEST_FACTOR }, (_, at) => `${size * (at + 1)}x${size * (at + 1)}`);
  throw new AppError(
    'OPTION_INVALID',
    `Expected ${sizes.join(', ')} for --face-swapper-pixel-boost with ${model}, received ${boost}.`,
    { hint: `The model works on ${size}x${size} pixels; a boost is a multiple.`, details: { option: OPTION } },
  );
}

const OPTION = 'faceSwapperPixelBoost';

/**
 * Deals the pixels of a crop out: picture `row * factor + column` has every `factor`th pixel, from (column, row) on.
 * @param factor by which the crop's edges can be divided
 * @returns `factor * factor` pictures, owned by the caller
 */
export function implode({ data, width, height }: RgbImage, factor: number): RgbImage[] {
  const [w, h] = [width / factor, height / factor];
  return Array.from({ length: factor * factor }, (_, index) => {
    const row = Math.floor(index / factor);
    const column = index % factor;
    const out = new Uint8Array(w * h * 3);
    for (let y = 0, o = 0; y < h; y++) {
      let p = ((y * factor + row) * width + column) * 3;
      for (let x = 0; x < w; x++, o += 3, p += factor * 3) {
        out[o] = data[p]!;
        out[o + 1] = data[p + 1]!;
        out[o + 2] = data[p + 2]!;
      }
    }
    return { data: out, width: w, height: h };
  });
}

/** Puts one of the pictures that `implode` gives back in its place in `out`, whose edges are `factor` times as long. */
export function explodeInto(
  out: Float32Array,
  { data, width, height }: CropPixels,
  factor: number,
  index: number,
): void {
  const row = Math.floor(index / factor);
  const column = index % factor;
  for (let y = 0, p = 0; y < height; y++) {
    let o = ((y * factor + row) * width * factor + column) * 3;
    for (let x = 0; x < width; x++, p += 3, o += factor * 3) {
      out[o] = data[p]!;
      out[o + 1] = data[p + 1]!;
      out[o + 2] = data[p + 2]!;
    }
  }
}
