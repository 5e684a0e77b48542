import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { similarity, toUnitLength } from '../../engine/faces/recognise.ts';
import { type ClusterItem, clusterItems } from './cluster.ts';

/** Unit vectors in the plane: their cosine is that of the angle between them. */
const at = (degrees: number, weight = 1, conflicts: readonly number[] = []): ClusterItem => {
  const angle = (degrees * Math.PI) / 180;
  return { meanEmbedding: Float32Array.of(Math.cos(angle), Math.sin(angle)), weight, conflicts: new Set(conflicts) };
};
const cosine = (degrees: number): number => Math.cos((degrees * Math.PI) / 180);

describe('clusterItems', () => {
  it('joins what is alike, whatever the order', () => {
    expect(clusterItems([at(0), at(90), at(2), at(91), at(45)], cosine(10))).toEqual([[0, 2], [1, 3], [4]]);
  });

  it('never joins what was seen at the same time', () => {
    expect(clusterItems([at(0, 1, [1]), at(1, 1, [0]), at(2)], cosine(10))).toEqual([[0], [1, 2]]);
    // All four lie within the limit, yet fall into two clusters.
    expect(clusterItems([at(0, 1, [1]), at(3.5, 1, [0]), at(2.4), at(0.9)], cosine(10))).toEqual([
      [0, 3],
      [1, 2],
    ]);
  });

  it('carries a conflict over to the whole cluster', () => {
    // 0 and 1 are joined first; 2 conflicts with 1 alone.
    expect(
      clusterItems(
        [at(0), at(0.5), at(1), at(80)].map((item, i) => ({
          ...item,
          conflicts: new Set(i === 1 ? [2] : i === 2 ? [1] : []),
        })),
        cosine(10),
      ),
    ).toEqual([[0, 1], [2], [3]]);
  });

  it('weighs looks: many at one place hold the mean there', () => {
    expect(clusterItems([at(0), at(8), at(16)], cosine(13))).toEqual([[0, 1, 2]]);
    expect(clusterItems([at(0, 9), at(8), at(16)], cosine(13))).toEqual([[0, 1], [2]]);
  });

  it('is average linkage: no two clusters are left whose looks are alike on average', () => {
    const vector = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 });
    const looks = fc.array(
      vector.filter((values) => values.some((value) => value !== 0)),
      { maxLength: 14 },
    );
    const conflict = fc.tuple(fc.nat(13), fc.nat(13));
    fc.assert(
      fc.property(looks, fc.array(conflict, { maxLength: 6 }), (vectors, pairs) => {
        const units = vectors.map((values) => toUnitLength(Float32Array.from(values)));
        const conflicts = units.map(
          (_, i) => new Set(pairs.flatMap(([a, b]) => (a === b ? [] : a === i ? [b] : b === i ? [a] : []))),
        );
        const items = units.map((meanEmbedding, i) => ({
          meanEmbedding,
          weight: 1,
          conflicts: new Set([...conflicts[i]!].filter((other) => other < units.length)),
        }));
        const groups = clusterItems(items, 0.7);
        expect(groups.flat().sort((a, b) => a - b)).toEqual(units.map((_, i) => i));
        const mean = (a: readonly number[], b: readonly number[]): number =>
          a.reduce((sum, i) => sum + b.reduce((part, j) => part + similarity(units[i]!, units[j]!), 0), 0) /
          (a.length * b.length);
        const conflicting = (a: readonly number[], b: readonly number[]): boolean =>
          a.some((i) => b.some((j) => items[i]!.conflicts.has(j)));
        for (const [i, a] of groups.entries()) {
          expect(conflicting(a, a)).toBe(false);
          for (const b of groups.slice(i + 1)) if (!conflicting(a, b)) expect(mean(a, b)).toBeLessThan(0.7 + 1e-5);
        }
      }),
    );
  });
});
