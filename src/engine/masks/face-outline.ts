/** The outline of a face on its mesh. */
import type { FaceMesh } from '../faces/face.ts';
import { SURFACE_VERTEX_COUNT } from '../mesh-swap/rig.ts';
import { CHIN, FOREHEAD_TOP, LEFT_EYE_OUTER, RIGHT_EYE_OUTER } from '../mesh-swap/vertex-sets.ts';

/** The mesh ends in the middle of the forehead: what lies above the eyes is drawn out by this factor. */
const FOREHEAD = 1.3;

export interface FaceOutline {
  /** x, y … of all that is face, drawn out to the hairline; their hull is its outline, with the nose in profile too. */
  readonly points: Float32Array;
  /** How high a point lies between the eyes (0 and below) and the hairline (1), on this face's own upright axis. */
  riseAt(x: number, y: number): number;
}

/** @param mesh in any pixels; the outline is in the same */
export function faceOutline(mesh: FaceMesh): FaceOutline {
  const at = (vertex: number, axis: number): number => mesh[vertex * 3 + axis]!;
  const middle = (axis: number): number => (at(LEFT_EYE_OUTER, axis) + at(RIGHT_EYE_OUTER, axis)) / 2;
  const [x0, y0] = [middle(0), middle(1)];
  const [dx, dy] = [at(FOREHEAD_TOP, 0) - at(CHIN, 0), at(FOREHEAD_TOP, 1) - at(CHIN, 1)];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const heightOf = (x: number, y: number): number => (x - x0) * ux + (y - y0) * uy;
  const top = FOREHEAD * heightOf(at(FOREHEAD_TOP, 0), at(FOREHEAD_TOP, 1)) || 1;
  const points = new Float32Array(SURFACE_VERTEX_COUNT * 2);
  for (let vertex = 0; vertex < SURFACE_VERTEX_COUNT; vertex++) {
    const [x, y] = [at(vertex, 0), at(vertex, 1)];
    const more = Math.max(0, heightOf(x, y)) * (FOREHEAD - 1);
    points[2 * vertex] = x + more * ux;
    points[2 * vertex + 1] = y + more * uy;
  }
  return {
    points,
    riseAt: (x, y) => heightOf(x, y) / top,
  };
}
