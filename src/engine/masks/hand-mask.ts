/** The built-in occlusion mask of a crop: the face as the mesh outlines it, but for the hands in front of it. */
import type { FaceMesh } from '../faces/face.ts';
import { resizePlane } from '../frames/resize-plane.ts';
import { type Affine, invertAffine } from '../frames/similarity.ts';
import type { HandMatte } from '../hands/hand-matte.ts';
import { faceOutline } from './face-outline.ts';
import { convexHull, depthInHull } from './polygon.ts';

/** Width of the soft edge, half of it on each side of the outline, in widths of the face. */
const FEATHER = 0.06;
/** At the hairline it is wider by this factor: where hair begins is a guess. */
const HAIRLINE_FEATHER = 3;
/** Edge of the grid on which the outline is drawn at most; its edge is soft, so that more would show nothing. */
const LARGEST_GRID = 128;

/**
 * The hull of the face, forehead included.
 * @param mesh in pixels of the crop
 * @returns `width * height` values, 0..1, owned by the caller
 */
export function faceHullMask(mesh: FaceMesh, width: number, height: number): Float32Array {
  const scale = Math.min(1, LARGEST_GRID / Math.max(width, height));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const outline = faceOutline(mesh);
  // Pixel centres: the middle of the first pixel of the grid is not that of the crop.
  const hull = convexHull(outline.points.map((value) => (value + 0.5) * scale - 0.5));
  if (hull.length < 6) return new Float32Array(width * height);
  const xs = hull.filter((_, at) => at % 2 === 0);
  const feather = Math.max(2, (Math.max(...xs) - Math.min(...xs)) * FEATHER);
  const mask = depthInHull(hull, w, h);
  for (let y = 0, at = 0; y < h; y++) {
    for (let x = 0; x < w; x++, at++) {
      const depth = mask[at]!;
      if (depth <= -feather * HAIRLINE_FEATHER) {
        mask[at] = 0;
        continue;
      }
      const rise = Math.min(Math.max(outline.riseAt((x + 0.5) / scale - 0.5, (y + 0.5) / scale - 0.5), 0), 1);
      const t = depth / (feather * (1 + (HAIRLINE_FEATHER - 1) * rise * rise)) + 0.5;
      mask[at] = t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t);
    }
  }
  return resizePlane(mask, w, h, width, height);
}

/**
 * Takes a hand out of a mask.
 * @param mask   `width * height` values, changed in place
 * @param toCrop from pixels of the picture that the matte belongs to, to pixels of the crop
 */
export function takeHandOut(mask: Float32Array, width: number, height: number, matte: HandMatte, toCrop: Affine): void {
  const [a, b, c, d, e, f] = invertAffine(toCrop);
  const { x0, y0, step, alpha } = matte;
  const [lastColumn, lastRow] = [matte.width - 1, matte.height - 1];
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (mask[at] === 0) continue;
      const u = (a * x + b * y + c - x0) / step;
      const v = (d * x + e * y + f - y0) / step;
      if (u < 0 || v < 0 || u > lastColumn || v > lastRow) continue;
      const column = Math.min(Math.floor(u), Math.max(0, lastColumn - 1));
      const row = Math.min(Math.floor(v), Math.max(0, lastRow - 1));
      const right = lastColumn > 0 ? 1 : 0;
      const below = lastRow > 0 ? matte.width : 0;
      const p = row * matte.width + column;
      const top = alpha[p]! + (alpha[p + right]! - alpha[p]!) * (u - column);
      const bottom = alpha[p + below]! + (alpha[p + below + right]! - alpha[p + below]!) * (u - column);
      mask[at]! *= 1 - (top + (bottom - top) * (v - row)) / 255;
    }
  }
}
