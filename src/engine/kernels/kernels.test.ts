import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KernelMemory } from './kernel-memory.ts';
import { createKernels } from './kernels.ts';

const FUZZ = { numRuns: 60, seed: 7 };
/** Bytes around every buffer that no kernel may write. */
const GUARD = 64;

/** Deterministic noise that is smooth enough to have gradients. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed | 1;
  let value = 128;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    value += ((state >>> 24) - 127.5) / 3;
    if (value < 0 || value > 255) value = 128;
    return value;
  });
}

/** Kernels with buffers whose surroundings are watched. */
class Bench {
  readonly kernels = createKernels();
  readonly #guards: { readonly at: number; readonly length: number }[] = [];

  get bytes(): Uint8Array {
    return new Uint8Array(this.kernels.memory.bytes);
  }

  put(content: ArrayBufferView): number {
    const length = content.byteLength;
    const at = this.kernels.memory.createBuffer().reserve(length + 2 * GUARD) + GUARD;
    this.bytes.fill(0xa5, at - GUARD, at + length + GUARD);
    this.bytes.set(new Uint8Array(content.buffer, content.byteOffset, length), at);
    this.#guards.push({ at, length });
    return at;
  }

  get(at: number, length: number): Uint8Array {
    return this.bytes.slice(at, at + length);
  }

  expectGuardsIntact(): void {
    for (const { at, length } of this.#guards) {
      expect(this.bytes.subarray(at - GUARD, at).every((b) => b === 0xa5)).toBe(true);
      expect(this.bytes.subarray(at + length, at + length + GUARD).every((b) => b === 0xa5)).toBe(true);
    }
  }
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
};

describe('warp', () => {
  it('samples where the field says, within a level, and nowhere else', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 12, max: 60 }),
        fc.integer({ min: 12, max: 60 }),
        fc.integer({ min: 3, max: 17 }),
        fc.double({ min: 0, max: 12, noNaN: true }),
        fc.integer(),
        fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 5 }))),
        (width, height, cell, reach, seed, [left, top, right, bottom]) => {
          const bench = new Bench();
          const [x0, y0, x1, y1] = [left, top, width - 1 - right, height - 1 - bottom];
          const columns = Math.ceil((x1 - x0) / cell) + 3;
          const rows = Math.ceil((y1 - y0) / cell) + 3;
          // Smooth, as a field is, with a still part.
          const nodes = Float32Array.from({ length: columns * rows * 2 }, (_, i) => {
            const wave =
              Math.sin((i >> 1) * 0.31 + (i & 1) + seed) * Math.sin(Math.floor(i / 2 / columns) * 0.4 + seed);
            return wave > 0 ? reach * wave : 0;
          });
          const from = noise(width * height * 3, seed ^ 99);
          const source = bench.put(from);
          const to = bench.put(new Uint8Array(from.length).fill(7));
          const copy = bench.put(new Uint8Array(from.length).fill(7));
          const field = bench.put(nodes);
          bench.kernels.code.warp(source, width, height, to, copy, field, columns, rows, cell, x0, y0, x1, y1);
          bench.expectGuardsIntact();
          const result = bench.get(to, from.length);
          expect(bench.get(copy, from.length)).toEqual(result);
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
              const p = (y * width + x) * 3;
              if (x < x0 || x > x1 || y < y0 || y > y1) {
                expect(result[p]).toBe(7);
                continue;
              }
              const column = Math.floor((x - x0) / cell);
              const row = Math.floor((y - y0) / cell);
              const fx = (x - x0) / cell - column;
              const fy = (y - y0) / cell - row;
              const corner = (c: number): number => {
                const q = (row * columns + column) * 2 + c;
                const r = q + columns * 2;
                return (
                  (nodes[q] * (1 - fx) + nodes[q + 2] * fx) * (1 - fy) + (nodes[r] * (1 - fx) + nodes[r + 2] * fx) * fy
                );
              };
              const sx = Math.min(width - 1, Math.max(0, x + corner(0)));
              const sy = Math.min(height - 1, Math.max(0, y + corner(1)));
              const ix = Math.min(width - 2, Math.floor(sx));
              const iy = Math.min(height - 2, Math.floor(sy));
              const still = Math.hypot(corner(0), corner(1)) < 0.07;
              for (let c = 0; c < 3; c++) {
                const at = (i: number, j: number): number => from[((iy + j) * width + ix + i) * 3 + c];
                const wanted =
                  (at(0, 0) * (1 - sx + ix) + at(1, 0) * (sx - ix)) * (1 - sy + iy) +
                  (at(0, 1) * (1 - sx + ix) + at(1, 1) * (sx - ix)) * (sy - iy);
                // Positions and weights have 8 fractional bits; steep noise makes more than a rounding of them.
                expect(Math.abs(result[p + c] - wanted)).toBeLessThan(still ? 12 : 3);
              }
            }
          }
        },
      ),
      FUZZ,
    );
  });
});

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
        const bench = new Bench();
        const k = definition(matrix, limited);
        const luma = noise(width * height, seed);
        const u = noise((width * height) / 4, seed ^ 5);
        const v = noise((width * height) / 4, seed ^ 9);
        const pictures = [0, 1].map(() => bench.put(new Uint8Array(width * height * 3)));
        const planes = [luma, u, v].map((plane) => bench.put(plane));
        const [scale, rv, gu, gv, bu] = fixed(k.toRgb);
        bench.kernels.code.i420ToRgb(
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
        bench.expectGuardsIntact();
        const wanted = new Float64Array(width * height * 3);
        for (let i = 0; i < width * height; i++) {
          const chroma = Math.floor(Math.floor(i / width) / 2) * (width / 2) + ((i % width) >> 1);
          const [s, r, gFromU, gFromV, b] = k.toRgb;
          const y = (luma[i] - k.offset) * s;
          wanted[i * 3] = clampByte(y + r * (v[chroma] - 128));
          wanted[i * 3 + 1] = clampByte(y + gFromU * (u[chroma] - 128) + gFromV * (v[chroma] - 128));
          wanted[i * 3 + 2] = clampByte(y + b * (u[chroma] - 128));
        }
        const result = bench.get(pictures[0], wanted.length);
        expect(largestDifference(result, wanted)).toBeLessThanOrEqual(1);
        expect(bench.get(pictures[1], wanted.length)).toEqual(result);
      }),
      FUZZ,
    );
  });
});

