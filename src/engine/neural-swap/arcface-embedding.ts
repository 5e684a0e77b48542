/** ArcFace embeddings, from which published swappers take the identity of a face. */
import type { RgbImage } from '../../core/image.ts';
import { toUnitLength } from '../faces/recognise.ts';
import { cropMatrix, warpCrop } from '../frames/face-crop.ts';
import { type PixelFormat, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelStore } from '../inference/session.ts';
import { SWAPPER_RECOGNIZER } from '../models/catalogue/face-swappers.ts';

/** The identity of a face as 512 numbers. */
export interface ArcfaceEmbedding {
  /** As the model gives it. */
  readonly raw: Float32Array;
  /** The same with unit length. */
  readonly normalised: Float32Array;
}

/** Embeds faces; one call at a time. */
export interface ArcfaceEmbedder {
  /**
   * @param landmarks5 5 x (x, y) in pixels of the image
   * @returns owned by the caller; its numbers are not finite where the model's are not
   * @throws FACE_DEGENERATE, INFERENCE_FAILED
   */
  embed(image: RgbImage, landmarks5: ArrayLike<number>): Promise<ArcfaceEmbedding>;
}

const TEMPLATE = 'arcface_112_v2';
const SIZE = 112;
/** value / 127.5 - 1 */
const FORMAT: PixelFormat = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

/**
 * Opens the user's ArcFace model.
 * @param id of that model, or of one of the user's own which is like it
 * @throws what opening a model throws
 */
export async function openArcfaceEmbedder(
  store: ModelStore,
  id: string = SWAPPER_RECOGNIZER,
): Promise<ArcfaceEmbedder> {
  const session = await store.session(id);
  const output = session.outputs[0]!.name;
  return {
    async embed(image, landmarks5) {
      const crop = warpCrop(image, cropMatrix(landmarks5, TEMPLATE, SIZE), SIZE);
      const raw = (await session.run({ input: toTensor(crop, FORMAT) }))[output]!.data;
      return { raw, normalised: toUnitLength(raw) };
    },
  };
}
