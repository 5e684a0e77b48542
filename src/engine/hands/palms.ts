/** Palms in a square of a picture: MediaPipe's palm detector. */
import { cropPicture, type Picture } from '../frames/picture.ts';
import { squareToImage } from '../frames/similarity.ts';
import type { ModelStore } from '../inference/session.ts';
import { type HandRegion, turnOf } from './hand.ts';

const INPUT_SIZE = 192;
/** Regressors of an anchor: centre, size, seven points. */
const VALUES = 18;
/** MediaPipe, `palm_detection_cpu.pbtxt`: threshold and suppression of the same hand. */
const LEAST_SCORE = 0.5;
const SAME_PALM_OVERLAP = 0.3;
/** From the palm's box to the hand's square: shifted half its side towards the fingers, 2.6 times as large. */
const HAND_SHIFT = -0.5;
const HAND_SCALE = 2.6;
const MAXIMUM_SAMPLES = 4;
/** Points of a palm that lie on its axis: wrist, and base of the middle finger. */
const PALM_WRIST = 0;
const PALM_MIDDLE = 2;

/** Grids of anchors: cells along an edge, anchors a cell; each sits in the middle of its cell. */
const GRIDS = [
  [24, 2],
  [12, 6],
] as const;

const ANCHORS = Float32Array.from(
  GRIDS.flatMap(([cells, each]) =>
    Array.from({ length: cells * cells * each }, (_, i) => Math.floor(i / each)).flatMap((cell) => [
      ((cell % cells) + 0.5) / cells,
      (Math.floor(cell / cells) + 0.5) / cells,
    ]),
  ),
);

/** Where a hand is, for the landmark model. */
export interface FoundPalm {
  readonly score: number;
  readonly hand: HandRegion;
}

/** Detects with buffers of its own; one call at a time. */
export interface PalmDetector {
  /** Palms inside the square, best first. */
  detect(picture: Picture, square: { centreX: number; centreY: number; side: number }): Promise<FoundPalm[]>;
}

/**
 * Opens the light palm detector: 12 ms a look where the full one takes 14, and it finds the same hands in front of faces.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH or MODEL_UNREADABLE from the store
 */
export async function openPalmDetector(store: ModelStore): Promise<PalmDetector> {
  const session = await store.session('palm_detection_lite');
  const input = new Float32Array(INPUT_SIZE * INPUT_SIZE * 3);
  return {
    async detect(picture, { centreX, centreY, side }) {
      const matrix = squareToImage(centreX, centreY, side, 0, INPUT_SIZE);
      cropPicture(picture, matrix, INPUT_SIZE, input, 1 / 255, 0, { maximumSamples: MAXIMUM_SAMPLES });
      const output = await session.run({ input: { data: input, dims: [1, INPUT_SIZE, INPUT_SIZE, 3] } });
      const palms = decodePalms(output.boxes!.data, output.scores!.data);
      return palms.map(({ score, x, y, size, angle }) => {
        const scale = side / INPUT_SIZE;
        const [inputX, inputY] = [matrix[0] * (x - 0.5) + matrix[2], matrix[4] * (y - 0.5) + matrix[5]];
        const length = size * scale;
        return {
          score,
          hand: {
            centreX: inputX - HAND_SHIFT * length * Math.sin(angle),
            centreY: inputY + HAND_SHIFT * length * Math.cos(angle),
            size: length * HAND_SCALE,
            angle,
          },
        };
      });
    },
  };
}

interface RawPalm {
  readonly score: number;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly angle: number;
}

/** Reads the anchors, in edge coordinates of the input (0..192), and keeps one palm a hand. */
function decodePalms(boxes: Float32Array, scores: Float32Array): RawPalm[] {
  const threshold = -Math.log(1 / LEAST_SCORE - 1);
  const found: RawPalm[] = [];
  for (let i = 0; i < ANCHORS.length / 2; i++) {
    if (scores[i]! < threshold) continue;
    const at = i * VALUES;
    const anchorX = ANCHORS[2 * i]! * INPUT_SIZE;
    const anchorY = ANCHORS[2 * i + 1]! * INPUT_SIZE;
    const pointX = (point: number): number => boxes[at + 4 + 2 * point]! + anchorX;
    const pointY = (point: number): number => boxes[at + 5 + 2 * point]! + anchorY;
    found.push({
      score: 1 / (1 + Math.exp(-scores[i]!)),
      x: boxes[at]! + anchorX,
      y: boxes[at + 1]! + anchorY,
      size: Math.max(boxes[at + 2]!, boxes[at + 3]!),
      angle: turnOf(pointX(PALM_WRIST), pointY(PALM_WRIST), pointX(PALM_MIDDLE), pointY(PALM_MIDDLE)),
    });
  }
  found.sort((a, b) => b.score - a.score);
  const kept: RawPalm[] = [];
  for (const palm of found) if (kept.every((other) => squareOverlap(palm, other) < SAME_PALM_OVERLAP)) kept.push(palm);
  return kept;
}

function squareOverlap(a: RawPalm, b: RawPalm): number {
  const width = Math.min(a.x + a.size / 2, b.x + b.size / 2) - Math.max(a.x - a.size / 2, b.x - b.size / 2);
  const height = Math.min(a.y + a.size / 2, b.y + b.size / 2) - Math.max(a.y - a.size / 2, b.y - b.size / 2);
  const common = Math.max(0, width) * Math.max(0, height);
  return common / (a.size * a.size + b.size * b.size - common);
}
