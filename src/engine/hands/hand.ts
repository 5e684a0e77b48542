/**
 * 21 landmarks of a hand, `Float32Array(21 * 3)` of x, y, z in pixels of the picture: wrist, then four points each of
 * thumb, index, middle, ring and little finger from the palm outwards.
 */
export type HandPoints = Float32Array;

/** Number of landmarks. */
export const HAND_POINT_COUNT = 21;

/** The rotated square in which the landmark model looks; at angle 0 the fingers point up. Radians, clockwise. */
export interface HandRegion {
  readonly centreX: number;
  readonly centreY: number;
  readonly size: number;
  readonly angle: number;
}

/** Landmarks by name, where a formula needs them. */
export const WRIST = 0;
export const INDEX_BASE = 5;
export const MIDDLE_BASE = 9;
export const RING_BASE = 13;
export const LITTLE_BASE = 17;

/** Width of the palm in pixels; from its length where the hand shows its edge. */
export function palmWidthOf(points: ArrayLike<number>): number {
  return Math.max(distance(points, INDEX_BASE, LITTLE_BASE), 0.62 * distance(points, WRIST, MIDDLE_BASE));
}

function distance(points: ArrayLike<number>, a: number, b: number): number {
  return Math.hypot(points[a * 3]! - points[b * 3]!, points[a * 3 + 1]! - points[b * 3 + 1]!);
}

/** Angle by which a hand is turned that points from (x0, y0) to (x1, y1): 0 for up, clockwise, -pi..pi. */
export function turnOf(x0: number, y0: number, x1: number, y1: number): number {
  return Math.atan2(x1 - x0, y0 - y1);
}
