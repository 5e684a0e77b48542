import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARCFACE_112, DLIB_150 } from './alignment-templates.ts';
import { applyAffine, invertAffine, similarityBetween, squareToImage } from './similarity.ts';

const coordinate = fc.double({ min: -2000, max: 2000, noNaN: true });

describe('similarityBetween', () => {
  it('recovers the turn, scale and shift that moved a template', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3.1, max: 3.1, noNaN: true }),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        coordinate,
        coordinate,
        (angle, scale, x, y) => {
          const [a, b] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
          const moved = ARCFACE_112.points.flatMap((_, i, all) =>
            i % 2 ? [] : applyAffine([a, -b, x, b, a, y], all[i]!, all[i + 1]!),
          );
          const found = similarityBetween(ARCFACE_112.points, moved);
          for (const [i, value] of [a, -b, x, b, a, y].entries()) expect(found[i]).toBeCloseTo(value, 6);
        },
      ),
    );
  });

  it('is the best of its neighbours where no similarity fits', () => {
    const to = DLIB_150.points.map((value, i) => value + (i % 3) * 4);
    const best = similarityBetween(DLIB_150.points, to);
    const error = (m: readonly number[]): number =>
      DLIB_150.points.reduce((sum, _, i, from) => {
        if (i % 2) return sum;
        const x = m[0]! * from[i]! + m[1]! * from[i + 1]! + m[2]!;
        const y = m[3]! * from[i]! + m[4]! * from[i + 1]! + m[5]!;
        return sum + (x - to[i]!) ** 2 + (y - to[i + 1]!) ** 2;
      }, 0);
    for (const change of [-0.01, 0.01]) {
      const [a, , c, b, , f] = best;
      expect(error([a + change, -b, c, b, a + change, f])).toBeGreaterThan(error(best));
      expect(error([a, -(b + change), c, b + change, a, f])).toBeGreaterThan(error(best));
      expect(error([a, -b, c + change, b, a, f])).toBeGreaterThan(error(best));
    }
  });

  it.each([
    ['one point five times', Array.from({ length: 10 }, () => 7)],
    ['a line', [0, 0, 1, 2, 2, 4, 3, 6, 4, 8]],
    ['not a number', [0, 0, 1, Number.NaN, 2, 4, 3, 6, 4, 9]],
  ])('refuses %s', (_, points) => {
    expect(() => similarityBetween(points, ARCFACE_112.points)).toThrow(
      expect.objectContaining({ code: 'FACE_DEGENERATE' }),
    );
  });
});

describe('invertAffine', () => {
  it('undoes a transform', () => {
    fc.assert(
      fc.property(coordinate, coordinate, fc.double({ min: 1, max: 900, noNaN: true }), (x, y, side) => {
        const matrix = squareToImage(x, y, side, 0.7, 192);
        const [u, v] = applyAffine(matrix, 12, 150);
        const [backX, backY] = applyAffine(invertAffine(matrix), u, v);
        expect(backX).toBeCloseTo(12, 6);
        expect(backY).toBeCloseTo(150, 6);
      }),
    );
  });

  it('refuses a matrix that flattens', () => {
    expect(() => invertAffine([1, 2, 0, 2, 4, 0])).toThrow(expect.objectContaining({ code: 'FACE_DEGENERATE' }));
  });
});

describe('squareToImage', () => {
  it('puts the middle of the crop on the centre, and turns clockwise', () => {
    const matrix = squareToImage(100, 50, 40, Math.PI / 2, 5);
    expect(applyAffine(matrix, 2, 2).map(Math.round)).toEqual([100, 50]);
    // The right border of the crop lies below the centre.
    const [x, y] = applyAffine(matrix, 4, 2);
    expect(x).toBeCloseTo(100, 6);
    expect(y).toBeCloseTo(66, 6);
  });
});
