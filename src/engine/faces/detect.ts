/** Face boxes and eyes: MediaPipe's full-range detector, over the whole picture and over tiles for small faces. */

import { cropPicture, type Picture } from '../frames/picture.ts';
import { type Affine, applyAffine, squareToImage } from '../frames/similarity.ts';
import type { ModelSession, ModelStore } from '../inference/session.ts';
import { areaOf, containmentOf, overlapOf } from './boxes.ts';
import type { FaceDetection } from './face.ts';
import { type Tile, tilesOf } from './tiles.ts';

/** Edge of the model's input in pixels, and cells along an edge of its grid. */
const INPUT_SIZE = 192;
const GRID = 48;
/** Regressors of a cell: centre, size, six points. */
const VALUES = 16;
/** Boxes that overlap more are one face (MediaPipe, `face_detection_full_range.pbtxt`). */
const SAME_FACE_OVERLAP = 0.3;
/** A box this much inside another is a part of it, seen by a tile that cut the face. */
const PART_CONTAINMENT = 0.6;
/** Sixteen samples a pixel find the same faces as all of the pixels of a 1920-pixel photo, four times as fast. */
const MAXIMUM_SAMPLES = 4;
/** Field of the second look, in boxes. */
const SECOND_LOOK_SCALE = 6;
/** Where to look when nothing surely stands upright. */
const FALLBACK_ANGLES = [90, 180, 270] as const;
/**
 * A face that lies on its side still scores up to 0.83, with eyes in the wrong place; the best upright face of each
 * sample photo scores 0.89 and above.
 */
const SURELY_UPRIGHT = 0.85;

/** Clockwise turn of a face in the picture that the detector should expect. */
export type DetectorAngle = 0 | 90 | 180 | 270;

export interface DetectOptions {
  /** Lowest score that counts as a face, 0..1. */
  readonly minimumScore: number;
  /** Turns to look for. By default upright, and the other three only when that finds nobody for sure. */
  readonly angles?: readonly DetectorAngle[];
  /**
   * Tiles along the longer side of the finest grid: 1 looks at the whole picture only (the fast way for video), 2 adds
   * 2x2 tiles, then 4 and 8; 3 adds 2x2 and 3x3. By default as many as the picture's size calls for.
   */
  readonly tiles?: number;
}

/** Detects with buffers of its own; one call at a time. */
export interface FaceDetector {
  /** Faces, best score first. */
  detect(picture: Picture, options: DetectOptions): Promise<FaceDetection[]>;
}

/**
 * Opens the detector.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH or MODEL_UNREADABLE from the store
 */
export async function openFaceDetector(store: ModelStore): Promise<FaceDetector> {
  const session = await store.session('face_detection_full_range');
  const input = new Float32Array(INPUT_SIZE * INPUT_SIZE * 3);

  const look = (picture: Picture, tile: Tile, angle: DetectorAngle, minimumScore: number): Promise<Candidate[]> =>
    lookAtTile(session, input, picture, tile, angle, minimumScore);

  const lookTurned = async (picture: Picture, options: DetectOptions, angle: DetectorAngle): Promise<Candidate[]> => {
    const tiles = tilesOf(picture.width, picture.height, options.tiles);
    const found: Candidate[] = [];
    for (const tile of tiles) found.push(...(await look(picture, tile, angle, options.minimumScore)));
    const merged = mergeDetections(found);
    if (tiles.length === 1) return merged;
    const confirmed: Candidate[] = [];
    for (const candidate of merged) {
      const again = await lookAgain(picture, candidate, angle, options.minimumScore);
      if (again) confirmed.push(again);
    }
    return confirmed;
  };

  /** Tries the other three turns: large faces first, small ones only when there is nobody at all. */
  const lookForTurned = async (
    picture: Picture,
    options: DetectOptions,
    upright: readonly Candidate[],
  ): Promise<Candidate[]> => {
    if (upright.some(({ score }) => score >= SURELY_UPRIGHT)) return [];
    const found: Candidate[] = [];
    for (const angle of FALLBACK_ANGLES) found.push(...(await lookTurned(picture, { ...options, tiles: 1 }, angle)));
    if (found.length > 0 || upright.length > 0 || options.tiles === 1) return found;
    for (const angle of FALLBACK_ANGLES) found.push(...(await lookTurned(picture, options, angle)));
    return found;
  };

  /**
   * Tiles show some faces too large, too small or cut. A look at the size that the detector likes best gives a better
   * box, and refuses what only chance made a face: of 22 sample faces none scored under 0.72 there, down to 21 pixels, of the
   * false ones none over 0.49.
   */
  const lookAgain = async (
    picture: Picture,
    { box }: Candidate,
    angle: DetectorAngle,
    minimumScore: number,
  ): Promise<Candidate | undefined> => {
    const side = SECOND_LOOK_SCALE * Math.max(box.x1 - box.x0, box.y1 - box.y0);
    const tile: Tile = {
      centreX: (box.x0 + box.x1) / 2,
      centreY: (box.y0 + box.y1) / 2,
      side,
      isCutBy: () => false,
    };
    const seen = mergeDetections(await look(picture, tile, angle, minimumScore));
    return seen.find((other) => containmentOf(other.box, box) > PART_CONTAINMENT);
  };

  return {
    async detect(picture, options) {
      const found: Candidate[] = [];
      for (const angle of options.angles ?? [0]) found.push(...(await lookTurned(picture, options, angle)));
      if (options.angles === undefined) found.push(...(await lookForTurned(picture, options, found)));
      return mergeDetections(found).map(({ isCut: _, ...detection }) => detection);
    },
  };
}

