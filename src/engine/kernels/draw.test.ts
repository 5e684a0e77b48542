import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GuardedKernels, smoothNoise } from '../../../test/helpers/guarded-kernels.ts';

const WIDTH = 40;
const HEIGHT = 32;
const SIZE = 32;
/** Texels between two rows of the texture. */
const GAP = 3;
const DARK = 8;

interface Scene {
  /** 12 floats a vertex, as the kernel reads them. */
  readonly vertices: readonly (readonly number[])[];
  readonly triangles: readonly (readonly [number, number, number])[];
  readonly texture: Int16Array;
  readonly target: Uint8Array;
  /** 0..1 */
  readonly grain: number;
  readonly chroma: number;
}

const between = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
/** Between two values, often one of them. */
const mostly = (low: number, high: number): fc.Arbitrary<number> =>
  fc.oneof(fc.constant(low), fc.constant(high), between(low, high));

const vertex = fc
  .tuple(
    between(-8, WIDTH + 8),
    between(-8, HEIGHT + 8),
    between(-50, 50),
    fc.tuple(between(20, 260), between(20, 260), between(20, 260)),
    mostly(0, 1),
    fc.tuple(between(0.01, SIZE - 1.02), between(0.01, SIZE - 1.02)),
    mostly(0, 1),
    mostly(0, 1),
  )
  .map(([x, y, z, light, opacity, uv, suspicion, skin]) =>
    [x, y, z, 0, ...light, opacity, ...uv, suspicion, skin].map(Math.fround),
  );

const scenes: fc.Arbitrary<Scene> = fc
  .record({
    vertices: fc.array(vertex, { minLength: 9, maxLength: 9 }),
    seed: fc.integer(),
    translucent: fc.boolean(),
    grain: mostly(0, 1),
    chroma: fc.oneof(fc.constant(0), between(0, 0.5)),
  })
  .map(({ vertices, seed, translucent, grain, chroma }) => ({
    vertices,
    triangles: [
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
      [0, 4, 8],
    ],
    // Gentle, so that a rounded position is not a visible error.
    texture: Int16Array.from({ length: SIZE * SIZE * 4 }, (_, i) => {
      const wave = Math.sin((i >> 2) * 0.02 + (i & 3) + seed);
      return 4096 * ((i & 3) === 3 ? (translucent ? 0.5 + 0.6 * wave : 1) : 1 + 0.4 * wave);
    }).map((value, i) => ((i & 3) === 3 ? Math.min(4096, Math.max(0, value)) : value)),
    target: smoothNoise(WIDTH * HEIGHT * 3, seed),
    grain: Math.round(grain * 256) / 256,
    chroma: Math.round(chroma * 256) / 256,
  }));

/** The texture with something else between its rows. */
function withGaps(texture: Int16Array): Int16Array {
  const spread = new Int16Array((SIZE + GAP) * SIZE * 4).fill(-30000);
  for (let y = 0; y < SIZE; y++) {
    spread.set(texture.subarray(y * SIZE * 4, (y + 1) * SIZE * 4), y * (SIZE + GAP) * 4);
  }
  return spread;
}

function draw({ vertices, triangles, texture, target, grain, chroma }: Scene): Uint8Array {
  const guarded = new GuardedKernels();
  const { code } = guarded.kernels;
  const out = guarded.put(target);
  code.draw(
    guarded.put(target),
    out,
    WIDTH,
    HEIGHT,
    guarded.put(Float32Array.from(vertices.flat())),
    guarded.put(Uint16Array.from(triangles.flat())),
    triangles.length,
    guarded.put(withGaps(texture)),
    SIZE,
    SIZE + GAP,
    grain * 256,
    chroma * 256,
    DARK,
    guarded.put(new Uint8Array(code.drawScratchBytes(triangles.length))),
  );
  guarded.checkGuards();
  return guarded.get(out, target.length);
}

type Corner = readonly number[];
const areaOf = (a: Corner, b: Corner, c: Corner): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/**
 * The attributes at a pixel: `null` where no triangle lies, `undefined` where rounding may decide.
 * Of several triangles the nearest one counts.
 */
function attributesAt({ vertices, triangles }: Scene, x: number, y: number): number[] | null | undefined {
  const corners = triangles.map((t) => t.map((i) => vertices[i]) as [Corner, Corner, Corner]);
  const sign = corners.reduce((sum, t) => sum + areaOf(...t), 0) < 0 ? -1 : 1;
  let nearest = Number.POSITIVE_INFINITY;
  let found: number[] | null = null;
  for (const [a, b, c] of corners) {
    const area = areaOf(a, b, c);
    if (area * sign <= 0.01) continue;
    const p = [x, y];
    const weights = [areaOf(p, b, c) / area, areaOf(a, p, c) / area, areaOf(a, b, p) / area];
    const least = Math.min(...weights);
    if (least < -1e-3) continue;
    // Thin triangles magnify every rounding.
    if (least < 1e-3 || Math.abs(area) < 8) return undefined;
    const z = a[2] + b[2] + c[2];
    if (Math.abs(z - nearest) < 0.02) return undefined;
    if (z > nearest) continue;
    nearest = z;
    found = a.map((_, k) => a[k] * weights[0] + b[k] * weights[1] + c[k] * weights[2]);
  }
  return found;
}

