import { convexHull, fillPolygon } from './polygon.ts';
import { sharpenMask } from './sharpen-mask.ts';

export type FaceMaskArea = 'upper-face' | 'lower-face' | 'mouth';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Which of the 68 landmarks bound each area, as FaceFusion 3.8.1 groups them. */
const AREA_LANDMARKS: Readonly<Record<FaceMaskArea, readonly number[]>> = {
  'upper-face': [0, 1, 2, ...range(31, 35), 14, 15, 16, ...range(17, 26)],
  'lower-face': [...range(3, 13), ...range(31, 35)],
  mouth: range(48, 67),
};

/**
 * One hull around the landmarks of all areas together, softened.
 * @param landmarks68 68 x (x, y) in pixels of the crop; what is behind their point is cut off, as FaceFusion does
 * @returns `width * height` values, 0..1, owned by the caller
 */
export function areaMask(
  width: number,
  height: number,
  landmarks68: ArrayLike<number>,
  areas: readonly FaceMaskArea[],
): Float32Array {
  const points = areas
    .flatMap((area) => AREA_LANDMARKS[area])
    .flatMap((index) => [Math.trunc(landmarks68[2 * index]!), Math.trunc(landmarks68[2 * index + 1]!)]);
  const mask = new Float32Array(width * height);
  fillPolygon(mask, width, height, convexHull(points), 1);
  return sharpenMask(mask, width, height);
}
