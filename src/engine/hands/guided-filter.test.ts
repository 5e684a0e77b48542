import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGuidedFilter } from './guided-filter.ts';

const WIDTH = 17;
const HEIGHT = 11;
const COUNT = WIDTH * HEIGHT;

/** The filter as the paper writes it, in double precision, one window at a time. */
function reference(guide: Float32Array, mask: Float32Array, radius: number, epsilon: number): Float64Array {
  const at = (values: ArrayLike<number>, x: number, y: number): number =>
    values[Math.min(HEIGHT - 1, Math.max(0, y)) * WIDTH + Math.min(WIDTH - 1, Math.max(0, x))]!;
  const mean = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from({ length: COUNT }, (_, i) => {
      let sum = 0;
      for (let v = -radius; v <= radius; v++) {
        for (let u = -radius; u <= radius; u++) sum += at(values, (i % WIDTH) + u, Math.floor(i / WIDTH) + v);
      }
      return sum / (2 * radius + 1) ** 2;
    });
  const product = (a: Float32Array, b: Float32Array): Float64Array => Float64Array.from(a, (v, i) => v * b[i]!);
  const [guideMean, maskMean] = [mean(guide), mean(mask)];
  const [square, cross] = [mean(product(guide, guide)), mean(product(guide, mask))];
  const slope = guideMean.map((m, i) => (cross[i]! - m * maskMean[i]!) / (square[i]! - m * m + epsilon));
  const offset = slope.map((a, i) => maskMean[i]! - a * guideMean[i]!);
  const [slopeMean, offsetMean] = [mean(slope), mean(offset)];
  return Float64Array.from({ length: COUNT }, (_, i) => slopeMean[i]! * guide[i]! + offsetMean[i]!);
}

const plane = fc
  .uint8Array({ minLength: COUNT, maxLength: COUNT })
  .map((bytes) => Float32Array.from(bytes, (value) => value / 255));

describe('createGuidedFilter', () => {
  it('computes the formula of the paper', () => {
    const filter = createGuidedFilter();
    fc.assert(
      fc.property(plane, plane, fc.integer({ min: 1, max: 20 }), (guide, mask, radius) => {
        const out = new Float32Array(COUNT);
        filter.run(guide, mask, WIDTH, HEIGHT, radius, 0.01, out, new Float32Array(COUNT));
        const expected = reference(guide, mask, radius, 0.01);
        for (let i = 0; i < COUNT; i++) expect(Math.abs(out[i]! - expected[i]!)).toBeLessThan(1e-3);
      }),
      { numRuns: 40 },
    );
  });

  it('moves a sloppy edge to the edge of the picture', () => {
    const guide = Float32Array.from({ length: COUNT }, (_, i) => (i % WIDTH < 8 ? 0.2 : 0.8));
    const sloppy = Float32Array.from({ length: COUNT }, (_, i) => (i % WIDTH < 6 ? 0 : 1));
    const out = new Float32Array(COUNT);
    createGuidedFilter().run(guide, sloppy, WIDTH, HEIGHT, 4, 0.0008, out, new Float32Array(COUNT));
    const row = out.subarray(5 * WIDTH, 6 * WIDTH);
    let steepest = 1;
    for (let x = 1; x < WIDTH; x++) if (row[x]! - row[x - 1]! > row[steepest]! - row[steepest - 1]!) steepest = x;
    expect(steepest).toBe(8);
  });
});