describe('rgbToI420', () => {
  it('writes changed pixels by the matrix and leaves every other code value alone', () => {
    fc.assert(
      fc.property(frames, fc.integer({ min: 0, max: 255 }), ({ width, height, matrix, limited, seed }, share) => {
        const bench = new Bench();
        const k = definition(matrix, limited);
        const before = noise(width * height * 3, seed);
        const dice = noise(width * height * 3, seed ^ 77);
        const after = before.map((value, i) => (dice[i] < share / 4 ? (value + dice[i] + 1) & 255 : value));
        const planes = [width * height, (width * height) / 4, (width * height) / 4].map((n, i) =>
          noise(n, seed ^ (i + 3)),
        );
        const [luma, u, v] = planes.map((plane) => bench.put(plane));
        const [yr, yg, yb] = fixed(k.y);
        const [ur, ug, ub] = fixed(k.u);
        const [vr, vg, vb] = fixed(k.v);
        bench.kernels.code.rgbToI420(
          bench.put(after),
          bench.put(before),
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
        bench.expectGuardsIntact();
        const results = [luma, u, v].map((at, i) => bench.get(at, planes[i].length));
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
      FUZZ,
    );
  });

  it('keeps grey grey', () => {
    for (const matrix of MATRICES) {
      for (const limited of [true, false]) {
        const bench = new Bench();
        const k = definition(matrix, limited);
        const grey = Uint8Array.from({ length: 256 * 2 * 3 }, (_, i) => (Math.floor(i / 3) % 256) & 0xfe);
        const planes = [512, 128, 128].map((n) => bench.put(new Uint8Array(n)));
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
        bench.kernels.code.rgbToI420(
          bench.put(grey),
          bench.put(grey.map((x) => x ^ 1)),
          planes[0],
          planes[1],
          planes[2],
          256,
          2,
          k.offset,
          ...all,
        );
        expect(new Set([...bench.get(planes[1], 128), ...bench.get(planes[2], 128)])).toEqual(new Set([128]));
      }
    }
  });
});

describe('KernelMemory', () => {
  it('never hands out the same byte twice and reuses what came back', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 90_000 }))), (steps) => {
        const { memory } = createKernels();
        const buffers = Array.from({ length: 6 }, () => ({ buffer: memory.createBuffer(), size: 0 }));
        for (const [which, size] of steps) {
          const slot = buffers[which];
          if (size % 3 === 0) {
            slot.buffer.release();
            slot.size = 0;
          } else {
            slot.buffer.reserve(size);
            slot.size = Math.max(size, slot.size);
            slot.buffer.bytes(slot.size).fill(which + 1);
          }
          buffers.forEach(({ buffer, size: length }, i) => {
            expect(buffer.bytes(length).every((byte) => byte === i + 1)).toBe(true);
          });
        }
      }),
      FUZZ,
    );
    const { memory } = createKernels();
    const buffer = memory.createBuffer();
    const first = buffer.reserve(1000);
    buffer.release();
    expect(buffer.reserve(500)).toBe(first);
  });

  it('says so when there is no more', () => {
    const full = { buffer: new ArrayBuffer(65536), grow: () => expect.fail('unreachable') };
    const memory = new KernelMemory(
      {
        ...full,
        grow: () => {
          throw new RangeError('full');
        },
      },
      0,
    );
    expect(() => memory.createBuffer().reserve(70_000)).toThrow(expect.objectContaining({ code: 'INPUT_TOO_LARGE' }));
  });
});
