import { describe, expect, it } from 'vitest';
import { areaMask, type FaceMaskArea } from './area-mask.ts';

const SIZE = 256;

/** Landmarks of a face that fills the crop: jaw around, brows, nose, eyes and mouth where they belong. */
const landmarks = Float32Array.from(
  Array.from({ length: 68 }, (_, i): [number, number] => {
    if (i < 17) return [128 - 90 * Math.cos((Math.PI * i) / 16), 110 + 110 * Math.sin((Math.PI * i) / 16)];
    if (i < 27) return [60 + 14 * (i - 17), 80];
    if (i < 31) return [128, 100 + 12 * (i - 27)];
    if (i < 36) return [110 + 9 * (i - 31), 150];
    if (i < 48) return [80 + 8 * (i - 36), 105];
    return [128 + 30 * Math.cos((i - 48) * 0.6), 185 + 14 * Math.sin((i - 48) * 0.6)];
  }).flat(),
);
const maskOf = (...areas: FaceMaskArea[]): ((x: number, y: number) => number) => {
  const mask = areaMask(SIZE, SIZE, landmarks, areas);
  return (x, y) => mask[y * SIZE + x]!;
};

describe('areaMask', () => {
  it('has the upper face down to the nose', () => {
    const at = maskOf('upper-face');
    expect(at(128, 110)).toBe(1);
    expect(at(128, 200)).toBe(0);
    expect(at(128, 60)).toBe(0);
  });

  it('has the lower face from the nose down', () => {
    const at = maskOf('lower-face');
    expect(at(128, 185)).toBe(1);
    expect(at(128, 110)).toBe(0);
  });

  it('has the mouth alone', () => {
    const at = maskOf('mouth');
    expect(at(128, 185)).toBeGreaterThan(0.9);
    expect(at(128, 150)).toBe(0);
    expect(at(60, 185)).toBe(0);
  });

  it('puts one hull around all', () => {
    const at = maskOf('upper-face', 'mouth');
    // Between eyes and mouth, beside the nose: in neither of both.
    expect(at(100, 165)).toBeCloseTo(1, 3);
    expect(maskOf('upper-face')(100, 168)).toBeLessThan(1);
    expect(maskOf('mouth')(100, 165)).toBe(0);
  });
});
