import type { RgbImage } from '../../core/image.ts';
import type { CropPixels } from './face-crop.ts';

/** Added before a number is cut: 99.99999 is 100, and only lacks what floats cannot hold. */
const FLOAT_NOISE = 1e-3;

/** A picture of floats in bytes: what is behind the point is cut off, as FaceFusion casts. Owned by the caller. */
export function cutToBytes({ data, width, height }: CropPixels): RgbImage {
  const out = new Uint8Array(data.length);
  for (let at = 0; at < out.length; at++) out[at] = Math.min(255, data[at]! + FLOAT_NOISE);
  return { data: out, width, height };
}
