/** Networks of one or two nodes and folders of them, so that tests run real sessions without the real models. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataType, type Dimension, OnnxGraph } from '../../scripts/build-models/onnx-graph.ts';
import {
  MANIFEST_FILE,
  type ModelEntry,
  type ModelManifest,
  type ModelTensor,
  type OnnxModelEntry,
} from '../../src/engine/models/manifest.ts';

/** An ONNX file with one input `input` and one output `output`: every number times `factor`. */
export function scalingOnnx(shape: readonly Dimension[], factor: number): Uint8Array {
  const graph = new OnnxGraph();
  graph.output('output', graph.node('Mul', [graph.input('input', shape), graph.scalar(factor)]), shape);
  return graph.toBytes();
}

/** An ONNX file with inputs `left` and `right` and outputs `sum` and `difference`, all of one shape. */
export function sumOnnx(shape: readonly Dimension[]): Uint8Array {
  const graph = new OnnxGraph();
  const operands = [graph.input('left', shape), graph.input('right', shape)];
  graph.output('sum', graph.node('Add', operands), shape);
  graph.output('difference', graph.node('Sub', operands), shape);
  return graph.toBytes();
}

/** An ONNX file that passes one tensor of a type through. */
export function passingOnnx(shape: readonly Dimension[], type: DataType): Uint8Array {
  const graph = new OnnxGraph();
  graph.output('output', graph.node('Identity', [graph.input('input', shape, type)]), shape, type);
  return graph.toBytes();
}

export function float32Tensor(name: string, shape: readonly Dimension[]): ModelTensor {
  return { name, dtype: 'float32', shape: [...shape] };
}

/** A network for a folder: its bytes and what the manifest says of it. */
export interface TinyModel {
  readonly id: string;
  readonly bytes: Uint8Array;
  readonly inputs: readonly ModelTensor[];
  readonly outputs: readonly ModelTensor[];
}

/** `scalingOnnx` with a manifest entry that tells the truth. */
export function scalingModel(id: string, shape: readonly Dimension[], factor: number): TinyModel {
  return {
    id,
    bytes: scalingOnnx(shape, factor),
    inputs: [float32Tensor('input', shape)],
    outputs: [float32Tensor('output', shape)],
  };
}

export interface TinyFolder {
  readonly models?: readonly TinyModel[];
  /** Values of tables, by id. */
  readonly tables?: Readonly<Record<string, unknown>>;
}

/**
 * Writes a folder that `openModelStore` opens: files, and a manifest with their true hashes.
 * @param directory created where it is missing; the caller removes it
 */
export async function writeModelFolder(directory: string, folder: TinyFolder): Promise<ModelManifest> {
  await mkdir(directory, { recursive: true });
  const models: ModelEntry[] = [];
  for (const { id, bytes, inputs, outputs } of folder.models ?? []) {
    const entry: OnnxModelEntry = {
      ...commonFields(id, `${id}.onnx`, bytes),
      kind: 'onnx',
      inputs: [...inputs],
      outputs: [...outputs],
      session: { graphOptimizationLevel: 'all' },
    };
    await writeFile(join(directory, entry.file), bytes);
    models.push(entry);
  }
  for (const [id, value] of Object.entries(folder.tables ?? {})) {
    const bytes = new TextEncoder().encode(JSON.stringify(value));
    const entry: ModelEntry = { ...commonFields(id, `${id}.json`, bytes), kind: 'table' };
    await writeFile(join(directory, entry.file), bytes);
    models.push(entry);
  }
  const manifest: ModelManifest = { format: 1, inputsHash: '0'.repeat(64), models };
  await writeFile(join(directory, MANIFEST_FILE), JSON.stringify(manifest));
  return manifest;
}

function commonFields(id: string, file: string, bytes: Uint8Array): Omit<ModelEntry, 'kind'> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    id,
    task: 'test',
    file,
    bytes: bytes.length,
    sha256,
    source: { package: 'tiny', version: '1.0.0', file, sha256 },
    licence: { spdx: 'MIT', holder: 'test', tier: 'documented', basis: 'made by this test' },
  };
}
