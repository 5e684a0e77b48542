/** How much a look at a face is worth: large, from the front and sharp. */
import { boundsOf } from '../../engine/faces/boxes.ts';
import type { Pose } from '../../engine/faces/face.ts';
import { poseOf } from '../../engine/faces/pose.ts';
import type { TrackedFace } from '../../engine/faces/track.ts';
import { cropPicture, type Picture } from '../../engine/frames/picture.ts';
import { squareToImage } from '../../engine/frames/similarity.ts';

/** Longer side in pixels from which on more size tells no more; the recogniser looks at 150. */
const FULL_SIZE = 150;
/**
 * Below these a face may be looked at, but says little: at 24 pixels the same person falls to a cosine of 0.95, with
 * the head turned by half a right angle to 0.94; strangers reach as much.
 */
const GOOD_SIZE = 40;
const GOOD_YAW_DEGREES = 35;
const GOOD_PITCH_DEGREES = 30;
const GOOD_MESH_SCORE = 0.6;

const RADIANS = Math.PI / 180;

/** What is known of a face before a model is asked. */
export interface FaceView {
  /** Longer side in pixels. */
  readonly size: number;
  readonly pose: Pose;
  /** 0..1, larger is better; knows nothing of sharpness. */
  readonly worth: number;
  /** Large, frontal, whole and clear enough for an identity that counts. */
  readonly isGood: boolean;
}

/** @throws FACE_DEGENERATE when the mesh has no extent */
export function viewOf(
  { width, height }: Pick<Picture, 'width' | 'height'>,
  { rawMesh, meshScore }: Pick<TrackedFace, 'rawMesh' | 'meshScore'>,
): FaceView {
  const { x0, y0, x1, y1 } = boundsOf(rawMesh);
  const size = Math.max(x1 - x0, y1 - y0);
  const pose = poseOf(rawMesh);
  const frontal = Math.max(0, Math.cos(pose.yawDegrees * RADIANS) * Math.cos(pose.pitchDegrees * RADIANS));
  return {
    size,
    pose,
    worth: Math.min(1, size / FULL_SIZE) * frontal ** 2 * meshScore,
    isGood:
      size >= GOOD_SIZE &&
      x0 >= 0 &&
      y0 >= 0 &&
      x1 < width &&
      y1 < height &&
      meshScore >= GOOD_MESH_SCORE &&
      Math.abs(pose.yawDegrees) <= GOOD_YAW_DEGREES &&
      Math.abs(pose.pitchDegrees) <= GOOD_PITCH_DEGREES,
  };
}

/** Edge of the crop that sharpness is measured on. */
const SHARPNESS_SIZE = 64;
/** Sharpness of a face in focus, at which more counts for nothing; see `docs/people.md`. */
const FULL_SHARPNESS = 0.3;

/**
 * Detail of a face against its contrast, 0..1: the mean second difference of green over the mean deviation, so that
 * neither light nor skin matter.
 */
export function sharpnessOf(picture: Picture, { rawMesh }: Pick<TrackedFace, 'rawMesh'>): number {
  const { x0, y0, x1, y1 } = boundsOf(rawMesh);
  const edge = SHARPNESS_SIZE;
  const matrix = squareToImage((x0 + x1) / 2, (y0 + y1) / 2, Math.max(x1 - x0, y1 - y0), 0, edge);
  const crop = cropPicture(picture, matrix, edge, new Float32Array(edge * edge * 3), 1, 0);
  const green = (x: number, y: number): number => crop[(y * edge + x) * 3 + 1]!;
  let sum = 0;
  for (let i = 1; i < crop.length; i += 3) sum += crop[i]!;
  const mean = sum / (edge * edge);
  let detail = 0;
  let deviation = 0;
  for (let y = 1; y < edge - 1; y++) {
    for (let x = 1; x < edge - 1; x++) {
      const here = green(x, y);
      detail += Math.abs(4 * here - green(x - 1, y) - green(x + 1, y) - green(x, y - 1) - green(x, y + 1));
      deviation += Math.abs(here - mean);
    }
  }
  return deviation === 0 ? 0 : Math.min(1, detail / deviation / FULL_SHARPNESS);
}
