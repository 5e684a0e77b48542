import { type Affine, applyAffine } from '../frames/similarity.ts';

/**
 * Brings a mask from one crop of a face into another, bilinearly. What lies outside of the first is 0.
 * @param back from pixels of the new crop to pixels of the mask's own
 * @returns `size * size` values, owned by the caller
 */
export function moveMask(mask: Float32Array, width: number, height: number, back: Affine, size: number): Float32Array {
  const at = (x: number, y: number): number => (x >= 0 && y >= 0 && x < width && y < height ? mask[y * width + x]! : 0);
  const out = new Float32Array(size * size);
  for (let y = 0, o = 0; y < size; y++) {
    for (let x = 0; x < size; x++, o++) {
      const [u, v] = applyAffine(back, x, y);
      const [left, top] = [Math.floor(u), Math.floor(v)];
      const [fx, fy] = [u - left, v - top];
      const above = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
      const below = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
      out[o] = above * (1 - fy) + below * fy;
    }
  }
  return out;
}
