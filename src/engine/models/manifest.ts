/** `models/manifest.json`: what every embedded model is, where it came from, what may be done with it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

const tensorSchema = z.object({
  name: z.string(),
  dtype: z.enum(['float32']),
  /** A string names a size that the caller chooses. */
  shape: z.array(z.union([z.number().int().positive(), z.string()])),
});

const sourceSchema = z.object({
  package: z.string(),
  version: z.string(),
  /** Path inside the package. */
  file: z.string(),
  /** First byte and the byte after the last, where the model is a part of the file. */
  byteRange: z.tuple([z.number(), z.number()]).optional(),
  /** Of the file, or of the part of it. */
  sha256: sha256Schema,
  /** Other files that the model was made from. */
  companions: z.array(z.object({ file: z.string(), sha256: sha256Schema })).optional(),
});

const licenceSchema = z.object({
  spdx: z.string(),
  holder: z.string(),
  /**
   * `documented`: whoever made the weights published them under this licence. `declared`: only the package says so;
   * such a model is never a default.
   */
  tier: z.enum(['documented', 'declared']),
  /** How the licence is known. */
  basis: z.string(),
});

const commonFields = {
  id: z.string(),
  task: z.string(),
  /** Name inside the models folder. */
  file: z.string(),
  bytes: z.number().int().positive(),
  sha256: sha256Schema,
  source: sourceSchema,
  licence: licenceSchema,
};

const onnxEntrySchema = z.object({
  ...commonFields,
  kind: z.literal('onnx'),
  inputs: z.array(tensorSchema),
  outputs: z.array(tensorSchema),
  session: z.object({ graphOptimizationLevel: z.enum(['all', 'extended', 'basic', 'disabled']) }),
});

/** A data file, in JSON. */
const tableEntrySchema = z.object({ ...commonFields, kind: z.literal('table') });

const manifestSchema = z.object({
  format: z.literal(1),
  /** Of everything that the files were built from; see scripts/build-models/up-to-date.ts. */
  inputsHash: sha256Schema,
  models: z.array(z.discriminatedUnion('kind', [onnxEntrySchema, tableEntrySchema])),
});

export type ModelTensor = z.infer<typeof tensorSchema>;
export type ModelLicence = z.infer<typeof licenceSchema>;
export type ModelSource = z.infer<typeof sourceSchema>;
export type OnnxModelEntry = z.infer<typeof onnxEntrySchema>;
export type TableEntry = z.infer<typeof tableEntrySchema>;
export type ModelEntry = OnnxModelEntry | TableEntry;
export type ModelManifest = z.infer<typeof manifestSchema>;

/** Name of the manifest inside the models folder. */
export const MANIFEST_FILE = 'manifest.json';

/** What to do when models are missing or damaged. */
export const MODELS_HINT = 'In a clone, run: npm run build:models. In an installed package, install it again.';

/**
 * Reads the manifest of a models folder.
 * @throws MODEL_NOT_FOUND when there is none, MODEL_CORRUPT when it is not a manifest
 */
export async function readManifest(directory: string): Promise<ModelManifest> {
  const path = join(directory, MANIFEST_FILE);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('MODEL_NOT_FOUND', `Expected a model manifest at ${path}.`, { hint: MODELS_HINT, cause });
  });
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('MODEL_CORRUPT', `Expected a model manifest in ${path}, received something else.`, {
      hint: MODELS_HINT,
      cause,
    });
  }
}

/**
 * The entry of a model.
 * @throws MODEL_NOT_FOUND naming the ids that exist
 */
export function findModel(manifest: ModelManifest, id: string): ModelEntry {
  const entry = manifest.models.find((model) => model.id === id);
  if (entry) return entry;
  const known = manifest.models.map((model) => model.id).join(', ');
  throw new AppError('MODEL_NOT_FOUND', `Expected a known model, received ${id}.`, { hint: `Known models: ${known}.` });
}
