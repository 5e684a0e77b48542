/** The openings of a face, eyes and mouth: pairs of vertices across them, from one corner to the other. */
import { EYE_OPENINGS, LIPS_INNER } from '../mesh-swap/vertex-sets.ts';

export interface OpeningPair {
  readonly upper: number;
  readonly lower: number;
}

/** A ring whose first and middle entries are its corners, with the lower edge between them. */
function pairsOf(ring: readonly number[]): readonly OpeningPair[] {
  const half = ring.length / 2;
  return Array.from({ length: half - 1 }, (_, k) => ({ lower: ring[k + 1], upper: ring[ring.length - 1 - k] }));
}

/** Left eye and right eye. */
export const LID_PAIRS: readonly (readonly OpeningPair[])[] = EYE_OPENINGS.map(pairsOf);
export const LIP_PAIRS: readonly OpeningPair[] = pairsOf(LIPS_INNER);

/** Distances across an opening in pixels, as x, y from the upper to the lower edge. */
export const gapsOf = (mesh: Float32Array, pairs: readonly OpeningPair[]): readonly (readonly [number, number])[] =>
  pairs.map(({ upper, lower }) => [mesh[lower * 3] - mesh[upper * 3], mesh[lower * 3 + 1] - mesh[upper * 3 + 1]]);

/** The largest distance across an opening, in pixels; edges that cross count as closed. */
export const openingOf = (mesh: Float32Array, pairs: readonly OpeningPair[], [x, y]: readonly number[]): number =>
  Math.max(0, ...gapsOf(mesh, pairs).map(([dx, dy]) => dx * x + dy * y));
