/** How much of which expression: points of the motion space by the part of the face that they move. */
import { limitExpression } from './expression-limits.ts';

export type ExpressionArea = 'upper-face' | 'lower-face';

/** Source: FaceFusion 3.8.1. */
export const AREA_POINTS: Readonly<Record<ExpressionArea, readonly number[]>> = {
  'upper-face': [1, 2, 6, 10, 11, 12, 13, 15, 16],
  'lower-face': [3, 7, 14, 17, 18, 19, 20],
};
/** The factor at 100 percent: a little more than all of it. */
const FACTOR_AT_WHOLE = 1.2;

export interface ExpressionShare {
  /** 0..100 */
  readonly percent: number;
  readonly areas: readonly ExpressionArea[];
}

/**
 * `now` with a share of `wanted` in the chosen areas, within the limits of an expression; the points of neither area
 * stay. Each has 21 x (x, y, z). A new array.
 */
export function blendExpression(
  now: Float32Array,
  wanted: Float32Array,
  { percent, areas }: ExpressionShare,
): Float32Array {
  const factor = (percent / 100) * FACTOR_AT_WHOLE;
  const blended = Float32Array.from(now);
  for (const point of areas.flatMap((area) => AREA_POINTS[area])) {
    for (let at = point * 3; at < point * 3 + 3; at++) blended[at] = wanted[at]! * factor + now[at]! * (1 - factor);
  }
  return limitExpression(blended);
}
