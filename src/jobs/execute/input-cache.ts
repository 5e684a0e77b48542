/** Inputs on the disk of a worker: what several tasks need is brought from the storage once. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cancelled, throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import type { Storage } from '../storage/storage.ts';

/** What is taken from the storage. */
export interface StoredInput {
  readonly key: string;
  /** Of its content, where it is known; what comes is then compared with it. */
  readonly sha256?: string | undefined;
}

/** A file of the cache that stays while it is held. Disposing it lets it go. */
export interface HeldInput extends Disposable {
  /** To be read and linked to, never written. */
  readonly path: string;
  readonly bytes: number;
}

export interface InputCache {
  /** Bytes on the disk, those that are still coming not counted. */
  readonly bytes: number;
  /**
   * Brings an object, or gives the one that is there. Those who ask at the same time share one download, which ends when
   * all of them have been aborted.
   * @throws NOT_FOUND; STORAGE_FAILED, also where the content is not what it should be; OUTPUT_FAILED where the disk is
   *   full; CANCELLED
   */
  hold(input: StoredInput, signal?: AbortSignal): Promise<HeldInput>;
  /** Removes what nobody holds. @returns bytes that were freed */
  clear(): Promise<number>;
  /** Removes content that is not to be kept any more. Whoever holds it may go on reading what is open. */
  forget(sha256: string): Promise<void>;
}

/** A long video in full HD has a few gigabytes: some of them fit. */
export const INPUT_CACHE_BYTES = 20 * 1024 ** 3;
/** Share of what is free on the disk when the cache is opened: outputs and chunks need the rest. */
const SHARE_OF_DISK = 0.4;

interface Entry {
  readonly path: string;
  bytes: number;
  holders: number;
  /** The larger, the later it was asked for. */
  usedAt: number;
}

interface Download {
  readonly done: Promise<number>;
  readonly controller: AbortController;
  waiting: number;
}

export interface InputCacheOptions {
  /** Of the cache alone; what an earlier process left there is taken over. */
  readonly folder: string;
  readonly storage: Pick<Storage, 'getFile'>;
  /** What is not held is removed beyond these, the least recently used first. */
  readonly maxBytes?: number | undefined;
}

/** @throws OUTPUT_FAILED where the folder cannot be made */
export async function openInputCache({ folder, storage, maxBytes }: InputCacheOptions): Promise<InputCache> {
  const entries = new Map<string, Entry>();
  const downloads = new Map<string, Download>();
  let clock = 0;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      if (!/^[0-9a-f]{64}$/.test(name)) await rm(path, { recursive: true, force: true });
      else entries.set(name, { path, bytes: (await stat(path)).size, holders: 0, usedAt: clock++ });
    }
  } catch (cause) {
    throw new AppError('OUTPUT_FAILED', `The scratch folder cannot be used: ${(cause as Error).message}.`, { cause });
  }
  const disk = await statfs(folder);
  const bound = maxBytes ?? Math.min(INPUT_CACHE_BYTES, SHARE_OF_DISK * disk.bavail * disk.bsize);
  const total = (): number => [...entries.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  async function evict(most: number): Promise<void> {
    const unused = [...entries].filter(([, { holders }]) => holders === 0).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [name, { path }] of unused) {
      if (total() <= most) return;
      entries.delete(name);
      await rm(path, { force: true });
    }
  }

  function download(name: string, { key, sha256 }: StoredInput): Download {
    const controller = new AbortController();
    const path = join(folder, name);
    const bring = async (): Promise<number> => {
      // An aborted download of the same content may still be tidying up under its own name.
      const part = `${path}.${clock++}.part`;
      try {
        const { bytes } = await storage.getFile(key, part, controller.signal);
        if (sha256 !== undefined) await compare(part, key, sha256);
        await rename(part, path);
        return bytes;
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      } finally {
        if (downloads.get(name) === made) downloads.delete(name);
      }
    };
    const made: Download = { done: bring(), controller, waiting: 0 };
    // Whoever waits hears of it; where nobody does any more, it was aborted.
    made.done.catch(() => {});
    downloads.set(name, made);
    return made;
  }

  async function bring(name: string, input: StoredInput, signal: AbortSignal | undefined): Promise<number> {
    const shared = downloads.get(name) ?? download(name, input);
    shared.waiting++;
    let leave: (() => void) | undefined;
    const left = new Promise<never>((_, reject) => {
      if (!signal) return;
      leave = () => reject(cancelled(signal));
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([shared.done, left]);
    } finally {
      if (leave) signal?.removeEventListener('abort', leave);
      if (--shared.waiting === 0 && signal?.aborted) {
        downloads.delete(name);
        shared.controller.abort(signal.reason);
      }
    }
  }

  return {
    get bytes() {
      return total();
    },
    async clear() {
      const before = total();
      await evict(0);
      return before - total();
    },
    async forget(sha256) {
      const entry = entries.get(sha256);
      if (entry === undefined) return;
      entries.delete(sha256);
      await rm(entry.path, { force: true });
    },
    async hold(input, signal) {
      throwIfAborted(signal);
      const name = input.sha256 ?? createHash('sha256').update(`key ${input.key}`).digest('hex');
      if (!entries.has(name)) {
        const bytes = await bring(name, input, signal);
        if (!entries.has(name)) entries.set(name, { path: join(folder, name), bytes, holders: 0, usedAt: clock });
      }
      const entry = entries.get(name);
      if (!entry) throw new AppError('INTERNAL', 'An input was evicted while it was asked for.');
      entry.holders++;
      entry.usedAt = clock++;
      await evict(bound);
      let isHeld = true;
      return {
        path: entry.path,
        bytes: entry.bytes,
        [Symbol.dispose]() {
          if (isHeld) entry.holders--;
          isHeld = false;
        },
      };
    },
  };
}

/** @throws STORAGE_FAILED, retryable: another copy may be whole */
async function compare(path: string, key: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  const found = hash.digest('hex');
  if (found === expected) return;
  throw new AppError('STORAGE_FAILED', 'An input came from the storage with another content than was uploaded.', {
    hint: 'Check the storage; the upload may have to be made again.',
    details: { key, expected, found },
    retryable: true,
  });
}
