/** The sparse landmarks that other tools speak, read off the dense mesh. */
import type { FaceMesh } from './face.ts';

/**
 * Vertex of the mesh for each of the 68 iBUG points (300-W annotation order): jaw from image-left to right, brows, bridge
 * and base of the nose, eyes, outer lips, inner lips. Chosen on the mesh's own topology.
 */
const IBUG_VERTICES: readonly number[] = [
  162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389, 70, 63, 105, 66, 107, 336, 296,
  334, 293, 300, 168, 197, 5, 4, 75, 97, 2, 326, 305, 33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380, 61, 39,
  37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87,
];

/** Inner and outer corner of each eye, tip of the nose, corners of the mouth. */
const LEFT_EYE_CORNERS = [33, 133] as const;
const RIGHT_EYE_CORNERS = [362, 263] as const;
const NOSE_TIP = 4;
const LEFT_MOUTH_CORNER = 61;
const RIGHT_MOUTH_CORNER = 291;

/** 68 x (x, y) in pixels of the image, iBUG order. Owned by the caller. */
export function landmarks68Of(mesh: FaceMesh): Float32Array {
  const points = new Float32Array(68 * 2);
  for (let i = 0; i < 68; i++) {
    const vertex = IBUG_VERTICES[i]! * 3;
    points[i * 2] = mesh[vertex]!;
    points[i * 2 + 1] = mesh[vertex + 1]!;
  }
  return points;
}

/**
 * 5 x (x, y): middle of the image-left eye, of the image-right eye, nose tip, left and right mouth corner. The middle of
 * an eye is that of its corners and not the iris, so that the gaze does not turn the alignment. Owned by the caller.
 */
export function landmarks5Of(mesh: FaceMesh): Float32Array {
  const [leftA, leftB] = LEFT_EYE_CORNERS;
  const [rightA, rightB] = RIGHT_EYE_CORNERS;
  const middle = (a: number, b: number, axis: number): number => (mesh[a * 3 + axis]! + mesh[b * 3 + axis]!) / 2;
  const at = (vertex: number, axis: number): number => mesh[vertex * 3 + axis]!;
  return Float32Array.of(
    middle(leftA, leftB, 0),
    middle(leftA, leftB, 1),
    middle(rightA, rightB, 0),
    middle(rightA, rightB, 1),
    at(NOSE_TIP, 0),
    at(NOSE_TIP, 1),
    at(LEFT_MOUTH_CORNER, 0),
    at(LEFT_MOUTH_CORNER, 1),
    at(RIGHT_MOUTH_CORNER, 0),
    at(RIGHT_MOUTH_CORNER, 1),
  );
}

/**
 * Five points from the 68: the mean of the points around each eye, tip of the nose, corners of the mouth. Owned by the
 * caller. Source: FaceFusion 3.8.1, `convert_to_face_landmark_5`.
 */
export function landmarks5Of68(points: ArrayLike<number>): Float32Array {
  const mean = (from: number, axis: number): number => {
    let sum = 0;
    for (let i = from; i < from + 6; i++) sum += points[i * 2 + axis]!;
    return sum / 6;
  };
  const [leftEye, rightEye, nose, left, right] = [36, 42, 30, 48, 54] as const;
  const at = (index: number): readonly [number, number] => [points[index * 2]!, points[index * 2 + 1]!];
  return Float32Array.of(
    ...[mean(leftEye, 0), mean(leftEye, 1), mean(rightEye, 0), mean(rightEye, 1)],
    ...[...at(nose), ...at(left), ...at(right)],
  );
}
