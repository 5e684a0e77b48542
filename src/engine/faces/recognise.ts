/** Identity: a face as a point on a sphere, near to other photos of the same person. */

import { type AlignmentTemplate, ARCFACE_112, DLIB_150 } from '../frames/alignment-templates.ts';
import { cropPicture, type Picture } from '../frames/picture.ts';
import { similarityBetween } from '../frames/similarity.ts';
import type { ModelSession, ModelStore } from '../inference/session.ts';

/**
 * `face_recognition` is face-api's (from dlib), 128 dimensions, the product's own. `fr_feature` is faceplugin's, 512
 * dimensions: sharper, but of undocumented origin, so it only gives second opinions.
 */
export type Recogniser = 'face_recognition' | 'fr_feature';

/** Cosine at which as many strangers pass as friends are refused: 59 faces, 197 same and 1514 different pairs. */
export const EQUAL_ERROR_COSINE: Readonly<Record<Recogniser, number>> = { face_recognition: 0.92, fr_feature: 0.44 };

const TEMPLATES: Readonly<Record<Recogniser, AlignmentTemplate>> = {
  face_recognition: DLIB_150,
  fr_feature: ARCFACE_112,
};

/** Embeds with buffers of its own; one call at a time. */
export interface FaceEmbedder {
  /**
   * @param landmarks5 5 x (x, y) as `landmarks5Of` gives them
   * @returns unit length, 128 or 512 values, owned by the caller
   * @throws FACE_DEGENERATE when the landmarks are collinear
   */
  embed(picture: Picture, landmarks5: ArrayLike<number>): Promise<Float32Array>;
}

/**
 * Opens a recogniser.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH or MODEL_UNREADABLE from the store
 */
export async function openFaceEmbedder(
  store: ModelStore,
  recogniser: Recogniser = 'face_recognition',
): Promise<FaceEmbedder> {
  const session = await store.session(recogniser);
  const template = TEMPLATES[recogniser];
  const crop = new Float32Array(template.size * template.size * 3);
  const run = recogniser === 'fr_feature' ? runFrFeature(session) : runFaceApi(session);
  return {
    async embed(picture, landmarks5) {
      const matrix = similarityBetween(template.points, landmarks5);
      cropPicture(picture, matrix, template.size, crop, 1, 0);
      return toUnitLength(await run(crop));
    },
  };
}

/** Opens a recogniser for one face. See `FaceEmbedder.embed`. */
export async function embedFace(
  store: ModelStore,
  picture: Picture,
  landmarks5: ArrayLike<number>,
  recogniser: Recogniser = 'face_recognition',
): Promise<Float32Array> {
  const embedder = await openFaceEmbedder(store, recogniser);
  return embedder.embed(picture, landmarks5);
}

/** RGB 0..255, rows of pixels; the model subtracts its own mean. */
const runFaceApi = (session: ModelSession) => async (crop: Float32Array) => {
  const { size } = DLIB_150;
  const output = await session.run({ input: { data: crop, dims: [1, size, size, 3] } });
  return output.output!.data;
};

/** BGR planes, (value - 127) / 128. In RGB order the same weights tell people apart far worse. */
function runFrFeature(session: ModelSession): (crop: Float32Array) => Promise<Float32Array> {
  const { size } = ARCFACE_112;
  const plane = size * size;
  const input = new Float32Array(plane * 3);
  return async (crop) => {
    for (let i = 0; i < plane; i++) {
      input[i] = (crop[i * 3 + 2]! - 127) / 128;
      input[plane + i] = (crop[i * 3 + 1]! - 127) / 128;
      input[2 * plane + i] = (crop[i * 3]! - 127) / 128;
    }
    const output = await session.run({ input: { data: input, dims: [1, 3, size, size] } });
    return output.output!.data;
  };
}

/** Scales a vector to length 1. Owned by the caller. */
export function toUnitLength(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const scale = sum > 0 ? 1 / Math.sqrt(sum) : 0;
  return vector.map((value) => value * scale);
}

/** Cosine of two embeddings of unit length, -1..1; higher is more alike. */
export function similarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  for (let i = 0; i < a.length; i++) dot += a[i]! * b[i]!;
  return dot;
}
