import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAppError } from '../../core/errors.ts';
import { createFft } from './fft.ts';

const SIZES = [1, 2, 3, 4, 5, 6, 8, 9, 12, 15, 16, 20, 25, 27, 60, 64, 96, 120, 125, 800];
const parts = (size: number) =>
  fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size, maxLength: size });
const anySize = fc.constantFrom(...SIZES).chain((size) => fc.tuple(fc.constant(size), parts(size), parts(size)));

const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
};

describe('the Fourier transform', () => {
  it.each(SIZES)('of %d numbers is what the definition says', (size) => {
    const real = Float64Array.from({ length: size }, (_, n) => Math.sin(n * n + 1));
    const imaginary = Float64Array.from({ length: size }, (_, n) => Math.cos(3 * n * n));
    const [expectedReal, expectedImaginary] = [new Float64Array(size), new Float64Array(size)];
    for (let k = 0; k < size; k++) {
      for (let n = 0; n < size; n++) {
        const angle = (-2 * Math.PI * ((k * n) % size)) / size;
        expectedReal[k]! += real[n]! * Math.cos(angle) - imaginary[n]! * Math.sin(angle);
        expectedImaginary[k]! += real[n]! * Math.sin(angle) + imaginary[n]! * Math.cos(angle);
      }
    }
    createFft(size).forward(real, imaginary);
    expect(worst(real, expectedReal)).toBeLessThan(1e-11);
    expect(worst(imaginary, expectedImaginary)).toBeLessThan(1e-11);
  });

  it('and back gives the same numbers', () => {
    fc.assert(
      fc.property(anySize, ([size, re, im]) => {
        const [real, imaginary] = [Float64Array.from(re), Float64Array.from(im)];
        const fft = createFft(size);
        fft.forward(real, imaginary);
        fft.inverse(real, imaginary);
        expect(Math.max(worst(real, re), worst(imaginary, im))).toBeLessThan(1e-12);
      }),
    );
  });

  it('keeps the energy (Parseval)', () => {
    fc.assert(
      fc.property(anySize, ([size, re, im]) => {
        const [real, imaginary] = [Float64Array.from(re), Float64Array.from(im)];
        const energy = (): number => real.reduce((sum, value, n) => sum + value ** 2 + imaginary[n]! ** 2, 0);
        const before = energy();
        createFft(size).forward(real, imaginary);
        expect(energy() / size).toBeCloseTo(before, 8);
      }),
    );
  });

  it('finds one tone of 7680 samples in one place', () => {
    const size = 7680;
    const real = Float64Array.from({ length: size }, (_, n) => Math.cos((2 * Math.PI * 1234 * n) / size));
    const imaginary = new Float64Array(size);
    createFft(size).forward(real, imaginary);
    expect(real[1234]).toBeCloseTo(size / 2, 6);
    expect(real[size - 1234]).toBeCloseTo(size / 2, 6);
    expect(real.filter((value) => Math.abs(value) > 1e-6)).toHaveLength(2);
  });

  it.each([7, 0, -4, 2.5, 22])('refuses the size %d', (size) => {
    let thrown: unknown;
    try {
      createFft(size);
    } catch (error) {
      thrown = error;
    }
    expect(isAppError(thrown) && thrown.code).toBe('INTERNAL');
  });
});
