import { describe, expect, it } from 'vitest';
import { GuardedKernels, largestDifference } from '../../../test/helpers/guarded-kernels.ts';
import { lowBand } from './light.ts';

const SIZE = 64;
const SKIN = [200, 150, 120] as const;

/** A round face of one colour, lit from the left; `colourOf` may say otherwise. */
function face(colourOf?: (x: number, y: number) => readonly number[] | undefined): {
  colour: Float32Array;
  weight: Float32Array;
} {
  const colour = new Float32Array(SIZE * SIZE * 3);
  const weight = new Float32Array(SIZE * SIZE);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const i = y * SIZE + x;
      weight[i] = Math.min(1, Math.max(0, (30 - Math.hypot(x - 31.5, y - 31.5)) / 3));
      const shade = 1 - 0.3 * (x / SIZE);
      colour.set(colourOf?.(x, y) ?? SKIN.map((value) => value * shade), i * 3);
    }
  }
  return { colour, weight };
}

const texel = (map: Float32Array, channels: number, x: number, y: number): number[] => [
  ...map.subarray((y * SIZE + x) * channels, (y * SIZE + x + 1) * channels),
];

describe('lowBand', () => {
  it('follows smooth light and finds nothing strange in it', () => {
    const { colour, weight } = face();
    const { light, outliers } = lowBand(colour, weight, SIZE);
    expect(Math.max(...outliers)).toBeLessThan(0.01);
    for (const x of [16, 32, 48]) {
      const [want, got] = [texel(colour, 3, x, 32), texel(light, 3, x, 32)];
      for (let c = 0; c < 3; c++) expect(Math.abs(got[c] / want[c] - 1)).toBeLessThan(0.04);
    }
    // Defined everywhere, also where no skin is.
    expect(Math.min(...light)).toBeGreaterThan(50);
  });

  it('leaves out what is no skin, and sees the skin that it covers', () => {
    const dark = face((x, y) => (x < 20 && y > 20 && y < 40 ? [30, 28, 26] : undefined));
    const { light, outliers } = lowBand(dark.colour, dark.weight, SIZE);
    expect(texel(outliers, 1, 12, 30)[0]).toBeGreaterThan(0.95);
    expect(texel(outliers, 1, 45, 30)[0]).toBeLessThan(0.05);
    const clean = lowBand(face().colour, dark.weight, SIZE).light;
    expect(texel(light, 3, 12, 30)[1] / texel(clean, 3, 12, 30)[1]).toBeGreaterThan(0.85);
  });

  it('takes over the outliers of an earlier frame', () => {
    const { colour, weight } = face((x) => (x < 20 ? [30, 28, 26] : undefined));
    const found = lowBand(colour, weight, SIZE);
    const again = lowBand(colour, weight, SIZE, found.outliers);
    expect(again.outliers).toEqual(found.outliers);
    expect(largestDifference(again.light, found.light)).toBeLessThan(1e-3);
    const none = lowBand(colour, weight, SIZE, new Float32Array(SIZE * SIZE));
    expect(texel(none.light, 3, 12, 30)[1]).toBeLessThan(0.6 * texel(found.light, 3, 12, 30)[1]);
  });

  it('is defined where nothing is visible', () => {
    const { colour } = face();
    const { light, outliers } = lowBand(colour, new Float32Array(SIZE * SIZE), SIZE);
    expect(light.every((value) => value >= 0 && value <= 255)).toBe(true);
    expect(outliers.every((value) => value === 0)).toBe(true);
  });

  it('writes nothing but its results', () => {
    const guarded = new GuardedKernels();
    const { code } = guarded.kernels;
    const { colour, weight } = face();
    const map = new Float32Array(SIZE * SIZE);
    const [from, weights, outliers] = [guarded.put(colour), guarded.put(weight), guarded.put(map)];
    const [centre, light] = [guarded.put(map.fill(1)), guarded.put(colour)];
    const scratch = guarded.put(new Uint8Array(code.lowBandScratchBytes(SIZE * SIZE)));
    code.lowBand(from, weights, SIZE, outliers, 0, centre, light, scratch, 9, 6, 8, 3, 2, 3);
    guarded.checkGuards();
    expect(largestDifference(new Float32Array(guarded.get(from, colour.byteLength).buffer), colour)).toBe(0);
    expect(largestDifference(new Float32Array(guarded.get(weights, weight.byteLength).buffer), weight)).toBe(0);
  });
});
