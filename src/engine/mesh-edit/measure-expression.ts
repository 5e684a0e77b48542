/** Reads an expression off the mesh, so that two of them can be compared, and one brought towards the other. */
import type { FaceMesh } from '../faces/face.ts';
import { clamp } from '../mesh-swap/curves.ts';
import { BROWS, EYE_OPENINGS } from '../mesh-swap/vertex-sets.ts';
import { type ExpressionEdit, UNCHANGED } from './expression-edit.ts';
import { irisOf } from './eye-opening.ts';
import { headFrame } from './head-frame.ts';
import { LID_PAIRS, LIP_PAIRS, openingOf } from './openings.ts';

const [LEFT_CORNER, RIGHT_CORNER, UPPER_LIP, LOWER_LIP] = [61, 291, 0, 17];

/** In the order of `measureExpression`. */
const MEASURE = {
  brows: [0, 1],
  lids: [2, 3],
  gaze: [4, 6],
  corners: [8, 9],
  mouthWidth: 10,
  lips: 11,
} as const;
export const MEASURE_COUNT = 12;

/** The largest changes that still look like a face; units of `ExpressionEdit`. */
const LIMIT = { brow: 0.05, lids: 1.9, gazeX: 0.8, gazeY: 0.45, corner: 0.05, width: 0.2, gap: 0.07 } as const;
/** Below this, in widths of the eye or face, an opening is closed and cannot be stretched. */
const CLOSED = 0.008;

/**
 * Twelve numbers: rise of the brows over the eyes, opening of the lids over the width of the eye, both irises right and
 * down in radii, rise of the corners of the mouth over its middle, its width, opening of the lips; left before right, in
 * widths of the face.
 */
export function measureExpression(mesh: FaceMesh): Float64Array {
  const { size, right, down } = headFrame(mesh);
  const inHead = (x: number, y: number, axis: readonly number[]): number => x * axis[0] + y * axis[1];
  const at = (vertex: number, axis: readonly number[]): number => inHead(mesh[vertex * 3], mesh[vertex * 3 + 1], axis);
  const measures = new Float64Array(MEASURE_COUNT);
  for (const side of [0, 1] as const) {
    const [outer, inner] = [EYE_OPENINGS[side][0], EYE_OPENINGS[side][8]];
    const middle = (axis: readonly number[]): number => (at(outer, axis) + at(inner, axis)) / 2;
    const width = Math.abs(at(outer, right) - at(inner, right)) + 1e-6;
    const brow = BROWS[side].reduce((sum, vertex) => sum + at(vertex, down), 0) / BROWS[side].length;
    const iris = irisOf(mesh, side);
    measures[MEASURE.brows[side]] = (middle(down) - brow) / size;
    measures[MEASURE.lids[side]] = openingOf(mesh, LID_PAIRS[side], down) / width;
    measures[MEASURE.gaze[side]] = (inHead(iris.x, iris.y, right) - middle(right)) / (iris.radius + 1e-6);
    measures[MEASURE.gaze[side] + 1] = (inHead(iris.x, iris.y, down) - middle(down)) / (iris.radius + 1e-6);
    const corner = side === 0 ? LEFT_CORNER : RIGHT_CORNER;
    measures[MEASURE.corners[side]] = ((at(UPPER_LIP, down) + at(LOWER_LIP, down)) / 2 - at(corner, down)) / size;
  }
  measures[MEASURE.mouthWidth] = (at(RIGHT_CORNER, right) - at(LEFT_CORNER, right)) / size;
  measures[MEASURE.lips] = openingOf(mesh, LIP_PAIRS, down) / size;
  return measures;
}

export interface RestoredParts {
  readonly upper: boolean;
  readonly lower: boolean;
}

/**
 * What brings one expression towards another.
 * @param now        of the face that is to be changed
 * @param difference what the other one has more, number by number
 * @param factor     0 nothing .. 1 all of it
 */
export function editTowards(
  now: Float64Array,
  difference: ArrayLike<number>,
  factor: number,
  parts: RestoredParts,
): ExpressionEdit {
  const d = (index: number): number => factor * difference[index];
  const limited = (index: number, limit: number): number => clamp(d(index), -limit, limit);
  const ratio = (index: number, low: number, high: number): number =>
    now[index] < CLOSED ? 1 : clamp(1 + d(index) / now[index], low, high);
  const two = (f: (side: 0 | 1) => number): [number, number] => [f(0), f(1)];
  const gaze = (side: 0 | 1): [number, number] =>
    // A closed eye looks nowhere.
    Math.min(now[MEASURE.lids[side]], now[MEASURE.lids[side]] + difference[MEASURE.lids[side]]) < 0.1
      ? [0, 0]
      : [limited(MEASURE.gaze[side], LIMIT.gazeX), limited(MEASURE.gaze[side] + 1, LIMIT.gazeY)];
  const upper: Partial<ExpressionEdit> = {
    brows: two((side) => limited(MEASURE.brows[side], LIMIT.brow)),
    lids: two((side) => ratio(MEASURE.lids[side], 0, LIMIT.lids)),
    gaze: [gaze(0), gaze(1)],
  };
  const opens = d(MEASURE.lips) > 0;
  const lower: Partial<ExpressionEdit> = {
    corners: two((side) => limited(MEASURE.corners[side], LIMIT.corner)),
    mouthWidth: ratio(MEASURE.mouthWidth, 1 - LIMIT.width, 1 + LIMIT.width),
    lips: opens ? 1 : ratio(MEASURE.lips, 0, 1),
    lipGap: opens ? limited(MEASURE.lips, LIMIT.gap) : 0,
  };
  return { ...UNCHANGED, ...(parts.upper ? upper : {}), ...(parts.lower ? lower : {}) };
}
