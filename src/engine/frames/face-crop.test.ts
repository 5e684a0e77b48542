import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { cropMatrix, pasteArea, pasteCrop, warpCrop } from './face-crop.ts';
import type { Affine } from './similarity.ts';
import { WARP_TEMPLATES } from './warp-templates.ts';

const picture = (width: number, height: number, valueAt: (x: number, y: number, c: number) => number): RgbImage => ({
  data: Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return valueAt(pixel % width, Math.floor(pixel / width), at % 3);
  }),
  width,
  height,
});

/** The formula, for every pixel of the picture: mask and crop bilinear, 0 and repeated outside of the crop. */
function pasted(out: RgbImage, crop: Float32Array, size: number, mask: Float32Array, matrix: Affine): Uint8Array {
  const [a, b, c, d, e, f] = matrix;
  const area = pasteArea(matrix, size, size, out);
  const clip = (at: number): number => Math.min(Math.max(at, 0), size - 1);
  const sample = (u: number, v: number, read: (x: number, y: number) => number): number => {
    const [x, y] = [Math.floor(u), Math.floor(v)];
    const above = read(x, y) * (1 - (u - x)) + read(x + 1, y) * (u - x);
    const below = read(x, y + 1) * (1 - (u - x)) + read(x + 1, y + 1) * (u - x);
    return above * (1 - (v - y)) + below * (v - y);
  };
  return out.data.map((before, at) => {
    const [x, y, channel] = [Math.floor(at / 3) % out.width, Math.floor(at / 3 / out.width), at % 3];
    if (x < area.x0 || x >= area.x1 || y < area.y0 || y >= area.y1) return before;
    const [u, v] = [a * x + b * y + c, d * x + e * y + f];
    const m = sample(u, v, (p, q) => (p === clip(p) && q === clip(q) ? mask[q * size + p]! : 0));
    return before * (1 - m) + sample(u, v, (p, q) => crop[(clip(q) * size + clip(p)) * 3 + channel]!) * m;
  });
}

describe('pasteCrop', () => {
  const size = 24;
  const crop = Float32Array.from({ length: size * size * 3 }, (_, at) => (at * 37.7) % 255);
  const hole = Float32Array.from({ length: size * size }, (_, at) => {
    const [x, y] = [at % size, Math.floor(at / size)];
    return x > 5 && x < 15 && y > 2 && y < 12 ? ((x + y) % 4) / 3 : 0;
  });
  it.each([
    ['a mask with a border of nothing', hole],
    ['a full mask', new Float32Array(size * size).fill(1)],
    ['an empty mask', new Float32Array(size * size)],
  ])('is the formula with %s', (_name, mask) => {
    const matrices: Affine[] = [
      [0.6, 0.1, -3, -0.1, 0.6, 2],
      [1.7, 0.4, -20, -0.4, 1.7, 1],
      [1, 0, 4, 0, 1, -30],
    ];
    for (const matrix of matrices) {
      const out = picture(50, 44, (x, y, c) => (x * 5 + y * 3 + c * 60) % 256);
      const wanted = pasted(out, crop, size, mask, matrix);
      pasteCrop(out, { data: crop, width: size, height: size }, mask, matrix);
      const worst = out.data.reduce((most, value, at) => Math.max(most, Math.abs(value - wanted[at]!)), 0);
      // Sums in another order may end on the other side of a whole number.
      expect(worst).toBeLessThanOrEqual(1);
    }
  });
});

describe('warpCrop', () => {
  it('brings the landmarks to the template, and back with pasteCrop', () => {
    const image = picture(120, 110, (x, y, c) => 60 + c * 20 + ((x + y) >> 1));
    const landmarks = WARP_TEMPLATES.arcface_128.map((value, at) => value * 80 + (at % 2 === 0 ? 21 : 13));
    const matrix = cropMatrix(landmarks, 'arcface_128', 80);
    expect(matrix[0]).toBeCloseTo(1, 6);
    expect(matrix[2]).toBeCloseTo(-21, 4);
    const cut = warpCrop(image, matrix, 80);
    const out = picture(120, 110, () => 0);
    pasteCrop(out, cut, new Float32Array(80 * 80).fill(1), matrix);
    const at = (50 * 120 + 60) * 3;
    expect(Math.abs(out.data[at]! - image.data[at]!)).toBeLessThanOrEqual(1);
  });

  it('repeats the border, or is black beyond it', () => {
    const image = picture(4, 4, () => 200);
    const far: Affine = [1, 0, 10, 0, 1, 10];
    expect(warpCrop(image, far, 4).data[0]).toBe(200);
    expect(warpCrop(image, far, 4, 4, 'black').data[0]).toBe(0);
  });
});
