/** Models of the user's that are unusual, damaged or too large, through the store and ONNX Runtime itself. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataType, OnnxGraph } from '../../../scripts/build-models/onnx-graph.ts';
import { externalOnnx } from '../../../test/helpers/external-onnx.ts';
import { refusal } from '../../../test/helpers/make-media.ts';
import { writeUserModels } from '../../../test/helpers/user-model-folder.ts';
import { findCatalogueModel } from '../models/catalogue/catalogue.ts';
import type { CatalogueModel, TensorContract } from '../models/catalogue/catalogue-model.ts';
import { openUserSession } from './open-session.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from './session.ts';

let folder: string;
const stores: ModelStore[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facefusion-user-models-'));
});
afterEach(async () => {
  for (const store of stores.splice(0)) await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Published with an input `input` and an output of 512 numbers each. */
const VECTOR = 'crossface_ghost';
const ROW = 512;

async function open(bytes: Uint8Array, freeBytes?: () => number): Promise<ModelStore> {
  await writeUserModels(folder, [{ id: VECTOR, bytes }]);
  const store = await openModelStore({
    ...{ directory: defaultModelDirectory(), intraOpThreads: 1, userFolder: folder, licensePolicy: 'any' },
    ...(freeBytes ? { freeBytes } : {}),
  });
  stores.push(store);
  return store;
}

/** A graph that doubles: exact in every type. */
function doubling(type: DataType, shape: readonly (number | string)[] = [1, ROW], opset = 17): Uint8Array {
  const graph = new OnnxGraph(opset);
  const input = graph.input('input', shape, type);
  graph.output('output', graph.node('Add', [input, input]), shape, type);
  return graph.toBytes();
}

/** A contract with one input and one output of one row. */
const contract = (input: TensorContract['dtype'], output: TensorContract['dtype']): CatalogueModel => ({
  ...findCatalogueModel(VECTOR)!,
  inputs: [{ name: 'input', dtype: input, shape: [1, null] }],
  outputs: [{ name: 'output', dtype: output, shape: [1, null] }],
});

async function runDirectly(bytes: Uint8Array, model: CatalogueModel, values: readonly number[]): Promise<number[]> {
  const path = join(folder, 'direct.onnx');
  await writeFile(path, bytes);
  const session = await openUserSession({ id: VECTOR, model, path, bytes: bytes.length }, { intraOpThreads: 1 });
  try {
    const data = Float32Array.from(values);
    return [...(await session.run({ input: { data, dims: [1, data.length] } })).output!.data];
  } finally {
    await session.release();
  }
}

describe('types of tensors', () => {
  it.each<[DataType, number]>([
    ['float32', 2 ** -22],
    ['float64', 2 ** -22],
    // Eleven bits.
    ['float16', 2 ** -10],
  ])('%s goes in and out as numbers', async (type, precision) => {
    const session = await (await open(doubling(type))).session(VECTOR);
    const data = Float32Array.from({ length: ROW }, (_, at) => (at - 256) / 7 + 1e-5 * at);
    const result = (await session.run({ input: { data, dims: [1, ROW] } })).output!;
    expect(result.dims).toEqual([1, ROW]);
    expect(result.data).toBeInstanceOf(Float32Array);
    for (let at = 0; at < ROW; at++) {
      expect(Math.abs(result.data[at]! - 2 * data[at]!)).toBeLessThanOrEqual(
        Math.abs(2 * data[at]!) * precision + 1e-7,
      );
    }
  });

  it('float16 keeps its extremes: largest, smallest, infinity, NaN, ties to even', async () => {
    const values = [32752, 2 ** -24, 1 + 2 ** -11, 1 + 3 * 2 ** -11, Infinity, Number.NaN, -0.5];
    const result = await runDirectly(doubling('float16'), contract('float16', 'float16'), [
      ...values,
      ...new Array(ROW - values.length).fill(0),
    ]);
    expect(result.slice(0, 7)).toEqual([65504, 2 ** -23, 2, 2 * (1 + 2 ** -9), Infinity, Number.NaN, -1]);
  });

  it('int64 comes out as numbers: places of the largest', async () => {
    const graph = new OnnxGraph();
    const input = graph.input('input', [1, 'width']);
    graph.output('output', graph.node('ArgMax', [input], { axis: 1, keepdims: 1 }), [1, 1], 'int64');
    expect(await runDirectly(graph.toBytes(), contract('float32', 'int64'), [1, 9, 3])).toEqual([1]);
  });

  it('int64 and int32 go in as whole numbers', async () => {
    expect(await runDirectly(doubling('int64', [1, 'n']), contract('int64', 'int64'), [3, -4])).toEqual([6, -8]);
    expect(await runDirectly(doubling('int32', [1, 'n']), contract('int32', 'int32'), [3, -4])).toEqual([6, -8]);
  });
});

