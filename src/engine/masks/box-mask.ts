import { gaussianBlur } from '../frames/gaussian.ts';

/** Percent cut off at top, right, bottom and left, 0..100. */
export type MaskPadding = readonly [top: number, right: number, bottom: number, left: number];

/**
 * A soft rectangle: 1 inside, 0 at the border of the crop.
 * @param blur width of the feather, 0..1
 * @returns `width * height` values, 0..1, owned by the caller
 * @see FaceFusion's `create_box_mask`
 */
export function boxMask(
  width: number,
  height: number,
  blur: number,
  padding: MaskPadding = [0, 0, 0, 0],
): Float32Array {
  const blurPixels = Math.trunc(width * 0.5 * blur);
  const edge = Math.max(Math.floor(blurPixels / 2), 1);
  const [top, right, bottom, left] = padding;
  const cut = (size: number, percent: number): number => Math.max(edge, Math.trunc((size * percent) / 100));
  const y0 = cut(height, top);
  const y1 = height - cut(height, bottom);
  const x0 = cut(width, left);
  const x1 = width - cut(width, right);
  const mask = new Float32Array(width * height);
  for (let y = y0; y < y1; y++) if (x1 > x0) mask.fill(1, y * width + x0, y * width + x1);
  return blurPixels > 0 ? gaussianBlur(mask, width, height, blurPixels * 0.25) : mask;
}
