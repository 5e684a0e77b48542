/** Files of this machine while they come in: each in a folder of its own, which goes when it is disposed. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../core/errors.ts';

const PREFIX = 'in-';
/** Milliseconds after which what another process left behind is taken away. */
const ABANDONED_MS = 48 * 3_600_000;

export interface IncomingFile extends AsyncDisposable {
  /** Nothing is there yet. Its last part is what messages call it. */
  readonly path: string;
}

/** What is known of a file that is there whole. */
export interface FileFacts {
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/**
 * @param fileName cleaned
 * @throws OUTPUT_FAILED where the disk is full
 */
export async function openIncoming(folder: string, fileName: string): Promise<IncomingFile> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const own = await mkdtemp(join(folder, PREFIX));
    return {
      path: join(own, fileName),
      [Symbol.asyncDispose]: () => rm(own, { recursive: true, force: true }),
    };
  } catch (error) {
    throw toDiskError(error) ?? error;
  }
}

/**
 * Writes a stream to a file that is not there yet.
 * @throws INPUT_TOO_LARGE beyond `maxBytes`, INPUT_UNREADABLE for no bytes at all, OUTPUT_FAILED where the disk is full
 */
export async function receiveStream(
  content: Readable,
  path: string,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
): Promise<FileFacts> {
  const hash = createHash('sha256');
  let bytes = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) return done(tooLarge(maxBytes));
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(content, count, createWriteStream(path, { flags: 'wx', mode: 0o600 }), signal ? { signal } : {});
  } catch (error) {
    throw toDiskError(error) ?? error;
  }
  if (bytes === 0) throw empty();
  return { path, bytes, sha256: hash.digest('hex') };
}

/** Reads a file that is there. @throws INPUT_UNREADABLE for no bytes at all */
export async function readFacts(path: string, signal?: AbortSignal): Promise<FileFacts> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, signal ? { signal } : {}) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  if (bytes === 0) throw empty();
  return { path, bytes, sha256: hash.digest('hex') };
}

/** Takes away what processes that are gone have left in the folder. */
export async function clearIncoming(folder: string, now: number = Date.now()): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const facts = name.startsWith(PREFIX) ? await stat(path).catch(() => undefined) : undefined;
    if (facts && facts.mtimeMs < now - ABANDONED_MS) await rm(path, { recursive: true, force: true });
  }
}

/** @param limit in bytes */
export const tooLarge = (limit: number): AppError =>
  new AppError('INPUT_TOO_LARGE', `The file has more bytes than the limit of ${limit}.`, {
    hint: 'Cut it into parts, or raise uploads.maxBytes of the service.',
    details: { maxBytes: limit },
  });

const empty = (): AppError => new AppError('INPUT_UNREADABLE', 'Expected a file, received 0 bytes.');

/** What the file system says where it has no room: the same for every way in. @returns undefined for any other error */
export function toDiskError(error: unknown): AppError | undefined {
  const { code } = Object(error) as NodeJS.ErrnoException;
  if (!['ENOSPC', 'EDQUOT', 'EIO', 'EROFS'].includes(code ?? '')) return undefined;
  return new AppError('OUTPUT_FAILED', 'The service has no room for the file. Nothing of it was kept.', {
    hint: 'Try again later, or ask whoever runs the service.',
    details: { reason: code },
    cause: error,
    retryable: true,
  });
}
