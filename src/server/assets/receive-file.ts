/** Takes in a stream of bytes as a file of this machine, with a limit, and hashes it on the way. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../core/errors.ts';

/** A file that goes when it is disposed. */
export interface ReceivedFile extends AsyncDisposable {
  /** In a folder of its own, under the name that it came with. */
  readonly path: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface ReceiveOptions {
  /** Where folders of files in work are. */
  readonly folder: string;
  /** Cleaned. */
  readonly fileName: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes a stream to a new file. Nothing is left of it when it fails.
 * @throws INPUT_TOO_LARGE beyond `maxBytes`, INPUT_UNREADABLE for no bytes at all, OUTPUT_FAILED where the disk is full
 */
export async function receiveFile(content: Readable, options: ReceiveOptions): Promise<ReceivedFile> {
  const { folder, fileName, maxBytes, signal } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = await mkdtemp(join(folder, 'in-'));
  const remove = (): Promise<void> => rm(own, { recursive: true, force: true });
  const path = join(own, fileName);
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
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    await pipeline(content, count, file, signal ? { signal } : {});
    if (bytes === 0) throw new AppError('INPUT_UNREADABLE', `${fileName} is empty (0 bytes).`);
  } catch (error) {
    await remove();
    throw toDiskError(error) ?? error;
  }
  return { path, bytes, sha256: hash.digest('hex'), [Symbol.asyncDispose]: remove };
}

/** @param limit in bytes */
export const tooLarge = (limit: number): AppError =>
  new AppError('INPUT_TOO_LARGE', `The file has more bytes than the limit of ${limit}.`, {
    hint: 'Cut it into parts, or raise uploads.maxBytes of the service.',
    details: { maxBytes: limit },
  });

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
