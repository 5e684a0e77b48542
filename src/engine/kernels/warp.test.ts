import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GuardedKernels, smoothNoise } from '../../../test/helpers/guarded-kernels.ts';

it('samples where the field says, within a rounding, and nowhere else', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 12, max: 60 }),
      fc.integer({ min: 12, max: 60 }),
      fc.integer({ min: 3, max: 17 }),
      fc.double({ min: 0, max: 12, noNaN: true }),
      fc.integer(),
      fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 0, max: 5 }))),
      (width, height, cell, reach, seed, [left, top, right, bottom]) => {
        const guarded = new GuardedKernels();
        const [x0, y0, x1, y1] = [left, top, width - 1 - right, height - 1 - bottom];
        const columns = Math.ceil((x1 - x0) / cell) + 3;
        const rows = Math.ceil((y1 - y0) / cell) + 3;
        // Smooth, as a field is, with a still part.
        const nodes = Float32Array.from({ length: columns * rows * 2 }, (_, i) => {
          const wave = Math.sin((i >> 1) * 0.31 + (i & 1) + seed) * Math.sin(Math.floor(i / 2 / columns) * 0.4 + seed);
          return wave > 0 ? reach * wave : 0;
        });
        const from = smoothNoise(width * height * 3, seed ^ 99);
        const source = guarded.put(from);
        const to = guarded.put(new Uint8Array(from.length).fill(7));
        const field = guarded.put(nodes);
        guarded.kernels.code.warp(source, width, height, to, field, columns, rows, cell, x0, y0, x1, y1);
        guarded.checkGuards();
        const result = guarded.get(to, from.length);
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const p = (y * width + x) * 3;
            if (x < x0 || x > x1 || y < y0 || y > y1) {
              if (result[p] !== 7) throw new Error(`${x}, ${y} lies outside of the field and was written`);
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
              if (!(Math.abs(result[p + c] - wanted) < (still ? 12 : 3))) {
                throw new Error(`${x}, ${y}, channel ${c}: expected ${wanted}, sampled ${result[p + c]}`);
              }
            }
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

it('copies a part and nothing around it', () => {
  const [width, height] = [9, 7];
  const guarded = new GuardedKernels();
  const from = smoothNoise(width * height * 3, 5);
  const to = guarded.put(new Uint8Array(from.length).fill(7));
  guarded.kernels.code.copyPart(guarded.put(from), to, width, 2, 1, 9, 6);
  guarded.checkGuards();
  const expected = from.map((value, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return x >= 2 && y >= 1 && y < 6 ? value : 7;
  });
  expect(guarded.get(to, from.length)).toEqual(expected);
});
