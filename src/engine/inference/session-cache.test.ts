import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scalingModel, writeModelFolder } from '../../../test/helpers/tiny-onnx.ts';
import { openModelStore } from './session.ts';
import { createSessionCache, type SessionCache } from './session-cache.ts';

let directory: string;
let cache: SessionCache;
let loaded: string[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'facefusion-models-'));
  const models = ['one', 'two', 'three'].map((id, at) => scalingModel(id, [1, 3], at + 1));
  await writeModelFolder(directory, { models });
  loaded = [];
});
afterEach(async () => {
  await cache[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const open = (intraOpThreads = 1) =>
  openModelStore({
    ...{ directory, intraOpThreads, sessions: cache },
    logger: {
      debug: (message, fields) => {
        if (message === 'model loaded') loaded.push(String(fields?.id));
      },
      info: () => {},
      warn: () => {},
    },
  });

/** What a model makes of 1, 2, 3, in a store of its own. */
async function runOnce(id: string, threads?: number): Promise<number[]> {
  await using store = await open(threads);
  const session = await store.session(id);
  const input = { data: Float32Array.from([1, 2, 3]), dims: [1, 3] };
  const results = await session.run({ [session.inputs[0]!.name]: input });
  return [...Object.values(results)[0]!.data];
}

describe('a cache of sessions', () => {
  it('keeps a session for the next store, and one for each number of threads', async () => {
    cache = createSessionCache(1e9);
    expect(await runOnce('two')).toEqual([2, 4, 6]);
    expect(await runOnce('two')).toEqual([2, 4, 6]);
    expect(loaded).toEqual(['two']);
    expect(await runOnce('two', 2)).toEqual([2, 4, 6]);
    expect(loaded).toEqual(['two', 'two']);
  });

  it('lets go of what was used longest ago, but of nothing that is lent', async () => {
    cache = createSessionCache(1e9);
    await runOnce('one');
    const each = cache.bytes;
    await cache[Symbol.asyncDispose]();
    // Room for two, and a little.
    cache = createSessionCache(2.5 * each);
    loaded = [];
    await runOnce('one');
    await runOnce('two');
    await runOnce('one');
    await runOnce('three');
    await runOnce('one');
    expect(loaded).toEqual(['one', 'two', 'three']);
    await runOnce('two');
    expect(loaded).toEqual(['one', 'two', 'three', 'two']);

    await using store = await open();
    for (const id of ['one', 'two', 'three']) await store.session(id);
    expect(cache.bytes).toBeGreaterThan(2.5 * each);
    const session = await store.session('one');
    const { run, inputs } = session;
    expect(Object.keys(await run({ [inputs[0]!.name]: { data: new Float32Array(3), dims: [1, 3] } }))).toHaveLength(1);
  });

  it('shares what was worked out, forgets what failed, and keeps it apart by key', async () => {
    cache = createSessionCache(1e9);
    await using store = await open();
    let made = 0;
    const make = async (): Promise<object> => ({ number: ++made });
    expect(await store.study(['a'], 10, make)).toBe(await store.study(['a'], 10, make));
    expect(await store.study(['b'], 10, make)).toEqual({ number: 2 });
    const fail = (): Promise<object> => Promise.reject(new Error('no'));
    await expect(store.study(['c'], 10, fail)).rejects.toThrow('no');
    expect(await store.study(['c'], 10, make)).toEqual({ number: 3 });
  });

  it('is no business of a store without one', async () => {
    cache = createSessionCache(1e9);
    await using store = await openModelStore({ directory, intraOpThreads: 1 });
    await store.session('one');
    const make = async (): Promise<object> => ({});
    expect(await store.study(['a'], 10, make)).not.toBe(await store.study(['a'], 10, make));
    expect(cache.bytes).toBe(0);
  });
});
