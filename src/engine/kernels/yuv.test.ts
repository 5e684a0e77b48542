import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GuardedKernels, largestDifference, smoothNoise } from '../../../test/helpers/guarded-kernels.ts';

const MATRICES = [
  [0.299, 0.114],
  [0.2126, 0.0722],
  [0.2627, 0.0593],
] as const;

/** Coefficients as numbers, by the definitions of BT.601, BT.709 and BT.2020. */
function definition([kr, kb]: readonly [number, number], limited: boolean) {
  const kg = 1 - kr - kb;
  const luma = limited ? 219 / 255 : 1;
  const chroma = limited ? 224 / 255 : 1;
  return {
    offset: limited ? 16 : 0,
    toRgb: [
      1 / luma,
      (2 * (1 - kr)) / chroma,
      (-2 * (1 - kb) * kb) / kg / chroma,
      (-2 * (1 - kr) * kr) / kg / chroma,
      (2 * (1 - kb)) / chroma,
    ],
    y: [kr * luma, kg * luma, kb * luma],
    u: [(-0.5 * chroma * kr) / (1 - kb), (-0.5 * chroma * kg) / (1 - kb), 0.5 * chroma],
    v: [0.5 * chroma, (-0.5 * chroma * kg) / (1 - kr), (-0.5 * chroma * kb) / (1 - kr)],
  };
}
const fixed = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 65536));
const clampByte = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

const frames = fc.record({
  width: fc.integer({ min: 1, max: 40 }).map((n) => n * 2),
  height: fc.integer({ min: 1, max: 6 }).map((n) => n * 2),
  matrix: fc.constantFrom(...MATRICES),
  limited: fc.boolean(),
  seed: fc.integer(),
});

describe('i420ToRgb', () => {
  it('is the matrix of the stream, within a level', () => {
    fc.assert(
      fc.property(frames, ({ width, height, matrix, limited, seed }) => {
        const guarded = new GuardedKernels();
        const k = definition(matrix, limited);
        const luma = smoothNoise(width * height, seed);
        const u = smoothNoise((width * height) / 4, seed ^ 5);
        const v = smoothNoise((width * height) / 4, seed ^ 9);
        const pictures = [0, 1].map(() => guarded.put(new Uint8Array(width * height * 3)));
        const planes = [luma, u, v].map((plane) => guarded.put(plane));
        const [scale, rv, gu, gv, bu] = fixed(k.toRgb);
        guarded.kernels.code.i420ToRgb(
          planes[0],
          planes[1],
          planes[2],
          pictures[0],
          pictures[1],
          width,
          height,
          k.offset,
          scale,
          rv,
          gu,
          gv,
          bu,
        );
        guarded.checkGuards();
        const wanted = new Float64Array(width * height * 3);
        for (let i = 0; i < width * height; i++) {
          const chroma = Math.floor(Math.floor(i / width) / 2) * (width / 2) + ((i % width) >> 1);
          const [s, r, gFromU, gFromV, b] = k.toRgb;
          const y = (luma[i] - k.offset) * s;
          wanted[i * 3] = clampByte(y + r * (v[chroma] - 128));
          wanted[i * 3 + 1] = clampByte(y + gFromU * (u[chroma] - 128) + gFromV * (v[chroma] - 128));
          wanted[i * 3 + 2] = clampByte(y + b * (u[chroma] - 128));
        }
        const result = guarded.get(pictures[0], wanted.length);
        expect(largestDifference(result, wanted)).toBeLessThanOrEqual(1);
        expect(guarded.get(pictures[1], wanted.length)).toEqual(result);
      }),
      { numRuns: 60 },
    );
  });
});

describe('rgbToI420', () => {
  it('writes changed pixels by the matrix and leaves every other code value alone', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 0, max: 255 }), ({ width, height, matrix, limited, seed }, share) => {
        const guarded = new GuardedKernels();
        const k = definition(matrix, limited);
        const before = smoothNoise(width * height * 3, seed);
        const dice = smoothNoise(width * height * 3, seed ^ 77);
        const after = before.map((value, i) => (dice[i] < share / 4 ? (value + dice[i] + 1) & 255 : value));
        const planes = [width * height, (width * height) / 4, (width * height) / 4].map((n, i) =>
          smoothNoise(n, seed ^ (i + 3)),
        );
        const [luma, u, v] = planes.map((plane) => guarded.put(plane));
        const [yr, yg, yb] = fixed(k.y);
        const [ur, ug, ub] = fixed(k.u);
        const [vr, vg, vb] = fixed(k.v);
        guarded.kernels.code.rgbToI420(
          guarded.put(after),
          guarded.put(before),
          luma,
          u,
          v,
          width,
          height,
          k.offset,
          yr,
          yg,
          yb,
          ur,
          ug,
          ub,
          vr,
          vg,
          vb,
        );
        guarded.checkGuards();
        const results = [luma, u, v].map((at, i) => guarded.get(at, planes[i].length));
        const dot = (weights: readonly number[], pixel: readonly number[]): number =>
          weights[0] * pixel[0] + weights[1] * pixel[1] + weights[2] * pixel[2];
        const pixel = (i: number): number[] => [after[i * 3], after[i * 3 + 1], after[i * 3 + 2]];
        const isChanged = (i: number): boolean => [0, 1, 2].some((c) => after[i * 3 + c] !== before[i * 3 + c]);
        for (let y = 0; y < height; y += 2) {
          for (let x = 0; x < width; x += 2) {
            const block = [y * width + x, y * width + x + 1, (y + 1) * width + x, (y + 1) * width + x + 1];
            for (const i of block) {
              if (!isChanged(i)) expect(results[0][i]).toBe(planes[0][i]);
              else expect(Math.abs(results[0][i] - clampByte(dot(k.y, pixel(i)) + k.offset))).toBeLessThanOrEqual(1);
            }
            const chroma = (y / 2) * (width / 2) + x / 2;
            const mean = [0, 1, 2].map((c) => block.reduce((sum, i) => sum + after[i * 3 + c], 0) / 4);
            [k.u, k.v].forEach((weights, plane) => {
              const result = results[plane + 1][chroma];
              if (!block.some(isChanged)) expect(result).toBe(planes[plane + 1][chroma]);
              else expect(Math.abs(result - clampByte(dot(weights, mean) + 128))).toBeLessThanOrEqual(1);
            });
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps grey grey', () => {
    for (const matrix of MATRICES) {
      for (const limited of [true, false]) {
        const guarded = new GuardedKernels();
        const k = definition(matrix, limited);
        const grey = Uint8Array.from({ length: 256 * 2 * 3 }, (_, i) => (Math.floor(i / 3) % 256) & 0xfe);
        const planes = [512, 128, 128].map((n) => guarded.put(new Uint8Array(n)));
        const all = [k.y, k.u, k.v].flatMap(fixed) as [
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
          number,
        ];
        guarded.kernels.code.rgbToI420(
          guarded.put(grey),
          guarded.put(grey.map((x) => x ^ 1)),
          planes[0],
          planes[1],
          planes[2],
          256,
          2,
          k.offset,
          ...all,
        );
        expect(new Set([...guarded.get(planes[1], 128), ...guarded.get(planes[2], 128)])).toEqual(new Set([128]));
      }
    }
  });
});
