/** The weight files of TensorFlow.js, which face-api, nsfwjs and UpscalerJS share. */
import { z } from 'zod';
import { ownBuffer, productOf } from './weights.ts';

const quantizationSchema = z.object({ dtype: z.enum(['uint8', 'uint16']), scale: z.number(), min: z.number() });
const weightSchema = z.object({
  name: z.string(),
  shape: z.array(z.number()),
  dtype: z.enum(['float32', 'int32']),
  quantization: quantizationSchema.optional(),
});

/** `weightsManifest` of a model.json, or the whole of a face-api manifest. */
export const weightsManifestSchema = z.array(z.object({ weights: z.array(weightSchema) }));

type WeightSpec = z.infer<typeof weightSchema>;

/** Numbers of one weight. Integers (shapes, axes) are below 2^24 and therefore exact as floats. */
export interface TfjsWeight {
  readonly data: Float32Array;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
}

export type TfjsWeights = ReadonlyMap<string, TfjsWeight>;

/**
 * Cuts the concatenated weight files into tensors and widens what is quantized.
 * @throws Error when the manifest asks for more or fewer bytes than there are
 */
export function readTfjsWeights(manifest: z.infer<typeof weightsManifestSchema>, bytes: Uint8Array): TfjsWeights {
  const weights = new Map<string, TfjsWeight>();
  let offset = 0;
  for (const spec of manifest.flatMap((group) => group.weights)) {
    const count = productOf(spec.shape);
    const end = offset + count * bytesPerNumber(spec);
    if (end > bytes.length) throw new Error(`Expected ${end} bytes of weights, received ${bytes.length}.`);
    weights.set(spec.name, {
      data: decode(spec, ownBuffer(bytes.subarray(offset, end))),
      shape: spec.shape,
      dtype: spec.dtype,
    });
    offset = end;
  }
  if (offset !== bytes.length) throw new Error(`Expected ${offset} bytes of weights, received ${bytes.length}.`);
  return weights;
}

function bytesPerNumber({ quantization }: WeightSpec): number {
  if (!quantization) return 4;
  return quantization.dtype === 'uint8' ? 1 : 2;
}

function decode({ dtype, quantization }: WeightSpec, buffer: ArrayBuffer): Float32Array {
  if (!quantization) return dtype === 'int32' ? Float32Array.from(new Int32Array(buffer)) : new Float32Array(buffer);
  const levels = quantization.dtype === 'uint8' ? new Uint8Array(buffer) : new Uint16Array(buffer);
  const values = new Float32Array(levels.length);
  for (let i = 0; i < levels.length; i++) values[i] = levels[i] * quantization.scale + quantization.min;
  return dtype === 'int32' ? values.map(Math.round) : values;
}

/** Looks a weight up that must be there. */
export function weightNamed(weights: TfjsWeights, name: string): TfjsWeight {
  const weight = weights.get(name);
  if (!weight) throw new Error(`Expected a weight named ${name}.`);
  return weight;
}
