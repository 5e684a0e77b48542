/** The 21 points of a hand: MediaPipe's hand landmark model. */
import { cropPicture, type Picture } from '../frames/picture.ts';
import { squareToImage } from '../frames/similarity.ts';
import type { ModelStore } from '../inference/session.ts';
import {
  HAND_POINT_COUNT,
  type HandPoints,
  type HandRegion,
  INDEX_BASE,
  MIDDLE_BASE,
  RING_BASE,
  turnOf,
  WRIST,
} from './hand.ts';

const INPUT_SIZE = 224;
const MAXIMUM_SAMPLES = 3;
/** Wrist and the two lower joints of each finger: the part that does not swing with the fingertips. */
const STEADY_POINTS = [0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18] as const;
/** From their bounds to the next frame's square (MediaPipe, `hand_landmark_landmarks_to_roi.pbtxt`). */
const NEXT_SHIFT = -0.1;
const NEXT_SCALE = 2;

/** Owned by the caller. */
export interface FoundHand {
  readonly points: HandPoints;
  /** How sure the model is that it looks at a hand, 0..1. */
  readonly presence: number;
}

/** Finds points with buffers of its own; one call at a time. */
export interface HandFinder {
  find(picture: Picture, region: HandRegion): Promise<FoundHand>;
}

/**
 * Opens the light landmark model: 3.6 ms a hand where the full one takes 6.6.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH or MODEL_UNREADABLE from the store
 */
export async function openHandFinder(store: ModelStore): Promise<HandFinder> {
  const session = await store.session('hand_landmark_lite');
  const input = new Float32Array(INPUT_SIZE * INPUT_SIZE * 3);
  return {
    async find(picture, { centreX, centreY, size, angle }) {
      const matrix = squareToImage(centreX, centreY, size, angle, INPUT_SIZE);
      cropPicture(picture, matrix, INPUT_SIZE, input, 1 / 255, 0, { maximumSamples: MAXIMUM_SAMPLES });
      const output = await session.run({ input: { data: input, dims: [1, INPUT_SIZE, INPUT_SIZE, 3] } });
      const raw = output.landmarks!.data;
      const [a, b, c, d, e, f] = matrix;
      const points = new Float32Array(HAND_POINT_COUNT * 3);
      for (let i = 0; i < points.length; i += 3) {
        // The model counts from the corner of the first pixel, we from its middle.
        const x = raw[i]! - 0.5;
        const y = raw[i + 1]! - 0.5;
        points[i] = a * x + b * y + c;
        points[i + 1] = d * x + e * y + f;
        points[i + 2] = (raw[i + 2]! * size) / INPUT_SIZE;
      }
      return { points, presence: output.presence!.data[0]! };
    },
  };
}

/** Where to look in the next frame: upright along wrist and fingers' bases, around the steady part of the hand. */
export function nextHandRegion(points: HandPoints): HandRegion {
  const at = (point: number, axis: number): number => points[point * 3 + axis]!;
  // The middle finger counts twice, as in MediaPipe: half of (half of index and ring) and of the middle.
  const towards = (axis: number): number =>
    (at(INDEX_BASE, axis) + at(RING_BASE, axis)) / 4 + at(MIDDLE_BASE, axis) / 2;
  const angle = turnOf(at(WRIST, 0), at(WRIST, 1), towards(0), towards(1));
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  let minimumX = Number.POSITIVE_INFINITY;
  let maximumX = Number.NEGATIVE_INFINITY;
  let minimumY = Number.POSITIVE_INFINITY;
  let maximumY = Number.NEGATIVE_INFINITY;
  for (const point of STEADY_POINTS) {
    const x = at(point, 0) * cos + at(point, 1) * sin;
    const y = at(point, 1) * cos - at(point, 0) * sin;
    minimumX = Math.min(minimumX, x);
    maximumX = Math.max(maximumX, x);
    minimumY = Math.min(minimumY, y);
    maximumY = Math.max(maximumY, y);
  }
  const size = Math.max(maximumX - minimumX, maximumY - minimumY);
  const x = (minimumX + maximumX) / 2;
  const y = (minimumY + maximumY) / 2 + NEXT_SHIFT * size;
  return { centreX: x * cos - y * sin, centreY: x * sin + y * cos, size: size * NEXT_SCALE, angle };
}
