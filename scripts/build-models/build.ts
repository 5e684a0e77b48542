import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  MANIFEST_FILE,
  type ModelEntry,
  type ModelManifest,
  type ModelTensor,
} from '../../src/engine/models/manifest.ts';
import type { TensorContract } from './contract.ts';
import { PATHS } from './project-paths.ts';
import { readSource, sha256Of } from './read-source.ts';
import type { Recipe } from './recipe.ts';
import { RECIPES } from './recipes/index.ts';
import { hashInputs, installedVersion } from './up-to-date.ts';

export interface BuiltModel {
  readonly entry: ModelEntry;
  /** The file's content. */
  readonly bytes: Uint8Array;
}

/**
 * Makes one model in memory.
 * @throws MODEL_NOT_FOUND or MODEL_CORRUPT naming the package whose file is missing or another
 */
export function buildModel(recipe: Recipe): BuiltModel {
  const sources = [recipe.source, ...(recipe.companions ?? [])];
  const files = sources.map((source) => readSource(recipe.package, source));
  const bytes = recipe.kind === 'onnx' ? recipe.convert(files, recipe.contract) : recipe.convert(files);
  const { byteRange } = recipe.source;
  const common = {
    id: recipe.id,
    task: recipe.task,
    file: `${recipe.id}.${recipe.kind === 'onnx' ? 'onnx' : 'json'}`,
    bytes: bytes.length,
    sha256: sha256Of(bytes),
    source: {
      package: recipe.package,
      version: installedVersion(recipe.package) ?? 'unknown',
      file: recipe.source.file,
      ...(byteRange ? { byteRange: [byteRange[0], byteRange[1]] satisfies [number, number] } : {}),
      sha256: recipe.source.sha256,
      ...(recipe.companions ? { companions: recipe.companions.map(({ file, sha256 }) => ({ file, sha256 })) } : {}),
    },
    licence: recipe.licence,
  };
  if (recipe.kind === 'table') return { bytes, entry: { ...common, kind: 'table' } };
  const entry: ModelEntry = {
    ...common,
    kind: 'onnx',
    inputs: recipe.contract.inputs.map(toModelTensor),
    outputs: recipe.contract.outputs.map(toModelTensor),
    session: { graphOptimizationLevel: recipe.graphOptimizationLevel ?? 'all' },
  };
  return { bytes, entry };
}

function toModelTensor({ name, shape }: TensorContract): ModelTensor {
  return { name, dtype: 'float32', shape: [...shape] };
}

/**
 * Makes every model, writes them to `directory`, then the manifest, then removes what the manifest does not name.
 * Every file appears at once or not at all; an interrupted build leaves an old manifest, and the next one starts over.
 * A failed one leaves everything as it was.
 */
export function buildModels(directory: string = PATHS.models): ModelManifest {
  const built = RECIPES.map(buildModel);
  mkdirSync(directory, { recursive: true });
  for (const { entry, bytes } of built) writeAtOnce(join(directory, entry.file), bytes);
  const models = built.map(({ entry }) => entry);
  const manifest: ModelManifest = {
    format: 1,
    inputsHash: hashInputs(RECIPES.map((recipe) => recipe.package)),
    models,
  };
  writeAtOnce(join(directory, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  const wanted = new Set([MANIFEST_FILE, ...models.map((model) => model.file)]);
  for (const file of readdirSync(directory)) {
    if (!wanted.has(file)) rmSync(join(directory, file), { recursive: true });
  }
  return manifest;
}

/** Writes beside the target and renames, so that a reader never sees half a file. */
export function writeAtOnce(path: string, content: Uint8Array | string): void {
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content);
  renameSync(partial, path);
}