function texel(texture: Int16Array, u: number, v: number, channel: number): number {
  const [x, y] = [Math.floor(u), Math.floor(v)];
  const at = (i: number, j: number): number => texture[((y + j) * SIZE + x + i) * 4 + channel] / 4096;
  const [fx, fy] = [u - x, v - y];
  return (at(0, 0) * (1 - fx) + at(1, 0) * fx) * (1 - fy) + (at(0, 1) * (1 - fx) + at(1, 1) * fx) * fy;
}

/** How surely the pixel is something in front: see the class comment of the kernel. */
function frontOf(pixel: readonly number[], light: readonly number[], suspicion: number): number {
  if (suspicion <= 0.02) return 0;
  const [r, g, b] = pixel.map((value, c) => (value + DARK) / light[c]) as [number, number, number];
  const luma = (r + 2 * g + b) / 4;
  const distance = (Math.abs(r - g) + 0.5 * Math.abs(b - g)) / (luma + 0.2);
  const most = Math.max(0, (0.74 - luma) * 4.5, (luma - 1.55) * 3, (distance - 0.2) * 4.5);
  return Math.min(1, most * suspicion * 1.25);
}

function expectedPixel(scene: Scene, x: number, y: number, attributes: readonly number[]): number[] {
  const { target, texture, grain, chroma } = scene;
  const [, , , , lr, lg, lb, opacity, u, v, suspicion, skin] = attributes as [number, ...number[]];
  const light = [lr, lg, lb];
  const at = (i: number, j: number, c: number): number => target[((y + j) * WIDTH + x + i) * 3 + c];
  const pixel = [0, 1, 2].map((c) => at(0, 0, c));
  const alpha = texel(texture, u, v, 3) * opacity * (1 - frontOf(pixel, light, suspicion));
  const edge = 4 * at(0, 0, 1) - at(-1, 0, 1) - at(1, 0, 1) - at(0, -1, 1) - at(0, 1, 1);
  const own = pixel.map((value, c) => value + DARK - light[c]);
  const grey = (own[0] + 2 * own[1] + own[2]) / 4;
  return pixel.map((value, c) => {
    const extra = (clamp(edge, -28, 28) * grain) / 4 + clamp((own[c] - grey) * chroma, -24, 24) * skin;
    const drawn = texel(texture, u, v, c) * light[c] - DARK + extra;
    return clamp(value + alpha * (drawn - value), 0, 255);
  });
}

it('draws the nearest triangle of each pixel, relit, within a level and a rounding', () => {
  let compared = 0;
  fc.assert(
    fc.property(scenes, (scene) => {
      const result = draw(scene);
      for (let y = 0; y < HEIGHT; y++) {
        for (let x = 0; x < WIDTH; x++) {
          const p = (y * WIDTH + x) * 3;
          const isBorder = x === 0 || y === 0 || x === WIDTH - 1 || y === HEIGHT - 1;
          const attributes = isBorder ? null : attributesAt(scene, x, y);
          if (attributes === undefined) continue;
          const wanted = attributes
            ? expectedPixel(scene, x, y, attributes)
            : [scene.target[p], scene.target[p + 1], scene.target[p + 2]];
          if (attributes) compared++;
          wanted.forEach((value, c) => {
            const tolerance = attributes ? 1.5 : 0;
            if (Math.abs(result[p + c] - value) > tolerance) {
              throw new Error(`${x}, ${y}, channel ${c}: expected ${value}, drawn ${result[p + c]}`);
            }
          });
        }
      }
    }),
    { numRuns: 500 },
  );
  // Scenes are random: some show few triangles.
  expect(compared).toBeGreaterThan(5_000);
});

it('survives vertices that are nowhere', () => {
  const wild = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1e30, 1e9, 0, 17);
  fc.assert(
    fc.property(scenes, fc.array(wild, { minLength: 24, maxLength: 24 }), (scene, values) => {
      const vertices = scene.vertices.map((v, i) => v.map((value, k) => (i < 2 ? values[i * 12 + k] : value)));
      expect(draw({ ...scene, vertices })).toHaveLength(scene.target.length);
    }),
    { numRuns: 100 },
  );
});
