/** What a swapper is told of the person whose face is put in, as FaceFusion 3.8.1 computes it. */
import { AppError } from '../../core/errors.ts';
import { toUnitLength } from '../faces/recognise.ts';
import { cropMatrix, warpCrop } from '../frames/face-crop.ts';
import { isFiniteTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelStore, Tensor } from '../inference/session.ts';
import type { SwapIdentity } from '../models/catalogue/face-swappers.ts';
import type { SourcePhoto } from '../processors/processor.ts';
import { type ArcfaceEmbedder, type ArcfaceEmbedding, openArcfaceEmbedder } from './arcface-embedding.ts';

/** Weight at which the target's own identity counts for nothing. */
const NEUTRAL_WEIGHT = 0.5;
/** Share of the target's identity at weight 0; at weight 1 as much is taken away. */
const LARGEST_SHARE = 0.35;

/** Share of the target's identity in the vector, 0.35 at weight 0 to -0.35 at weight 1. */
export const targetShare = (weight: number): number =>
  Math.fround((LARGEST_SHARE * (NEUTRAL_WEIGHT - weight)) / NEUTRAL_WEIGHT);

/**
 * source * (1 - share) + target * share, number by number; the sum is not brought to unit length again.
 * @returns owned by the caller
 */
export const mixIdentity = (source: Float32Array, target: Float32Array, share: number): Float32Array =>
  source.map((value, at) => value * (1 - share) + target[at]! * share);

/** A vector times a square matrix, over the length that the vector had before. Owned by the caller. */
export function projectEmbedding(vector: Float32Array, matrix: Float32Array): Float32Array {
  const size = vector.length;
  const sums = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    const factor = vector[row]!;
    const start = row * size;
    for (let column = 0; column < size; column++) sums[column]! += factor * matrix[start + column]!;
  }
  const length = Math.hypot(...vector);
  return Float32Array.from(sums, (sum) => sum / length);
}

/** The mean of several vectors, number by number. Owned by the caller. */
export function meanVector(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let at = 0; at < mean.length; at++) mean[at]! += vector[at]! / vectors.length;
  return Float32Array.from(mean);
}

/** The input `source` of a swapper. */
export interface SourceIdentity {
  readonly tensor: Tensor;
  /** Absent where the identity is a picture, into which nothing can be mixed. */
  readonly embedder?: ArcfaceEmbedder;
}

/**
 * Reads the identity of the sources. Several embeddings are averaged; of pictures the first counts.
 * @param modelId the swapper, whose last tensor projects
 * @param sources at least one
 * @throws what opening the recogniser or a converter throws; MODEL_IO_MISMATCH where the swapper cannot project;
 *   INFERENCE_FAILED where a model gives numbers that are none
 */
export async function readSourceIdentity(
  store: ModelStore,
  modelId: string,
  identity: SwapIdentity,
  sources: readonly SourcePhoto[],
): Promise<SourceIdentity> {
  if (identity.kind === 'picture') {
    const { image, face } = sources[0]!;
    const matrix = cropMatrix(face.landmarks5, identity.template, identity.size);
    return { tensor: toTensor(warpCrop(image, matrix, identity.size)) };
  }
  const embedder = await openArcfaceEmbedder(store);
  const found: ArcfaceEmbedding[] = [];
  for (const { image, face } of sources) found.push(await embedder.embed(image, face.landmarks5));
  const raw = meanVector(found.map((embedding) => embedding.raw));
  const data = await vectorOf(store, modelId, identity, raw, meanVector(found.map(({ normalised }) => normalised)));
  const tensor: Tensor = { data, dims: [1, data.length] };
  if (!isFiniteTensor(tensor)) {
    throw new AppError('INFERENCE_FAILED', `Expected numbers for the identity of the source, received others.`, {
      hint: 'Check the files: facefusion models verify',
      details: { id: modelId },
    });
  }
  return { tensor, embedder };
}

async function vectorOf(
  store: ModelStore,
  modelId: string,
  identity: Extract<SwapIdentity, { kind: 'embedding' }>,
  raw: Float32Array,
  normalised: Float32Array,
): Promise<Float32Array> {
  switch (identity.from) {
    case 'normalised':
      return normalised;
    case 'projected': {
      const { dims, data } = await store.lastInitializer(modelId);
      if (dims.length === 2 && dims.every((size) => size === raw.length)) return projectEmbedding(raw, data);
      throw new AppError(
        'MODEL_IO_MISMATCH',
        `Expected a matrix of ${raw.length} x ${raw.length} as the last tensor of ${modelId}, received ${dims.join(' x ')}.`,
        { hint: 'Take the file that FaceFusion publishes: others have lost that matrix.', details: { id: modelId } },
      );
    }
    case 'converted': {
      const session = await store.session(identity.converter);
      const result = await session.run({ input: { data: raw, dims: [1, raw.length] } });
      const { data } = result[session.outputs[0]!.name]!;
      return identity.isUnitLength ? toUnitLength(data) : data;
    }
  }
}
