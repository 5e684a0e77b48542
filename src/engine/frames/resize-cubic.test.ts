import { describe, expect, it } from 'vitest';
import { resizeCubic, resizeCubicPlanes } from './resize-cubic.ts';

describe('cubic resizing', () => {
  it('by two gives the weights of OpenCV, whose parameter is -0.75', () => {
    // A single bright sample; positions lie a quarter of a pixel beside the samples.
    const values = [0, 0, 0, 0, 1, 0, 0, 0, 0];
    const out = resizeCubicPlanes(values, 9, 1, 1, 18, 1);
    const expected = [-0.03515625, -0.10546875, 0.26171875, 0.87890625];
    for (const [n, weight] of expected.entries()) {
      expect(out[5 + n]).toBeCloseTo(weight, 6);
      expect(out[12 - n]).toBeCloseTo(weight, 6);
    }
    expect([out[4], out[13]]).toEqual([0, 0]);
  });

  it('keeps a slope where the border is far, and what is even everywhere', () => {
    const width = 12;
    const slope = Float32Array.from({ length: width * width }, (_, at) => (at % width) * 2 + Math.floor(at / width));
    const out = resizeCubicPlanes(slope, width, width, 1, 30, 30);
    // Away from samples this parameter overshoots a slope a little: by 0.1 of a step at most.
    for (const [x, y] of [
      [10, 12],
      [15, 9],
      [20, 20],
    ] as const) {
      const at = (n: number): number => ((n + 0.5) * width) / 30 - 0.5;
      expect(Math.abs(out[y * 30 + x]! - (at(x) * 2 + at(y)))).toBeLessThan(0.3);
    }
    const flat = resizeCubic({ data: new Uint8Array(75).fill(77), width: 5, height: 5 }, 13, 9);
    expect([flat.width, flat.height, new Set(flat.data)]).toEqual([13, 9, new Set([77])]);
  });

  it('cuts overshoot off, and keeps channels apart', () => {
    const data = new Uint8Array([255, 0, 9, 0, 255, 9]);
    const { data: out } = resizeCubic({ data, width: 2, height: 1 }, 4, 1);
    expect([out[0], out[1], out[9], out[10]]).toEqual([255, 0, 0, 255]);
    expect([2, 5, 8, 11].map((at) => out[at])).toEqual([9, 9, 9, 9]);
  });
});
