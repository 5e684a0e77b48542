import { execFile } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  float32Tensor,
  passingOnnx,
  scalingModel,
  scalingOnnx,
  sumOnnx,
  type TinyFolder,
  writeModelFolder,
} from '../../../test/helpers/tiny-onnx.ts';
import { type AppError, isAppError } from '../../core/errors.ts';
import { defaultModelDirectory, type ModelStore, openModelStore } from './session.ts';

let directory: string;
let stores: ModelStore[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'facefusion-models-'));
  stores = [];
});

afterEach(async () => {
  for (const store of stores) await store[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

async function open(folder?: TinyFolder): Promise<ModelStore> {
  if (folder) await writeModelFolder(directory, folder);
  const store = await openModelStore({ directory, intraOpThreads: 1 });
  stores.push(store);
  return store;
}

/** The AppError that a call ends with. */
async function failureOf(call: () => Promise<unknown>): Promise<AppError> {
  try {
    await call();
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

const doubling = scalingModel('doubling', [1, 3], 2);
const values = (...data: number[]) => ({ data: Float32Array.from(data), dims: [1, data.length] });

describe('a session', () => {
  it('runs a model and names its outputs', async () => {
    const store = await open({
      models: [
        {
          id: 'sum',
          bytes: sumOnnx([1, 2]),
          inputs: [float32Tensor('left', [1, 2]), float32Tensor('right', [1, 2])],
          outputs: [float32Tensor('sum', [1, 2]), float32Tensor('difference', [1, 2])],
        },
      ],
    });
    const session = await store.session('sum');
    const result = await session.run({ left: values(5, 7), right: values(1, 2) });
    expect(result.sum.data).toEqual(Float32Array.of(6, 9));
    expect(result.difference.data).toEqual(Float32Array.of(4, 5));
    expect(result.sum.dims).toEqual([1, 2]);
  });

  it('takes any size where the contract names one', async () => {
    const store = await open({ models: [scalingModel('any', [1, 'width'], 3)] });
    const session = await store.session('any');
    expect((await session.run({ input: values(1, 2) })).output.data).toEqual(Float32Array.of(3, 6));
    expect((await session.run({ input: values(1, 2, 3, 4) })).output.dims).toEqual([1, 4]);
  });

  it('sees what the caller wrote into its buffer since, and gives results that later runs leave alone', async () => {
    const session = await (await open({ models: [doubling] })).session('doubling');
    const input = values(1, 2, 3);
    const first = await session.run({ input });
    input.data[0] = 10;
    const second = await session.run({ input });
    expect([...first.output.data]).toEqual([2, 4, 6]);
    expect([...second.output.data]).toEqual([20, 4, 6]);
  });

  it.each([
    ['of another size', { input: values(1, 2) }],
    ['with another number of values than it says', { input: { data: new Float32Array(2), dims: [1, 3] } }],
    ['that lack an input', {}],
  ])('refuses feeds %s', async (_, feeds) => {
    const session = await (await open({ models: [doubling] })).session('doubling');
    const error = await failureOf(() => session.run(feeds));
    expect(error).toMatchObject({ code: 'INFERENCE_FAILED', details: { id: 'doubling' } });
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe('a store', () => {
  it('opens a model once, also when asked twice at the same time', async () => {
    const store = await open({ models: [doubling, scalingModel('other', [1], 1)] });
    const [first, second] = await Promise.all([store.session('doubling'), store.session('doubling')]);
    expect(second).toBe(first);
    expect(await store.session('doubling')).toBe(first);
    expect(store.opened().map(({ id }) => id)).toEqual(['doubling']);
  });

  it('reads a table once', async () => {
    const store = await open({ tables: { steps: { list: [1, 2] } } });
    const table = await store.table<{ list: number[] }>('steps');
    expect(table).toEqual({ list: [1, 2] });
    expect(await store.table('steps')).toBe(table);
  });

  it('forgets a failure, so that the next call tries again', async () => {
    const store = await open({ models: [doubling] });
    const file = join(directory, 'doubling.onnx');
    await rename(file, `${file}.away`);
    expect(await failureOf(() => store.session('doubling'))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(store.opened()).toEqual([]);
    await rename(`${file}.away`, file);
    expect((await store.session('doubling')).id).toBe('doubling');
  });

  it('releases its sessions when disposed, once or twice, and opens no more', async () => {
    const store = await open({ models: [doubling] });
    const session = await store.session('doubling');
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    expect(await failureOf(() => session.run({ input: values(1, 2, 3) }))).toMatchObject({ code: 'INFERENCE_FAILED' });
    expect(await failureOf(() => store.session('doubling'))).toMatchObject({ code: 'INTERNAL' });
  });

  it('releases a session that was still loading, and minds no failure', async () => {
    const store = await open({ models: [doubling, scalingModel('missing', [1], 1)] });
    await rm(join(directory, 'missing.onnx'));
    const loading = store.session('doubling');
    const failing = failureOf(() => store.session('missing'));
    await store[Symbol.asyncDispose]();
    const session = await loading;
    expect(await failureOf(() => session.run({ input: values(1, 2, 3) }))).toMatchObject({ code: 'INFERENCE_FAILED' });
    expect(await failing).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('is where the package has its models, unless a variable says otherwise', () => {
    expect(defaultModelDirectory({})).toBe(fileURLToPath(new URL('../../../models', import.meta.url)));
    expect(defaultModelDirectory({ FACEFUSION_MODELS: '' })).toBe(defaultModelDirectory({}));
    expect(defaultModelDirectory({ FACEFUSION_MODELS: '/elsewhere' })).toBe('/elsewhere');
  });

  it('loads ONNX Runtime with the first session and not before', async () => {
    await writeModelFolder(directory, { models: [doubling] });
    const script = `
      import { Module } from 'node:module';
      const { openModelStore } = await import(process.argv[1]);
      const isLoaded = () => Object.keys(Module._cache).some((file) => file.includes('onnxruntime-node'));
      const store = await openModelStore({ directory: process.argv[2], intraOpThreads: 1 });
      const before = isLoaded();
      await store.session('doubling');
      console.log(JSON.stringify([before, isLoaded()]));
      await store[Symbol.asyncDispose]();`;
    const module = new URL('./session.ts', import.meta.url).href;
    const options = ['--import', 'tsx', '--input-type=module', '--eval', script, module, directory];
    const { stdout } = await promisify(execFile)(process.execPath, options);
    expect(JSON.parse(stdout)).toEqual([false, true]);
  });
});

describe('what is missing or wrong is said by name', () => {
  it('no manifest: MODEL_NOT_FOUND', async () => {
    const error = await failureOf(() => open());
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(error.message).toContain(join(directory, 'manifest.json'));
    expect(error.hint).toContain('npm run build:models');
  });

  it.each(['', '{', '[]', '{"format":2}'])('the manifest %j: MODEL_CORRUPT', async (text) => {
    await writeFile(join(directory, 'manifest.json'), text);
    expect(await failureOf(() => open())).toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  it('an unknown id: MODEL_NOT_FOUND, with the known ones', async () => {
    const store = await open({ models: [doubling], tables: { steps: 1 } });
    for (const call of [() => store.session('tripling'), () => store.table('tripling')]) {
      const error = await failureOf(call);
      expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND' });
      expect(error.message).toContain('tripling');
      expect(error.hint).toContain('doubling');
    }
  });

  it('a table as network, a network as table: MODEL_NOT_FOUND', async () => {
    const store = await open({ models: [doubling], tables: { steps: 1 } });
    expect(await failureOf(() => store.session('steps'))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(await failureOf(() => store.table('doubling'))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('a missing file: MODEL_NOT_FOUND, with its path', async () => {
    const store = await open({ models: [doubling], tables: { steps: 1 } });
    await rm(join(directory, 'doubling.onnx'));
    await rm(join(directory, 'steps.json'));
    const error = await failureOf(() => store.session('doubling'));
    expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(error.message).toContain(join(directory, 'doubling.onnx'));
    expect(await failureOf(() => store.table('steps'))).toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('a changed file: MODEL_CORRUPT, with both hashes', async () => {
    const manifest = await writeModelFolder(directory, { models: [doubling], tables: { steps: 1 } });
    await appendFile(join(directory, 'doubling.onnx'), 'x');
    await appendFile(join(directory, 'steps.json'), '0');
    const store = await open();
    const error = await failureOf(() => store.session('doubling'));
    expect(error).toMatchObject({ code: 'MODEL_CORRUPT', details: { file: 'doubling.onnx' } });
    expect(error.message).toContain(manifest.models[0].sha256);
    expect(error.message).toMatch(/received [0-9a-f]{64}\./);
    expect(await failureOf(() => store.table('steps'))).toMatchObject({ code: 'MODEL_CORRUPT' });
  });

  it('a file that is no network: MODEL_UNREADABLE, with what ONNX Runtime says', async () => {
    const bytes = new TextEncoder().encode('this is no network');
    const store = await open({ models: [{ ...doubling, bytes }] });
    const error = await failureOf(() => store.session('doubling'));
    expect(error).toMatchObject({ code: 'MODEL_UNREADABLE' });
    expect(error.message).toContain('doubling.onnx');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('a folder in place of the file: MODEL_UNREADABLE', async () => {
    const store = await open({ models: [doubling] });
    await rm(join(directory, 'doubling.onnx'));
    await mkdir(join(directory, 'doubling.onnx'));
    expect(await failureOf(() => store.session('doubling'))).toMatchObject({ code: 'MODEL_UNREADABLE' });
  });

  it.each([
    ['an input of another name', { inputs: [float32Tensor('picture', [1, 3])] }, 'picture', 'input: float32[1, 3]'],
    ['an input of another shape', { inputs: [float32Tensor('input', [1, 4])] }, '[1, 4]', '[1, 3]'],
    ['an output that is not there', { outputs: [...doubling.outputs, float32Tensor('score', [1])] }, 'score', 'output'],
    ['an input of another type', { bytes: passingOnnx([1, 3], 'int64') }, 'float32[1, 3]', 'int64[1, 3]'],
    ['sizes that should be fixed', { bytes: scalingOnnx([1, 'n'], 2) }, '[1, 3]', '[1, n]'],
  ])('%s: MODEL_IO_MISMATCH, with both', async (_, change, expected, received) => {
    const store = await open({ models: [{ ...doubling, ...change }] });
    const error = await failureOf(() => store.session('doubling'));
    expect(error).toMatchObject({ code: 'MODEL_IO_MISMATCH', details: { file: 'doubling.onnx' } });
    expect(error.message).toContain(join(directory, 'doubling.onnx'));
    const [before, after] = error.message.split(', received ');
    expect(before).toContain(expected);
    expect(after).toContain(received);
  });
});
