import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GuardedKernels, smoothNoise } from '../../../test/helpers/guarded-kernels.ts';

/** BT.709, limited range. */
const COLOUR = { offset: 16, luma: 1.164, redFromV: 1.793, greenFromU: -0.213, greenFromV: -0.533, blueFromU: 2.112 };

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** A plane, and its value at a place between its pixels. */
class Plane {
  readonly #values: Uint8Array;
  readonly width: number;
  readonly height: number;

  constructor(values: Uint8Array, width: number, height: number) {
    this.#values = values;
    this.width = width;
    this.height = height;
  }

  at(x: number, y: number): number {
    return this.#values[clamp(y, 0, this.height - 1) * this.width + clamp(x, 0, this.width - 1)];
  }

  contains(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.width && y < this.height;
  }

  bilinear(x: number, y: number): number {
    const [cx, cy] = [clamp(x, 0, this.width - 1), clamp(y, 0, this.height - 1)];
    const [ix, iy] = [Math.floor(cx), Math.floor(cy)];
    const [fx, fy] = [cx - ix, cy - iy];
    const top = this.at(ix, iy) * (1 - fx) + this.at(ix + 1, iy) * fx;
    return top * (1 - fy) + (this.at(ix, iy + 1) * (1 - fx) + this.at(ix + 1, iy + 1) * fx) * fy;
  }
}

it('samples by the formula, inside and outside of the frame', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 4, max: 13 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      fc.integer(),
      fc.tuple(...[-9, -9].map((low) => fc.integer({ min: low * 8, max: 160 }))),
      fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: -24, max: 24 }))),
      (halfWidth, halfHeight, size, samples, nearest, seed, [left, top], steps) => {
        const [width, height] = [halfWidth * 2, halfHeight * 2];
        // Whole steps between samples, and first samples that lie in the middle of two 64ths: no rounding decides.
        const unit = (samples * Math.max(1, samples >> 1) * 2) / 8;
        const [ax, ay, bx, by] = steps.map((step) => step * unit * 0.5);
        const [x0, y0] = [left / 8 + 1 / 64, top / 8 + 1 / 64];
        const bytes = smoothNoise(width * height * 1.5, seed);
        const count = width * height;
        const luma = new Plane(bytes.subarray(0, count), width, height);
        const u = new Plane(bytes.subarray(count, count * 1.25), halfWidth, halfHeight);
        const v = new Plane(bytes.subarray(count * 1.25), halfWidth, halfHeight);
        const guarded = new GuardedKernels();
        const from = guarded.put(bytes);
        const to = guarded.put(new Float32Array(size * size * 3));
        guarded.kernels.code.cropI420(
          from,
          from + count,
          from + count * 1.25,
          width,
          height,
          to,
          size,
          x0,
          y0,
          ax,
          ay,
          bx,
          by,
          samples,
          nearest ? 1 : 0,
          COLOUR.offset,
          COLOUR.luma,
          COLOUR.redFromV,
          COLOUR.greenFromU,
          COLOUR.greenFromV,
          COLOUR.blueFromU,
          0.5,
          3,
        );
        guarded.checkGuards();
        const result = new Float32Array(guarded.get(to, size * size * 12).buffer);
        for (let y = 0; y < size; y++) {
          for (let x = 0; x < size; x++) {
            const centre = [x0 + ax * x + bx * y, y0 + ay * x + by * y] as const;
            const places = (n: number): (readonly [number, number])[] =>
              Array.from({ length: n * n }, (_, k) => {
                const [i, j] = [((k % n) + 0.5) / n - 0.5, (Math.floor(k / n) + 0.5) / n - 0.5];
                return [centre[0] + ax * i + bx * j, centre[1] + ay * i + by * j];
              });
            let brightness = 0;
            let covered = 1;
            let chroma = [0, 0];
            if (samples === 1) {
              brightness = luma.bilinear(...centre);
              const isNear = centre[0] >= -0.5 && centre[0] <= width - 0.5;
              covered = nearest || (isNear && centre[1] >= -0.5 && centre[1] <= height - 0.5) ? 1 : 0;
              chroma = [u, v].map((plane) => plane.bilinear(centre[0] / 2 - 0.25, centre[1] / 2 - 0.25));
            } else {
              const pixels = places(samples).map(([px, py]) => [Math.floor(px + 0.5), Math.floor(py + 0.5)] as const);
              const counted = pixels.filter(([px, py]) => nearest || luma.contains(px, py));
              brightness = counted.reduce((sum, p) => sum + luma.at(...p), 0) / Math.max(1, counted.length);
              covered = counted.length / pixels.length;
              const blocks = places(Math.max(1, samples >> 1)).map(
                ([px, py]) => [Math.floor((px + 0.5) / 2), Math.floor((py + 0.5) / 2)] as const,
              );
              chroma = [u, v].map((plane) => blocks.reduce((sum, p) => sum + plane.at(...p), 0) / blocks.length);
            }
            const light = (brightness - COLOUR.offset) * COLOUR.luma;
            const [du, dv] = [chroma[0] - 128, chroma[1] - 128];
            const rgb = [
              light + COLOUR.redFromV * dv,
              light + COLOUR.greenFromU * du + COLOUR.greenFromV * dv,
              light + COLOUR.blueFromU * du,
            ];
            for (const [c, value] of rgb.entries()) {
              const wanted = clamp(value, 0, 255) * 0.5 * covered + 3;
              const got = result[(y * size + x) * 3 + c];
              if (!(Math.abs(got - wanted) < 0.2)) throw new Error(`${x}, ${y}, ${c}: expected ${wanted}, got ${got}`);
            }
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

it('writes a crop that is no multiple of four wide whole', () => {
  const guarded = new GuardedKernels();
  const grey = guarded.put(new Uint8Array(8 * 8 * 1.5).fill(128));
  const to = guarded.put(new Float32Array(5 * 5 * 3));
  guarded.kernels.code.cropI420(
    grey,
    grey + 64,
    grey + 80,
    8,
    8,
    to,
    5,
    1,
    1,
    1,
    0,
    0,
    1,
    1,
    0,
    0,
    1,
    1,
    1,
    1,
    1,
    1,
    0,
  );
  guarded.checkGuards();
  expect([...new Float32Array(guarded.get(to, 300).buffer)]).toEqual(Array(75).fill(128));
});
