/** Puts the files that an attempt has made into the storage, under a name of its own. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { throwIfAborted } from '../../core/abort.ts';
import { contentTypeOf } from '../../trust/post/derived-output.ts';
import type { JobOutput } from '../job.ts';
import type { Storage } from '../storage/storage.ts';
import { toKeyName } from './keys.ts';

/** A file on this machine that becomes an output. */
export interface MadeOutput extends Pick<JobOutput, 'name' | 'role' | 'width' | 'height' | 'durationSeconds'> {
  readonly path: string;
  /** Default: every attempt has a key of its own, and what lies there never changes. */
  readonly cacheControl?: string | undefined;
}

const CACHE_CONTROL = 'private, max-age=31536000, immutable';
/** A ladder for streaming has hundreds of small files. */
const AT_ONCE = 4;

/**
 * @param prefix see `outputPrefix`
 * @throws STORAGE_FAILED, CANCELLED; some of the files may then be there
 */
export async function uploadOutputs(
  storage: Pick<Storage, 'putFile'>,
  prefix: string,
  files: readonly MadeOutput[],
  signal: AbortSignal,
): Promise<JobOutput[]> {
  const outputs: JobOutput[] = [];
  const waiting = files.entries();
  const keys = new Set<string>();
  const work = async (): Promise<void> => {
    for (const [at, { path, cacheControl = CACHE_CONTROL, ...facts }] of waiting) {
      throwIfAborted(signal);
      const key = freeKey(prefix + facts.name.split('/').map(toKeyName).join('/'), keys);
      const contentType = contentTypeOf(facts.name);
      const sha256 = await hashOf(path);
      const tags = { purpose: 'output' };
      const { bytes } = await storage.putFile(key, path, { contentType, cacheControl, tags, signal });
      outputs[at] = { ...facts, key, contentType, bytes, sha256 };
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, files.length) }, work));
  return outputs;
}

/** Names that differ only in letters which keys have not. */
function freeKey(key: string, taken: Set<string>): string {
  let free = key;
  for (let number = 2; taken.has(free); number++) free = key.replace(/(\.[^./]*)?$/, `-${number}$1`);
  taken.add(free);
  return free;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
