/** How much of the target's expression a result keeps, read off two dense meshes. */
import type { FaceMesh } from '../../engine/faces/face.ts';
import { interOcular } from '../../engine/mesh-swap/geometry.ts';
import { SURFACE_VERTEX_COUNT } from '../../engine/mesh-swap/rig.ts';

/** Pairs of vertices whose distance is an opening: inner lips, mouth corners, lids of the image-left and -right eye. */
const OPENINGS = [
  [13, 14],
  [61, 291],
  [159, 145],
  [386, 374],
] as const;
/** The openings that change fast: all but the width of the mouth. */
const FAST_OPENINGS = [0, 2, 3] as const;

/** Mean distance of the 468 surface vertices in the image, in units of the target's inter-ocular distance; 0 is equal. */
export function expressionError(target: FaceMesh, result: FaceMesh): number {
  let sum = 0;
  for (let i = 0; i < SURFACE_VERTEX_COUNT * 3; i += 3) {
    sum += Math.hypot(target[i] - result[i], target[i + 1] - result[i + 1]);
  }
  return sum / SURFACE_VERTEX_COUNT / interOcular(target);
}

/** Mouth open, mouth width, image-left and image-right lid opening, each in units of the mesh's own inter-ocular distance. */
export function openingsOf(mesh: FaceMesh): readonly number[] {
  const unit = 1 / interOcular(mesh);
  return OPENINGS.map(([a, b]) => Math.hypot(mesh[a * 3] - mesh[b * 3], mesh[a * 3 + 1] - mesh[b * 3 + 1]) * unit);
}

/** Mean difference of the four openings; free of position, scale and most of the change of identity. */
export function openingError(target: FaceMesh, result: FaceMesh): number {
  const wanted = openingsOf(target);
  const got = openingsOf(result);
  return wanted.reduce((sum, value, i) => sum + Math.abs(value - got[i]), 0) / wanted.length;
}

/**
 * How far a smoothed mesh lags behind the raw one of the same frame in mouth and lids.
 * @returns the largest difference of the three fast openings over all frames, in inter-ocular distances
 */
export function openingLag(raw: readonly FaceMesh[], smoothed: readonly FaceMesh[]): number {
  let largest = 0;
  for (let frame = 0; frame < raw.length; frame++) {
    const wanted = openingsOf(raw[frame]);
    const got = openingsOf(smoothed[frame]);
    for (const i of FAST_OPENINGS) largest = Math.max(largest, Math.abs(wanted[i] - got[i]));
  }
  return largest;
}
