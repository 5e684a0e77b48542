/** Where the head points: the rotation that brings the canonical face onto the mesh. */
import { AppError } from '../../core/errors.ts';
import { CANONICAL_FACE } from './canonical-face.ts';
import type { FaceMesh, Pose } from './face.ts';

/** Row-major. */
type Matrix3 = [number, number, number, number, number, number, number, number, number];

const DEGREES = 180 / Math.PI;
/** Newton's iteration doubles its correct digits each time; from a head's matrix it needs five or six. */
const MAXIMUM_ITERATIONS = 30;

/**
 * Yaw and pitch are where the nose points, roll is the turn of the eye line in the image, which turning the picture
 * would undo. Depth is the model's estimate: up to 45 degrees the angles hold within a few degrees, profiles come out
 * about ten degrees short.
 * @throws FACE_DEGENERATE when the mesh is not finite or has no extent
 */
export function poseOf(mesh: FaceMesh): Pose {
  const rotation = nearestRotation(correlation(mesh));
  // The canonical nose points towards the camera: (0, 0, -1).
  const noseX = -rotation[2];
  const noseY = -rotation[5];
  const noseZ = -rotation[8];
  return {
    yawDegrees: Math.atan2(noseX, -noseZ) * DEGREES,
    pitchDegrees: Math.asin(Math.min(1, Math.max(-1, noseY))) * DEGREES,
    rollDegrees: Math.atan2(rotation[3], rotation[0]) * DEGREES,
  };
}

/** Sum of weight * mesh * canonicalᵀ, both about their weighted middle. */
function correlation(mesh: FaceMesh): Matrix3 {
  let total = 0;
  const from = [0, 0, 0];
  const to = [0, 0, 0];
  for (const [vertex, weight, ...point] of CANONICAL_FACE) {
    total += weight;
    for (let axis = 0; axis < 3; axis++) {
      from[axis]! += weight * point[axis]!;
      to[axis]! += weight * mesh[vertex * 3 + axis]!;
    }
  }
  const sum: Matrix3 = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (const [vertex, weight, ...point] of CANONICAL_FACE) {
    for (let row = 0; row < 3; row++) {
      const value = weight * (mesh[vertex * 3 + row]! - to[row]! / total);
      for (let column = 0; column < 3; column++) {
        sum[row * 3 + column]! += value * (point[column]! - from[column]! / total);
      }
    }
  }
  return sum;
}

/**
 * The rotation closest to a matrix: the orthogonal factor of its polar decomposition.
 * @see Higham, "Computing the polar decomposition, with applications", 1986
 */
function nearestRotation(matrix: Matrix3): Matrix3 {
  const norm = Math.hypot(...matrix);
  let current = matrix.map((value) => (value / norm) * Math.sqrt(3)) as Matrix3;
  for (let i = 0; i < MAXIMUM_ITERATIONS; i++) {
    const inverse = inverseTransposed(current);
    let change = 0;
    current = current.map((value, k) => {
      const next = (value + inverse[k]!) / 2;
      change = Math.max(change, Math.abs(next - value));
      return next;
    }) as Matrix3;
    if (change < 1e-9) break;
  }
  return current;
}

function inverseTransposed([a, b, c, d, e, f, g, h, i]: Matrix3): Matrix3 {
  const cofactors: Matrix3 = [
    e * i - f * h,
    f * g - d * i,
    d * h - e * g,
    c * h - b * i,
    a * i - c * g,
    b * g - a * h,
    b * f - c * e,
    c * d - a * f,
    a * e - b * d,
  ];
  const determinant = a * cofactors[0] + b * cofactors[1] + c * cofactors[2];
  if (!(Math.abs(determinant) > 1e-12)) throw new AppError('FACE_DEGENERATE', 'The mesh has no extent.');
  return cofactors.map((value) => value / determinant) as Matrix3;
}
