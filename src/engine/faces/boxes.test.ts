import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Region } from '../../core/image.ts';
import { areaOf, containmentOf, overlapOf } from './boxes.ts';
import { type Candidate, mergeDetections } from './detect.ts';
import { finestGridFor, tilesOf } from './tiles.ts';

const box = (x0: number, y0: number, side: number): Region => ({ x0, y0, x1: x0 + side, y1: y0 + side });
const candidate = (region: Region, score: number, isCut = false): Candidate => ({
  box: region,
  score,
  leftEye: [0, 0],
  rightEye: [1, 0],
  isCut,
});

describe('overlap', () => {
  const anyBox = fc
    .tuple(fc.nat(100), fc.nat(100), fc.integer({ min: 1, max: 60 }))
    .map(([x, y, side]) => box(x, y, side));

  it('lies in 0..1, is symmetric, and never exceeds the containment', () => {
    fc.assert(
      fc.property(anyBox, anyBox, (a, b) => {
        const overlap = overlapOf(a, b);
        expect(overlap).toBe(overlapOf(b, a));
        expect(overlap).toBeGreaterThanOrEqual(0);
        expect(overlap).toBeLessThanOrEqual(containmentOf(a, b) + 1e-12);
        expect(containmentOf(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is known for simple cases', () => {
    expect(overlapOf(box(0, 0, 10), box(5, 0, 10))).toBeCloseTo(1 / 3);
    expect(containmentOf(box(0, 0, 10), box(2, 2, 3))).toBe(1);
    expect(overlapOf(box(0, 0, 10), box(10, 0, 10))).toBe(0);
    expect(areaOf({ x0: 5, y0: 0, x1: 2, y1: 9 })).toBe(0);
  });
});

describe('mergeDetections', () => {
  it('keeps the best of overlapping boxes, best first', () => {
    const merged = mergeDetections([
      candidate(box(0, 0, 100), 0.6),
      candidate(box(8, 4, 100), 0.9),
      candidate(box(300, 0, 50), 0.95),
    ]);
    expect(merged.map(({ score }) => score)).toEqual([0.95, 0.9]);
  });

  it('prefers a whole face to the part that a tile cut, whatever the score', () => {
    const merged = mergeDetections([candidate(box(40, 0, 60), 0.95, true), candidate(box(0, 0, 100), 0.6)]);
    expect(merged).toHaveLength(1);
    expect(merged[0]!.box).toEqual(box(0, 0, 100));
  });

  it('prefers a whole face to a part of it that looked like a face', () => {
    const merged = mergeDetections([candidate(box(30, 50, 30), 0.7), candidate(box(0, 0, 100), 0.65)]);
    expect(merged.map((found) => found.box)).toEqual([box(0, 0, 100)]);
  });

  it('keeps a cut face where nothing shows it whole', () => {
    expect(mergeDetections([candidate(box(0, 0, 50), 0.7, true)])).toHaveLength(1);
  });
});

describe('tilesOf', () => {
  it.each([
    [1920, 1080],
    [1080, 1920],
    [4000, 3000],
    [640, 480],
    [300, 2000],
  ])('covers every pixel of %i x %i at every level, without leaving the picture', (width, height) => {
    const tiles = tilesOf(width, height);
    const longer = Math.max(width, height);
    for (const side of new Set(tiles.map((tile) => tile.side))) {
      const level = tiles.filter((tile) => tile.side === side);
      const covered = (x: number, y: number): boolean =>
        level.some((t) => Math.abs(x - t.centreX) <= side / 2 && Math.abs(y - t.centreY) <= side / 2);
      for (let i = 0; i <= 20; i++) {
        for (let j = 0; j <= 20; j++) {
          expect(covered(((width - 1) * i) / 20, ((height - 1) * j) / 20)).toBe(true);
        }
      }
      if (side < Math.min(width, height)) {
        for (const tile of level) {
          expect(tile.centreX - side / 2).toBeGreaterThanOrEqual(-0.5 - 1e-6);
          expect(tile.centreX + side / 2).toBeLessThanOrEqual(width - 0.5 + 1e-6);
        }
      }
    }
    expect(tiles[0]!.side).toBe(longer);
  });

  it('looks at the whole only when asked to, and finer the larger the picture', () => {
    expect(tilesOf(1920, 1080, 1)).toHaveLength(1);
    expect(tilesOf(1000, 1000, 2)).toHaveLength(5);
    expect(tilesOf(1000, 1000, 3)).toHaveLength(1 + 4 + 9);
    expect(tilesOf(1000, 1000, 4)).toHaveLength(1 + 4 + 16);
    expect([200, 700, 1200, 1920].map((side) => finestGridFor(side, side))).toEqual([1, 2, 4, 8]);
  });

  it('knows what its inner borders cut, and that the picture ends there is no cut', () => {
    const tile = tilesOf(1000, 1000, 2)[1]!;
    expect(tile.isCutBy(box(100, 100, 100))).toBe(false);
    expect(tile.isCutBy(box(-20, 100, 100))).toBe(false);
    expect(tile.isCutBy(box(tile.side - 90, 100, 100))).toBe(true);
  });
});
