/** A frame of reference that moves with the head, so that "up" is up for a tilted face as well. */
import type { FaceMesh } from '../faces/face.ts';
import { faceWidth } from '../mesh-swap/geometry.ts';
import {
  CHIN,
  FOREHEAD_TOP,
  LEFT_EYE_OUTER,
  LEFT_TEMPLE,
  RIGHT_EYE_OUTER,
  RIGHT_TEMPLE,
} from '../mesh-swap/vertex-sets.ts';

export type Vector3 = readonly [number, number, number];

export interface HeadFrame {
  /** Distance of the temples in pixels: the unit of what is measured in the frame. */
  readonly size: number;
  /** Unit vectors: towards the face's image-right side, and towards its chin. */
  readonly right: Vector3;
  readonly down: Vector3;
}

const unit = ([x, y, z]: Vector3): Vector3 => {
  const length = Math.sqrt(x * x + y * y + z * z) + 1e-9;
  return [x / length, y / length, z / length];
};
const dot = (a: Vector3, b: Vector3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export function headFrame(mesh: FaceMesh): HeadFrame {
  const between = (from: number, to: number): Vector3 => [
    mesh[to * 3] - mesh[from * 3],
    mesh[to * 3 + 1] - mesh[from * 3 + 1],
    mesh[to * 3 + 2] - mesh[from * 3 + 2],
  ];
  const temples = between(LEFT_TEMPLE, RIGHT_TEMPLE);
  const eyes = between(LEFT_EYE_OUTER, RIGHT_EYE_OUTER);
  const right = unit([temples[0] + eyes[0], temples[1] + eyes[1], temples[2] + eyes[2]]);
  const axis = between(FOREHEAD_TOP, CHIN);
  const along = dot(axis, right);
  const down = unit([axis[0] - along * right[0], axis[1] - along * right[1], axis[2] - along * right[2]]);
  return { size: faceWidth(mesh), right, down };
}
