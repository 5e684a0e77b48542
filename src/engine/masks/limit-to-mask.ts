import type { RgbImage } from '../../core/image.ts';
import type { Affine } from '../frames/similarity.ts';

/**
 * Takes a change back where a mask says so: out = before + (out - before) mask, rounded. The mask is sampled bilinearly
 * and is 0 outside of its crop.
 * @param before the picture as it was
 * @param out    the same size, changed in place
 * @param mask   `size * size` values, 0..1
 * @param matrix from pixels of the picture to pixels of the crop
 */
export function limitToMask(before: RgbImage, out: RgbImage, mask: Float32Array, size: number, matrix: Affine): void {
  const { data: from, width, height } = before;
  const to = out.data;
  const [a, b, c, d, e, f] = matrix;
  const valueAt = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : mask[y * size + x]!;
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++, p += 3) {
      if (to[p] === from[p] && to[p + 1] === from[p + 1] && to[p + 2] === from[p + 2]) continue;
      const u = a * x + b * y + c;
      const v = d * x + e * y + f;
      const left = Math.floor(u);
      const top = Math.floor(v);
      const fx = u - left;
      const fy = v - top;
      const above = valueAt(left, top) * (1 - fx) + valueAt(left + 1, top) * fx;
      const below = valueAt(left, top + 1) * (1 - fx) + valueAt(left + 1, top + 1) * fx;
      const m = above * (1 - fy) + below * fy;
      for (let channel = p; channel < p + 3; channel++) {
        to[channel] = Math.round(from[channel]! + (to[channel]! - from[channel]!) * m);
      }
    }
  }
}
