import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRunFolder, type RunFolder } from '../../../test/helpers/run-folder.ts';
import { throwIfAborted } from '../../core/abort.ts';
import type { Storage } from '../storage/storage.ts';
import { openInputCache } from './input-cache.ts';

let folder: RunFolder;
beforeEach(() => {
  folder = createRunFolder();
});
afterEach(() => folder.remove());

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A storage whose objects hold their own key, and whose downloads end when they are let go. */
function createStorage(held = false) {
  const started: string[] = [];
  const aborted: string[] = [];
  let letGo = (): void => {};
  const gate = held
    ? new Promise<void>((resolve) => {
        letGo = resolve;
      })
    : Promise.resolve();
  const getFile: Storage['getFile'] = async (key, path, signal) => {
    started.push(key);
    signal?.addEventListener('abort', () => aborted.push(key));
    await gate;
    throwIfAborted(signal);
    await writeFile(path, key);
    return { key, bytes: key.length, contentType: '', etag: '', changedAt: 0 };
  };
  return { getFile, started, aborted, letGo: () => letGo() };
}

it('brings an object once, for all who ask for it at the same time and later', async () => {
  const storage = createStorage(true);
  const cache = await openInputCache({ folder: folder.at('cache'), storage });
  const both = Promise.all([cache.hold({ key: 'a' }), cache.hold({ key: 'a' })]);
  storage.letGo();
  const [one, two] = await both;
  expect(one.path).toBe(two.path);
  expect(readFileSync(one.path, 'utf8')).toBe('a');
  using third = await cache.hold({ key: 'a' });
  expect(third.path).toBe(one.path);
  expect(storage.started).toEqual(['a']);
});

it('lets a download go on while one of those who asked still waits, and ends it with the last', async () => {
  const storage = createStorage(true);
  const cache = await openInputCache({ folder: folder.at('cache'), storage });
  const [first, second] = [new AbortController(), new AbortController()];
  const one = cache.hold({ key: 'a' }, first.signal);
  const two = cache.hold({ key: 'a' }, second.signal);
  first.abort('cancel');
  await expect(one).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(storage.aborted).toEqual([]);
  second.abort('lease');
  await expect(two).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(storage.aborted).toEqual(['a']);
  storage.letGo();
  using again = await cache.hold({ key: 'a' });
  expect(readFileSync(again.path, 'utf8')).toBe('a');
  expect(storage.started).toEqual(['a', 'a']);
});

it('removes what was used least lately beyond its bound, and nothing that is held', async () => {
  const storage = createStorage();
  const cache = await openInputCache({ folder: folder.at('cache'), storage, maxBytes: 4 });
  const held = await cache.hold({ key: 'aa' });
  const old = await cache.hold({ key: 'bb' });
  old[Symbol.dispose]();
  const newer = await cache.hold({ key: 'cc' });
  newer[Symbol.dispose]();
  expect(existsSync(held.path)).toBe(true);
  expect(existsSync(old.path)).toBe(false);
  expect(existsSync(newer.path)).toBe(true);
  expect(cache.bytes).toBe(4);
  held[Symbol.dispose]();
  using _ = await cache.hold({ key: 'dd' });
  expect(existsSync(held.path)).toBe(false);
});

it('refuses content that is not what was uploaded, and asks again later', async () => {
  const storage = createStorage();
  const cache = await openInputCache({ folder: folder.at('cache'), storage });
  const wrong = cache.hold({ key: 'a', sha256: sha256('b') });
  await expect(wrong).rejects.toMatchObject({ code: 'STORAGE_FAILED', retryable: true });
  expect(readdirSync(folder.at('cache'))).toEqual([]);
  using right = await cache.hold({ key: 'a', sha256: sha256('a') });
  expect(right.bytes).toBe(1);
});

it('takes over what an earlier process left whole', async () => {
  const storage = createStorage();
  const first = await openInputCache({ folder: folder.at('cache'), storage });
  using _ = await first.hold({ key: 'a', sha256: sha256('a') });
  await writeFile(folder.at('cache/b.0.part'), 'half');
  const second = await openInputCache({ folder: folder.at('cache'), storage });
  using held = await second.hold({ key: 'a', sha256: sha256('a') });
  expect(held.bytes).toBe(1);
  expect(storage.started).toEqual(['a']);
  expect(readdirSync(folder.at('cache'))).toEqual([sha256('a')]);
});