/** Opens the detector for one picture. See `FaceDetector.detect`. */
export async function detectFaces(
  store: ModelStore,
  picture: Picture,
  options: DetectOptions,
): Promise<FaceDetection[]> {
  const detector = await openFaceDetector(store);
  return detector.detect(picture, options);
}

/** A detection that knows whether the border of its tile cut it. */
export interface Candidate extends FaceDetection {
  readonly isCut: boolean;
}

async function lookAtTile(
  session: ModelSession,
  input: Float32Array,
  picture: Picture,
  tile: Tile,
  angle: DetectorAngle,
  minimumScore: number,
): Promise<Candidate[]> {
  const matrix = squareToImage(tile.centreX, tile.centreY, tile.side, (angle * Math.PI) / 180, INPUT_SIZE);
  cropPicture(picture, matrix, INPUT_SIZE, input, 1 / 127.5, -1, { maximumSamples: MAXIMUM_SAMPLES });
  const output = await session.run({ input: { data: input, dims: [1, INPUT_SIZE, INPUT_SIZE, 3] } });
  return decode(output.boxes!.data, output.scores!.data, matrix, tile, minimumScore);
}

/** Reads the grid: every regressor is in input pixels, positions relative to the middle of the cell. */
function decode(
  boxes: Float32Array,
  scores: Float32Array,
  matrix: Affine,
  tile: Tile,
  minimumScore: number,
): Candidate[] {
  // The sigmoid is monotonic: comparing before it saves two thousand exponentials.
  const threshold = minimumScore <= 0 ? Number.NEGATIVE_INFINITY : -Math.log(1 / minimumScore - 1);
  const scale = tile.side / INPUT_SIZE;
  const found: Candidate[] = [];
  for (let cell = 0; cell < GRID * GRID; cell++) {
    if (scores[cell]! < threshold) continue;
    // The middle of a cell, as an edge coordinate of the input; pixel centres lie half a pixel lower.
    const cellX = (((cell % GRID) + 0.5) * INPUT_SIZE) / GRID - 0.5;
    const cellY = ((Math.floor(cell / GRID) + 0.5) * INPUT_SIZE) / GRID - 0.5;
    const at = cell * VALUES;
    const point = (i: number): [number, number] =>
      applyAffine(matrix, boxes[at + i]! + cellX, boxes[at + i + 1]! + cellY);
    const [x, y] = point(0);
    // The boxes are square or nearly so: turning by quarters, the longer side serves both ways.
    const halfWidth = (boxes[at + 2]! * scale) / 2;
    const halfHeight = (boxes[at + 3]! * scale) / 2;
    const isSideways = Math.abs(matrix[1]) > Math.abs(matrix[0]);
    const halfX = isSideways ? halfHeight : halfWidth;
    const halfY = isSideways ? halfWidth : halfHeight;
    const box = { x0: x - halfX, y0: y - halfY, x1: x + halfX, y1: y + halfY };
    found.push({
      box,
      score: 1 / (1 + Math.exp(-scores[cell]!)),
      leftEye: point(4),
      rightEye: point(6),
      isCut: tile.isCutBy(box),
    });
  }
  return found;
}

/**
 * Leaves one detection a face: of overlapping ones the best, and of a whole face and its parts the whole. Best score
 * first.
 */
export function mergeDetections(candidates: readonly Candidate[]): Candidate[] {
  const order = [...candidates].sort((a, b) => Number(a.isCut) - Number(b.isCut) || b.score - a.score);
  const kept: Candidate[] = [];
  for (const candidate of order) {
    const rival = kept.findIndex(
      ({ box }) =>
        overlapOf(box, candidate.box) > SAME_FACE_OVERLAP || containmentOf(box, candidate.box) > PART_CONTAINMENT,
    );
    if (rival < 0) kept.push(candidate);
    else if (isWholeOf(candidate, kept[rival]!)) kept[rival] = candidate;
  }
  return kept.sort((a, b) => b.score - a.score);
}

/** A much larger, uncut box around a smaller one shows the face of which the smaller one is a part. */
function isWholeOf(larger: Candidate, smaller: Candidate): boolean {
  return !larger.isCut && larger.score >= 0.5 && areaOf(larger.box) > 2.5 * areaOf(smaller.box);
}
