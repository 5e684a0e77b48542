import { describe, expect, it } from 'vitest';
import { erodeMask } from './erode-mask.ts';
import { moveMask } from './move-mask.ts';

const square = (size: number, from: number, to: number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, at) =>
    Math.min(at % size, Math.floor(at / size)) >= from && Math.max(at % size, Math.floor(at / size)) < to ? 1 : 0,
  );

describe('erosion of a mask', () => {
  it('takes one pixel from every side at a time, as a cross does', () => {
    expect(erodeMask(square(12, 2, 10), 12, 12, 2)).toEqual(square(12, 4, 8));
    const dot = new Float32Array(25).fill(1);
    dot[12] = 0.25;
    const around = erodeMask(dot, 5, 5, 1);
    expect([7, 11, 12, 13, 17].map((at) => around[at])).toEqual(new Array(5).fill(0.25));
    expect(around[6]).toBe(1);
  });

  it('does not come in from the border, and leaves its argument alone', () => {
    const full = new Float32Array(36).fill(1);
    expect(erodeMask(full, 6, 6, 3)).toEqual(full);
    const mask = square(6, 1, 5);
    erodeMask(mask, 6, 6, 1);
    expect(mask).toEqual(square(6, 1, 5));
  });
});

describe('a mask that is moved into another crop', () => {
  it('is shifted and scaled, with 0 around it', () => {
    const full = new Float32Array(16).fill(1);
    // The new crop shows the old one at half its size, from (2, 3) on.
    const moved = moveMask(full, 4, 4, [2, 0, -4, 0, 2, -6], 8);
    expect(moved[3 * 8 + 2]).toBe(1);
    expect(moved[4 * 8 + 3]).toBe(1);
    expect(moved[2 * 8 + 2]).toBe(0);
    expect(moved[5 * 8 + 4]).toBe(0);
    expect(moved.reduce((sum, value) => sum + value, 0)).toBe(4);
  });

  it('is sampled between its pixels', () => {
    const ramp = Float32Array.from({ length: 16 }, (_, at) => (at % 4) / 4);
    expect(moveMask(ramp, 4, 4, [1, 0, 0.5, 0, 1, 0], 2)[1]).toBeCloseTo(0.375, 6);
  });
});
