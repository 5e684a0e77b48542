/** The list of model files that `scripts/build-models` writes beside them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';

const tensor = z.object({
  name: z.string(),
  dtype: z.string(),
  /** A string names a dimension that may vary. */
  shape: z.array(z.union([z.number(), z.string()])),
});

const entry = z.object({
  id: z.string(),
  kind: z.enum(['onnx', 'table']),
  task: z.string(),
  file: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  source: z.record(z.string(), z.unknown()),
  licence: z.object({
    spdx: z.string(),
    holder: z.string(),
    /** documented: the origin of the weights is known; declared: only the package's word stands for them. */
    tier: z.enum(['documented', 'declared']),
    basis: z.string(),
  }),
  inputs: z.array(tensor).optional(),
  outputs: z.array(tensor).optional(),
  session: z.object({ graphOptimizationLevel: z.enum(['disabled', 'basic', 'extended', 'all']) }).optional(),
});

const manifest = z.object({ schema: z.literal(1), models: z.array(entry) });

export type TensorContract = z.output<typeof tensor>;
export type ModelEntry = z.output<typeof entry>;
export type ModelManifest = z.output<typeof manifest>;

/**
 * Reads `manifest.json` of a model folder.
 * @throws MODEL_NOT_FOUND when there is none, MODEL_CORRUPT when it is not a manifest
 */
export async function readManifest(directory: string): Promise<ModelManifest> {
  const file = path.join(directory, 'manifest.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('MODEL_NOT_FOUND', `Expected the model manifest ${file}, found nothing.`, {
      hint: 'In a clone: npm run build:models. Elsewhere: install the package again, or set FACEFUSION_MODELS.',
      cause,
    });
  }
  try {
    return manifest.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('MODEL_CORRUPT', `Expected a model manifest in ${file}, found something else.`, {
      hint: 'In a clone: npm run build:models. Elsewhere: install the package again.',
      cause,
    });
  }
}
