import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blur } from './blur.ts';

describe('blur', () => {
  it.each([1, 4] as const)('keeps a constant picture of %i channels', (channels) => {
    const out = blur(new Float32Array(12 * 7 * channels).fill(3.5), 12, 7, channels, 2);
    for (const value of out) expect(value).toBeCloseTo(3.5, 4);
  });

  it('spreads an impulse symmetrically, with the variance that sigma asks for, up to whole box widths', () => {
    const size = 65;
    const impulse = new Float32Array(size * size);
    impulse[32 * size + 32] = 1;
    const out = blur(impulse, size, size, 1, 4);
    let sum = 0;
    let variance = 0;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        sum += out[y * size + x];
        variance += out[y * size + x] * (x - 32) ** 2;
        expect(out[y * size + x]).toBeCloseTo(out[x * size + y], 6);
      }
    }
    expect(sum).toBeCloseTo(1, 4);
    expect(Math.sqrt(variance)).toBeGreaterThan(3.6);
    expect(Math.sqrt(variance)).toBeLessThan(4.5);
  });

  it.each([
    [1, 9, 5, 1],
    [1, 3, 2, 2],
    [1, 1, 7, 1],
    [4, 5, 6, 3],
    [1, 17, 13, 4.2],
  ] as const)('is boxes of the ideal width, %i channels, %i x %i, sigma %f', (channels, width, height, sigma) => {
    let values = Array.from({ length: width * height * channels }, (_, i) => (i * 7919) % 256);
    const out = blur(Float32Array.from(values), width, height, channels, sigma, 2);
    const radius = Math.max(1, Math.round((Math.sqrt(6 * sigma * sigma + 1) - 1) / 2));
    const box = (size: number, position: number, read: (at: number) => number): number => {
      let sum = 0;
      for (let k = -radius; k <= radius; k++) sum += read(Math.min(size - 1, Math.max(0, position + k)));
      return sum / (2 * radius + 1);
    };
    for (let round = 0; round < 2; round++) {
      const at = (x: number, y: number, c: number): number => (y * width + x) * channels + c;
      const along = values.map((_, i) => {
        const c = i % channels;
        const x = Math.floor(i / channels) % width;
        const y = Math.floor(i / channels / width);
        return box(width, x, (k) => values[at(k, y, c)]);
      });
      values = along.map((_, i) => {
        const c = i % channels;
        const x = Math.floor(i / channels) % width;
        const y = Math.floor(i / channels / width);
        return box(height, y, (k) => along[at(x, k, c)]);
      });
    }
    out.forEach((value, i) => {
      expect(value).toBeCloseTo(values[i], 2);
    });
  });

  it('treats four channels as four single ones', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 255, noNaN: true }), { minLength: 240, maxLength: 240 }),
        (values) => {
          const four = blur(Float32Array.from(values), 10, 6, 4, 1.5);
          for (let c = 0; c < 4; c++) {
            const one = blur(
              Float32Array.from({ length: 60 }, (_, i) => values[i * 4 + c]),
              10,
              6,
              1,
              1.5,
            );
            for (let i = 0; i < 60; i++) expect(four[i * 4 + c]).toBeCloseTo(one[i], 2);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
