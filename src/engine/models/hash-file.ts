/** Hashes of a file, read once in pieces. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';

export interface FileHashes {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** zlib's, hexadecimal: what FaceFusion's `.hash` files hold. */
  readonly crc32: string;
}

/** @throws MODEL_NOT_FOUND, MODEL_UNREADABLE, CANCELLED */
export async function hashFile(path: string, signal?: AbortSignal): Promise<FileHashes> {
  const hash = createHash('sha256');
  let bytes = 0;
  let crc = 0;
  try {
    for await (const part of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
      throwIfAborted(signal);
      hash.update(part);
      crc = crc32(part, crc);
      bytes += part.length;
    }
  } catch (cause) {
    throwIfAborted(signal);
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new AppError(
      isMissing ? 'MODEL_NOT_FOUND' : 'MODEL_UNREADABLE',
      `Expected a model at ${path}, which ${isMissing ? 'is not there' : 'cannot be read'}.`,
      { hint: 'Add it again: facefusion models add ID FILE', cause },
    );
  }
  return { bytes, sha256: hash.digest('hex'), crc32: crc.toString(16).padStart(8, '0') };
}
