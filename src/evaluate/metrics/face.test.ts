import { describe, expect, it } from 'vitest';
import { ellipticMesh, moved } from '../../../test/helpers/elliptic-mesh.ts';
import type { RgbImage } from '../../core/image.ts';
import { expressionError, openingError, openingLag, openingsOf } from './expression.ts';
import { flicker, lumaAtVertices, meshJitter } from './jitter.ts';
import { changeableRegion, outsideChange } from './outside-change.ts';
import { seam } from './seam.ts';

const SIZE = 400;
const mesh = ellipticMesh({ centreX: 200, centreY: 200, width: 100 });
const ALL = Array.from({ length: 478 }, (_, i) => i);

/** Grey from a function of x and y. */
function picture(level: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(SIZE * SIZE * 3);
  for (let i = 0; i < SIZE * SIZE; i++) data.fill(level(i % SIZE, Math.floor(i / SIZE)), i * 3, i * 3 + 3);
  return { data, width: SIZE, height: SIZE };
}

const insideOval = (x: number, y: number): boolean => ((x - 200) / 50) ** 2 + ((y - 200) / 70) ** 2 < 1;
const ramp = picture((x) => x / 2);

describe('expression', () => {
  it('is zero for equal meshes, and the shift over the inter-ocular distance of 60 for moved ones', () => {
    expect(expressionError(mesh, mesh)).toBe(0);
    expect(expressionError(mesh, moved(mesh, ALL, 3, 4))).toBeCloseTo(5 / 60, 5);
  });

  it('reads openings in inter-ocular distances, whatever place, size and turn', () => {
    const other = ellipticMesh({ centreX: 90, centreY: 120, width: 240, angle: 0.5 });
    const expected = [10 / 60, 40 / 60, 6 / 60, 6 / 60];
    for (const [i, value] of openingsOf(mesh).entries()) expect(value).toBeCloseTo(expected[i], 4);
    expect(openingError(mesh, other)).toBeCloseTo(0, 4);
  });

  it('averages the four openings and finds the worst lag, without the width of the mouth', () => {
    const shut = moved(mesh, [14], 0, -6);
    expect(openingError(mesh, shut)).toBeCloseTo(6 / 60 / 4, 4);
    expect(openingLag([mesh, shut], [mesh, mesh])).toBeCloseTo(6 / 60, 4);
    expect(openingLag([mesh], [moved(mesh, [291], 12, 0)])).toBe(0);
  });
});

describe('seam', () => {
  it('is 1 for an untouched picture', () => {
    expect(seam(ramp, ramp, mesh)).toBe(1);
  });

  it('sees an edge on the oval and no edge elsewhere', () => {
    const edged = picture((x, y) => x / 2 + (insideOval(x, y) ? 30 : 0));
    const inner = picture((x, y) => x / 2 + (Math.hypot(x - 200, y - 200) < 25 ? 30 : 0));
    expect(seam(ramp, edged, mesh)).toBeGreaterThan(3);
    expect(seam(ramp, inner, mesh)).toBe(1);
  });

  it('halves with the contrast of the border', () => {
    const steep = picture((x) => (x * 2) / 4);
    const flat = picture((x) => 2 * Math.floor(x / 8));
    expect(seam(steep, flat, mesh)).toBeCloseTo(0.5, 1);
  });

  it('has no ratio to a flat target but still tells new edges', () => {
    const grey = picture(() => 90);
    expect(seam(grey, grey, mesh)).toBe(1);
    expect(seam(grey, ramp, mesh)).toBe(Number.MAX_VALUE);
  });
});

describe('outside change', () => {
  it('ignores the mask with its margin and counts every pixel beyond', () => {
    const region = changeableRegion(mesh, ramp);
    const result: RgbImage = { ...ramp, data: ramp.data.slice() };
    const set = (x: number, y: number, by: number): void => {
      result.data[(y * SIZE + x) * 3 + 1] += by;
    };
    set(region.x0, region.y0, 50);
    set(region.x1 - 1, region.y1 - 1, 50);
    expect(outsideChange(ramp, result, [mesh])).toMatchObject({ changed: 0, largest: 0, mean: 0 });
    set(region.x0 - 1, region.y0, 7);
    set(3, 3, 2);
    const change = outsideChange(ramp, result, [mesh]);
    const inside = (region.x1 - region.x0) * (region.y1 - region.y0);
    expect(change).toMatchObject({ changed: 2, largest: 7, total: SIZE * SIZE - inside });
    expect(change.mean).toBeCloseTo(9 / (change.total * 3), 10);
  });
});

describe('jitter', () => {
  const still = Array.from({ length: 10 }, () => mesh);

  it('is zero at rest and for any motion of the head', () => {
    const turning = still.map((_, t) =>
      ellipticMesh({ centreX: 150 + t * t, centreY: 200 - 3 * t, width: 100 + t, angle: t / 20 }),
    );
    expect(meshJitter(still)).toBeCloseTo(0, 6);
    expect(meshJitter(turning)).toBeCloseTo(0, 4);
  });

  it('is the second difference of what moves in the face', () => {
    // One vertex swings by 2 pixels to either side: 4 from the mean of its neighbours in time.
    const trembling = still.map((shape, t) => moved(shape, [14], 0, t % 2 ? 2 : -2));
    expect(meshJitter(trembling)).toBeCloseTo(4 / 468 / 60, 5);
  });

  it('skips gaps and needs three frames in a row', () => {
    expect(meshJitter([mesh, mesh, undefined, mesh, mesh])).toBeUndefined();
    expect(meshJitter([undefined])).toBeUndefined();
  });

  it('measures flicker of light in levels', () => {
    const even = lumaAtVertices(
      picture(() => 100),
      mesh,
    );
    const bright = lumaAtVertices(
      picture(() => 104),
      mesh,
    );
    expect(flicker([even, even, even])).toBe(0);
    expect(flicker([even, bright, even, bright])).toBeCloseTo(4, 4);
    expect(flicker([even, bright])).toBeUndefined();
  });
});
