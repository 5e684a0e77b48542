/** Writing to files of this machine, with errors that tell whose fault it was. */
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cancelled, throwIfAborted } from '../../core/abort.ts';
import { AppError, isAppError } from '../../core/errors.ts';

/** Of media, which are large. */
export const READ_BYTES = 256 * 1024;

/** What a stream failed with that was given to be stored: it passes unchanged. */
class SourceFailure extends Error {}

/** Reads what is to be stored; see `passSourceErrors`. */
export async function* readSource(source: Readable): AsyncIterable<Uint8Array> {
  try {
    for await (const bytes of source) yield bytes as Uint8Array;
  } catch (cause) {
    throw new SourceFailure('', { cause });
  }
}

/** @returns what the caller's own stream failed with, as it was; of anything else what `translate` makes of it */
export const passSourceErrors = (error: unknown, translate: (error: unknown) => unknown): unknown =>
  error instanceof SourceFailure ? error.cause : translate(error);

/** Writes a stream to a new file. @throws CANCELLED; what the stream or the system says */
export async function writeStream(source: Readable, path: string, signal: AbortSignal | undefined): Promise<void> {
  throwIfAborted(signal);
  try {
    await pipeline(readSource(source), createWriteStream(path, { mode: 0o600 }), signal ? { signal } : {});
  } catch (error) {
    source.destroy();
    if (signal?.aborted) throw cancelled(signal);
    throw error;
  }
}

/** As `writeStream`, of a stream that is the storage's own: what that fails with is the storage's error, too. */
export async function writeOwnStream(source: Readable, path: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await writeStream(source, path, signal);
  } catch (error) {
    throw passSourceErrors(error, (other) => other);
  }
}

/** Copies a file: at once where the file system can share its blocks. */
export async function copyToNewFile(from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  throwIfAborted(signal);
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE);
  } catch {
    // Most cannot. Whatever else is wrong shows here, too.
    await writeOwnStream(createReadStream(from, { highWaterMark: READ_BYTES }), to, signal);
  }
}

/** Brings a whole file to disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Makes what the system says about files of a storage a STORAGE_FAILED; what the caller's own stream failed with passes.
 * @param name of the storage, for the message
 */
export async function asStorageErrors<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw passSourceErrors(error, (other) => (isAppError(other) ? other : storageError(name, other)));
  }
}

function storageError(name: string, cause: unknown): AppError {
  // Messages of the system hold whole paths.
  const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).name;
  const { hint, retryable } = explain(reason);
  const message = `The ${name} cannot be read or written (${reason}).`;
  return new AppError('STORAGE_FAILED', message, { hint, details: { reason }, cause, retryable });
}

function explain(reason: string): { readonly hint: string; readonly retryable: boolean } {
  switch (reason) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { hint: 'The disk is full, or its quota is used up: free some space.', retryable: true };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { hint: 'Check who may write to this folder, or name another one.', retryable: false };
    case 'EISDIR':
    case 'ENOTDIR':
    case 'ELOOP':
      return {
        hint: 'A file, folder or link of another name is in the way: no key can be the folder of another.',
        retryable: false,
      };
    default:
      return {
        hint: 'Check the folder and its disk.',
        retryable: reason === 'EMFILE' || reason === 'EIO' || reason === 'ESTALE',
      };
  }
}
