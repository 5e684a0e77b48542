/** Finds faces with published detectors, one or several together. */
import type { RgbImage } from '../../../core/image.ts';
import { resizeBilinear } from '../../frames/resize-image.ts';
import { type Affine, applyAffine } from '../../frames/similarity.ts';
import { turnPicture } from '../../frames/turn-picture.ts';
import { toRgb } from '../../frames/yuv.ts';
import type { ModelSession, ModelStore } from '../../inference/session.ts';
import type { FaceDetectorFacts } from '../../models/catalogue/face-detectors.ts';
import { overlapOf } from '../boxes.ts';
import type { DetectorAngle, FaceDetector } from '../detect.ts';
import type { FaceDetection } from '../face.ts';
import { decodeAnchors, decodeYolo, decodeYunet, type RawDetection } from './decode-detections.ts';

/** How published detectors look. */
export interface PublishedDetectorOptions {
  /** Ids of the models; several look one after another and their faces are merged. */
  readonly models: readonly string[];
  /** Turns, counter-clockwise in degrees, at which faces are looked for. Default: upright only, as in FaceFusion. */
  readonly angles?: readonly DetectorAngle[] | undefined;
  /** Percent of the picture that is added around it, in black: half as many at each side. */
  readonly margin?: readonly [top: number, right: number, bottom: number, left: number];
}

/** Overlap from which two boxes are one face, by the number of turns; the lowest for several models. */
const OVERLAP_BY_TURNS = [0.4, 0.3, 0.2, 0.1] as const;
const OVERLAP_OF_MANY = 0.1;

interface OpenDetector {
  readonly session: ModelSession;
  readonly facts: FaceDetectorFacts;
}

/** @throws what opening a model throws */
export async function openPublishedDetector(
  store: ModelStore,
  { models, angles = [0], margin = [0, 0, 0, 0] }: PublishedDetectorOptions,
): Promise<FaceDetector> {
  const detectors: OpenDetector[] = [];
  for (const id of models) {
    detectors.push({
      session: await store.session(id),
      facts: (await store.userModel(id)).model.facts as FaceDetectorFacts,
    });
  }
  const overlap = models.length > 1 ? OVERLAP_OF_MANY : OVERLAP_BY_TURNS[Math.min(angles.length, 4) - 1]!;

  return {
    async detect(picture, { minimumScore }) {
      const image = toRgb(picture);
      const found: RawDetection[] = [];
      for (const angle of angles) {
        const { turned, back } = turnPicture(image, angle);
        const padded = pad(turned, margin);
        for (const detector of detectors) {
          for (const detection of await look(detector, padded.image, minimumScore)) {
            found.push(move(move(detection, [1, 0, -padded.left, 0, 1, -padded.top]), back));
          }
        }
      }
      return withoutOverlaps(found, overlap).map(toDetection);
    },
  };
}

/** Runs one model on a picture that is brought to its size, never enlarged, at the top left of a black canvas. */
async function look({ session, facts }: OpenDetector, image: RgbImage, minimumScore: number): Promise<RawDetection[]> {
  const [, , graphHeight, graphWidth] = session.inputs[0]!.shape;
  const width = typeof graphWidth === 'number' ? graphWidth : facts.size;
  const height = typeof graphHeight === 'number' ? graphHeight : facts.size;
  const scale = Math.min(1, width / image.width, height / image.height);
  const small =
    scale < 1 ? resizeBilinear(image, Math.trunc(image.width * scale), Math.trunc(image.height * scale)) : image;
  const plane = width * height;
  const { mean, deviation } = facts;
  const input = new Float32Array(plane * 3).fill(-mean / deviation);
  for (let y = 0; y < small.height; y++) {
    for (let x = 0; x < small.width; x++) {
      const from = (y * small.width + x) * 3;
      const to = y * width + x;
      for (let channel = 0; channel < 3; channel++) {
        input[channel * plane + to] = (small.data[from + 2 - channel]! - mean) / deviation;
      }
    }
  }
  const result = await session.run({ [session.inputs[0]!.name]: { data: input, dims: [1, 3, height, width] } });
  const outputs = session.outputs.map(({ name }) => result[name]!);
  const size = { width, height };
  const found =
    facts.decoding === 'anchors'
      ? decodeAnchors(outputs, size, minimumScore)
      : facts.decoding === 'yolo'
        ? decodeYolo(outputs, minimumScore)
        : decodeYunet(outputs, size, minimumScore);
  const [x, y] = [image.width / small.width, image.height / small.height];
  return found.map((detection) => move(detection, [x, 0, 0, 0, y, 0]));
}

function pad(
  image: RgbImage,
  [top, right, bottom, left]: readonly [number, number, number, number],
): { image: RgbImage; left: number; top: number } {
  const share = (size: number, percent: number): number =>
    Math.trunc((size * Math.min(100, Math.max(0, percent))) / 200);
  const [above, below] = [share(image.height, top), share(image.height, bottom)];
  const [before, after] = [share(image.width, left), share(image.width, right)];
  if (above + below + before + after === 0) return { image, left: 0, top: 0 };
  const [width, height] = [image.width + before + after, image.height + above + below];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    data.set(row, ((y + above) * width + before) * 3);
  }
  return { image: { data, width, height }, left: before, top: above };
}

/** A detection by way of a transform; boxes stay upright, around their corners. */
function move({ box, score, landmarks5 }: RawDetection, matrix: Affine): RawDetection {
  const corners = [box.x0, box.x1].flatMap((x) => [box.y0, box.y1].map((y) => applyAffine(matrix, x, y)));
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const points = Float32Array.from(landmarks5);
  for (let at = 0; at < points.length; at += 2) {
    const [x, y] = applyAffine(matrix, points[at]!, points[at + 1]!);
    points[at] = x;
    points[at + 1] = y;
  }
  const moved = { x0: Math.min(...xs), y0: Math.min(...ys), x1: Math.max(...xs), y1: Math.max(...ys) };
  return { box: moved, score, landmarks5: points };
}

/** Of boxes that overlap more, the one with the best score; best first. */
function withoutOverlaps(found: readonly RawDetection[], overlap: number): RawDetection[] {
  const kept: RawDetection[] = [];
  for (const detection of [...found].sort((a, b) => b.score - a.score)) {
    if (!kept.some(({ box }) => overlapOf(box, detection.box) > overlap)) kept.push(detection);
  }
  return kept;
}

const toDetection = ({ box, score, landmarks5 }: RawDetection): FaceDetection => ({
  ...{ box, score, landmarks5 },
  leftEye: [landmarks5[0]!, landmarks5[1]!],
  rightEye: [landmarks5[2]!, landmarks5[3]!],
});