describe('sizes that a graph leaves open', () => {
  it('are up to the caller', async () => {
    const session = await (await open(doubling('float32', ['rows', 'columns']))).session(VECTOR);
    for (const width of [1, 7, ROW]) {
      const result = await session.run({ input: { data: new Float32Array(width).fill(3), dims: [1, width] } });
      expect(result.output).toMatchObject({ dims: [1, width], data: new Float32Array(width).fill(6) });
    }
  });
});

describe('a model that cannot be used', () => {
  it('needs newer operators: says which, and what this ONNX Runtime takes', async () => {
    const error = await refusal((await open(doubling('float32', [1, ROW], 99))).session(VECTOR));
    expect(error.code).toBe('MODEL_UNREADABLE');
    expect(error.message).toMatch(/\b99\b/);
    expect(error.message).toMatch(/\b26\b/);
    expect(error.hint).toContain('facefusion models add');
  });

  it('has lost the file with its numbers: names it', async () => {
    const error = await refusal((await open(externalOnnx('numbers.bin', ROW))).session(VECTOR));
    expect(error.code).toBe('MODEL_UNREADABLE');
    expect(error.message).toContain('numbers.bin');
  });

  it('is larger than the free memory: is refused before it is loaded', async () => {
    const bytes = doubling('float32');
    const store = await open(bytes, () => bytes.length);
    const error = await refusal(store.session(VECTOR));
    expect(error).toMatchObject({ code: 'MEMORY_LIMIT', exitCode: 6, details: { id: VECTOR, bytes: bytes.length } });
    expect(error.hint).toContain('smaller model');
    expect(store.opened()).toEqual([]);
  });

  it('takes more memory than there is while it runs: says what may help, and the session stays', async () => {
    const graph = new OnnxGraph();
    const input = graph.input('input', [1, ROW]);
    // A picture of 10^15 bytes where the first number is above 0.
    const first = graph.node('Slice', [input, graph.int64([0]), graph.int64([1]), graph.int64([1])]);
    const size = graph.node('Cast', [graph.node('Mul', [graph.node('Relu', [first]), graph.scalar(2.5e14)])], {
      to: 7,
    });
    const many = graph.node('ConstantOfShape', [graph.node('Reshape', [size, graph.int64([1])])]);
    const sum = graph.node('ReduceSum', [many], { keepdims: 0 });
    graph.output('output', graph.node('Add', [input, sum]), [1, ROW]);
    const session = await (await open(graph.toBytes())).session(VECTOR);
    const run = (value: number) => session.run({ input: { data: new Float32Array(ROW).fill(value), dims: [1, ROW] } });
    const error = await refusal(run(1));
    expect(error).toMatchObject({ code: 'INFERENCE_FAILED', details: { id: VECTOR } });
    expect(error.hint).toMatch(/memory/);
    expect(error.hint).toMatch(/kept/);
    expect((await run(-1)).output!.data[0]).toBe(-1);
  });
});
