import type { RgbImage } from '../../core/image.ts';
import type { CropPixels } from './face-crop.ts';

/** Added before a number is cut: 99.99999 is 100, and only lacks what floats cannot hold. */
const FLOAT_NOISE = 1e-3;

/** A picture of floats in bytes: what is behind the point is cut off, as FaceFusion casts. Owned by the caller. */
export const cutToBytes = ({ data, width, height }: CropPixels): RgbImage => ({
  data: Uint8Array.from(data, (value) => Math.min(255, value + FLOAT_NOISE)),
  width,
  height,
});
