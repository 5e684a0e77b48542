/** Finds 68 landmarks with models that the user has added. */
import type { Region } from '../../../core/image.ts';
import { cropByMatrix } from '../../frames/aligned-cropper.ts';
import { equaliseDark } from '../../frames/equalise-dark.ts';
import type { Picture } from '../../frames/picture.ts';
import { type Affine, applyAffine, invertAffine, similarityBetween } from '../../frames/similarity.ts';
import { toTensor } from '../../frames/tensor-pixels.ts';
import { type QuarterTurn, turnPicture } from '../../frames/turn-picture.ts';
import { WARP_TEMPLATES } from '../../frames/warp-templates.ts';
import type { ModelSession, ModelStore, Tensor } from '../../inference/session.ts';
import { createKernels } from '../../kernels/kernels.ts';
import { RegionPixels } from '../../kernels/region-pixels.ts';
import type { FaceLandmarkerFacts } from '../../models/catalogue/face-landmarkers.ts';

export interface PublishedLandmarkerOptions {
  /** Ids of the models. Of several, the first counts unless another is surer by more than 0.2. */
  readonly models: readonly string[];
  /** Landmarks with a lower score, 0..1, are not used. */
  readonly minimumScore: number;
}

/** What is known of a face before a landmarker looks at it. */
export interface KnownFace {
  readonly box: Region;
  /** 5 x (x, y) and 68 x (x, y) of the mesh. */
  readonly landmarks5: ArrayLike<number>;
  readonly landmarks68: ArrayLike<number>;
}

/** Looks at one face at a time, with buffers of its own. */
export interface FaceLandmarker {
  /** @returns 68 x (x, y), iBUG order, owned by the caller; undefined where the models are not sure enough */
  find(picture: Picture, face: KnownFace): Promise<Float32Array | undefined>;
}

interface Found {
  readonly points: Float32Array;
  readonly score: number;
}

const SIZE = 256;
/** Edge of the face in the crop. */
const FACE_SIZE = 195;
/** Models answer in pixels of a map of this edge. */
const MAP_SIZE = 64;
/** Mean answers that count as certain. */
const SURE_HEAT = 0.9;
const SURE_POINTS = 0.95;
/** By so much the other model must be surer. Source: FaceFusion 3.8.1, `detect_face_landmark`. */
const PREFERENCE = 0.2;

/** @throws what opening a model throws */
export async function openPublishedLandmarker(
  store: ModelStore,
  { models, minimumScore }: PublishedLandmarkerOptions,
): Promise<FaceLandmarker> {
  const opened: { readonly session: ModelSession; readonly decoding: FaceLandmarkerFacts['decoding'] }[] = [];
  for (const id of models) {
    const { decoding } = (await store.userModel(id)).model.facts as FaceLandmarkerFacts;
    opened.push({ session: await store.session(id), decoding });
  }
  let pixels: RegionPixels | undefined;
  const pixelsOf = (): RegionPixels => (pixels ??= new RegionPixels(createKernels()));

  return {
    async find(picture, face) {
      let best: Found | undefined;
      let view: View | undefined;
      for (const { session, decoding } of opened) {
        view ??= decoding === 'lift' ? undefined : viewOf(picture, face, pixelsOf);
        const found = decoding === 'lift' ? await lift(session, face) : await look(session, decoding, view!);
        if (found && (!best || found.score >= best.score + PREFERENCE)) best = found;
      }
      return best && best.score >= minimumScore ? best.points : undefined;
    },
  };
}

/** What a model is shown of a face, and the way back. */
interface View {
  readonly tensor: Tensor;
  readonly turnBack: Affine;
  readonly cropBack: Affine;
}

/** The face upright in the middle of a square; blue, green, red from 0 to 1. */
function viewOf(picture: Picture, { box, landmarks68 }: KnownFace, pixelsOf: () => RegionPixels): View {
  const scale = FACE_SIZE / Math.max(box.x1 - box.x0, box.y1 - box.y0, 1);
  const [x, y] = [(SIZE - (box.x0 + box.x1) * scale) / 2, (SIZE - (box.y0 + box.y1) * scale) / 2];
  const matrix: Affine = [scale, 0, x, 0, scale, y];
  const crop = cropByMatrix(picture, matrix, SIZE, pixelsOf, 'black');
  const { turned, back } = turnPicture(crop, turnOf(landmarks68));
  return { tensor: toTensor(equaliseDark(turned), { order: 'BGR' }), turnBack: back, cropBack: invertAffine(matrix) };
}

/** By which turn a face comes upright: from the direction in which its jaw runs. */
export function turnOf(landmarks68: ArrayLike<number>): QuarterTurn {
  const [first, last] = [0, 16];
  const dx = landmarks68[last * 2]! - landmarks68[first * 2]!;
  const dy = landmarks68[last * 2 + 1]! - landmarks68[first * 2 + 1]!;
  const degrees = (Math.atan2(dy, dx) * 180) / Math.PI;
  return ((((Math.round(degrees / 90) * 90) % 360) + 360) % 360) as QuarterTurn;
}

async function look(session: ModelSession, decoding: 'heat' | 'points', view: View): Promise<Found | undefined> {
  const result = await session.run({ input: view.tensor });
  const { data } = result[session.outputs[0]!.name]!;
  const score =
    decoding === 'heat'
      ? meanOfMaxima(result[session.outputs[1]!.name]!.data) / SURE_HEAT
      : meanOfThirds(data) / SURE_POINTS;
  const points = new Float32Array(68 * 2);
  for (let at = 0; at < 68; at++) {
    const [u, v] = [(data[at * 3]! / MAP_SIZE) * SIZE, (data[at * 3 + 1]! / MAP_SIZE) * SIZE];
    points.set(applyAffine(view.cropBack, ...applyAffine(view.turnBack, u, v)), at * 2);
  }
  if (!Number.isFinite(score) || !points.every(Number.isFinite)) return undefined;
  return { points, score: Math.min(1, Math.max(0, score)) };
}

/** Each of the 68 maps counts by its highest value. */
function meanOfMaxima(maps: ArrayLike<number>): number {
  const size = maps.length / 68;
  let sum = 0;
  for (let map = 0; map < 68; map++) {
    let highest = Number.NEGATIVE_INFINITY;
    for (let at = map * size; at < (map + 1) * size; at++) highest = Math.max(highest, maps[at]!);
    sum += highest;
  }
  return sum / 68;
}

function meanOfThirds(points: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < 68; at++) sum += points[at * 3 + 2]!;
  return sum / 68;
}

/** 68 points from five, brought to where FFHQ has them in a square of one. Such a guess has no score of its own. */
async function lift(session: ModelSession, { landmarks5 }: KnownFace): Promise<Found | undefined> {
  const matrix = similarityBetween(landmarks5, WARP_TEMPLATES.ffhq_512);
  const back = invertAffine(matrix);
  const input = new Float32Array(10);
  for (let at = 0; at < 10; at += 2) input.set(applyAffine(matrix, landmarks5[at]!, landmarks5[at + 1]!), at);
  const result = await session.run({ input: { data: input, dims: [1, 5, 2] } });
  const { data } = result[session.outputs[0]!.name]!;
  const points = new Float32Array(68 * 2);
  for (let at = 0; at < 136; at += 2) points.set(applyAffine(back, data[at]!, data[at + 1]!), at);
  return points.every(Number.isFinite) ? { points, score: 1 } : undefined;
}
