import type { RgbImage } from '../../core/image.ts';

/** Luma weights of BT.601-7 §2.5, which the published PSNR and SSIM figures of this field use whatever the footage. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/** Luma 0..255 of every pixel, `width * height` values. Owned by the caller. */
export function lumaOf({ data, width, height }: RgbImage): Float32Array {
  const luma = new Float32Array(width * height);
  for (let i = 0, p = 0; i < luma.length; i++, p += 3)
    luma[i] = RED * data[p] + GREEN * data[p + 1] + BLUE * data[p + 2];
  return luma;
}

/** Luma at a point between pixels, bilinear; beyond the border the nearest pixel counts. */
export function lumaAt({ data, width, height }: RgbImage, x: number, y: number): number {
  const u = Math.min(Math.max(x, 0), width - 1);
  const v = Math.min(Math.max(y, 0), height - 1);
  const column = Math.min(Math.floor(u), Math.max(0, width - 2));
  const row = Math.min(Math.floor(v), Math.max(0, height - 2));
  const fx = u - column;
  const fy = v - row;
  const right = width > 1 ? 3 : 0;
  const below = height > 1 ? width * 3 : 0;
  const p = (row * width + column) * 3;
  const at = (q: number): number => RED * data[q] + GREEN * data[q + 1] + BLUE * data[q + 2];
  const upper = at(p) * (1 - fx) + at(p + right) * fx;
  const lower = at(p + below) * (1 - fx) + at(p + below + right) * fx;
  return upper * (1 - fy) + lower * fy;
}
