/** Where the vertices of a face go when its expression changes. */
import type { FaceMesh } from '../faces/face.ts';
import { clamp } from '../mesh-swap/curves.ts';
import { SURFACE_VERTEX_COUNT } from '../mesh-swap/rig.ts';
import type { ExpressionEdit } from './expression-edit.ts';
import { type FaceWeights, MOUTH } from './face-weights.ts';
import type { HeadFrame } from './head-frame.ts';
import { gapsOf, LID_PAIRS, LIP_PAIRS, type OpeningPair } from './openings.ts';

/** Share of a lid's movement that the upper lid makes, and of a lip's that the upper lip makes. */
const UPPER_LID_SHARE = 0.82;
const UPPER_LIP_SHARE = 0.35;
/** The upper lid's lashes cover the wet edge of the lower one: it goes past it by this share of the opening. */
const LID_OVERLAP = 0.12;
/** A lid that closes lies in front of the other by this much, in widths of the face. */
const LID_FORWARD = 0.03;
/** When the mouth is opened, the jaw does most of it. */
const UPPER_LIP_OPENS = 0.12;
const JAW_SHARE = 0.75;
/** A corner that rises is also drawn outwards, and takes the cheek along. */
const CORNER_OUTWARD = 0.45;
/** Half the width of the inner mouth in UV units. */
const INNER_HALF_WIDTH = 0.092;

/** A value along an opening at `u`: the mean of its pairs' values, near ones first. */
function along(weights: FaceWeights, pairs: readonly OpeningPair[], values: readonly number[], u: number): number {
  let sum = 0;
  let total = 1e-9;
  const width = Math.abs(weights.u[pairs[0].upper] - weights.u[pairs.at(-1)!.upper]) / pairs.length;
  pairs.forEach(({ upper, lower }, k) => {
    const t = (u - (weights.u[upper] + weights.u[lower]) / 2) / width;
    const weight = Math.exp(-2 * t * t) + 1e-6;
    sum += weight * values[k];
    total += weight;
  });
  return sum / total;
}

/** @returns the moved mesh; irises stay where they are. A new array. */
export function moveMesh(mesh: FaceMesh, weights: FaceWeights, frame: HeadFrame, edit: ExpressionEdit): FaceMesh {
  const moved = Float32Array.from(mesh);
  const { size, right, down } = frame;
  const { u: us, v: vs } = weights;
  for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
    const [u, v] = [us[i] - MOUTH.u, vs[i] - MOUTH.v];
    let x = weights.mouth[i] * (edit.mouthShift[0] + (edit.mouthWidth - 1) * clamp(u, -0.14, 0.14));
    let y = weights.mouth[i] * edit.mouthShift[1] + weights.lips[i] * (edit.lipHeight - 1) * clamp(v, -0.05, 0.055);
    for (const side of [0, 1] as const) {
      const rise = weights.corners[side][i] * edit.corners[side];
      x += (side === 0 ? -1 : 1) * CORNER_OUTWARD * rise;
      y -= rise + weights.brows[side][i] * edit.brows[side];
    }
    const t = u / INNER_HALF_WIDTH;
    const arch = Math.max(0, 1 - t * t) ** 0.8;
    y += edit.lipGap * (Math.max(weights.lowerLip[i] * arch, JAW_SHARE * weights.jaw[i]) * (1 - UPPER_LIP_OPENS));
    y -= edit.lipGap * UPPER_LIP_OPENS * weights.upperLip[i] * arch;
    moved[i * 3] += size * (x * right[0] + y * down[0]);
    moved[i * 3 + 1] += size * (x * right[1] + y * down[1]);
  }
  LID_PAIRS.forEach((pairs, side) => {
    const closed = 1 - edit.lids[side];
    if (closed === 0) return;
    const [upper, lower] = [weights.upperLids[side], weights.lowerLids[side]];
    const overlap = LID_OVERLAP * Math.max(0, closed) ** 3;
    closeOpening(mesh, moved, weights, { pairs, upper, lower }, closed, [
      UPPER_LID_SHARE + overlap,
      1 - UPPER_LID_SHARE,
    ]);
    if (closed < 0) return;
    for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) moved[i * 3 + 2] -= LID_FORWARD * size * upper[i] * closed;
  });
  if (edit.lips !== 1) {
    const { upperLip: upper, lowerLip: lower } = weights;
    closeOpening(mesh, moved, weights, { pairs: LIP_PAIRS, upper, lower }, 1 - edit.lips, [
      UPPER_LIP_SHARE,
      1 - UPPER_LIP_SHARE,
    ]);
  }
  return moved;
}

/** Where a lid's edge is taken from, outside of where the mesh has it, when it closes: its rim would show white. */
const LID_RIM = 0.3;

/** The mesh from which pixels are taken: the edges of lids that close lie a little further apart. A new array. */
export function sourceMesh(mesh: FaceMesh, edit: ExpressionEdit): FaceMesh {
  const source = Float32Array.from(mesh);
  LID_PAIRS.forEach((pairs, side) => {
    const rim = LID_RIM * Math.max(0, 1 - edit.lids[side]) ** 2;
    gapsOf(mesh, pairs).forEach((gap, k) => {
      for (const axis of [0, 1] as const) {
        source[pairs[k].upper * 3 + axis] -= rim * gap[axis];
        source[pairs[k].lower * 3 + axis] += rim * gap[axis];
      }
    });
  });
  return source;
}

interface Opening {
  readonly pairs: readonly OpeningPair[];
  readonly upper: Float32Array;
  readonly lower: Float32Array;
}

/** Moves both edges of an opening together by a share of their distance; a negative share moves them apart. */
function closeOpening(
  mesh: FaceMesh,
  moved: FaceMesh,
  weights: FaceWeights,
  { pairs, upper, lower }: Opening,
  share: number,
  [upperShare, lowerShare]: readonly [number, number],
): void {
  const gaps = gapsOf(mesh, pairs);
  const dx = gaps.map(([x]) => x);
  const dy = gaps.map(([, y]) => y);
  const edges = new Map<number, number>(
    pairs.flatMap((pair, k) => [[pair.upper, k] as const, [pair.lower, k] as const]),
  );
  for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
    const weight = upper[i] > 0 ? upper[i] * upperShare : -lower[i] * lowerShare;
    if (weight === 0) continue;
    // The edges meet exactly; the skin follows what is nearest.
    const pair = edges.get(i);
    const at = (values: readonly number[]): number =>
      pair === undefined ? along(weights, pairs, values, weights.u[i]) : values[pair];
    moved[i * 3] += share * weight * at(dx);
    moved[i * 3 + 1] += share * weight * at(dy);
  }
}
