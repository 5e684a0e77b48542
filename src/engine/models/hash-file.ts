/** Hashes of a file, read once in pieces. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
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

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the length of each piece that has been copied. */
  readonly onBytes?: ((count: number) => void) | undefined;
}

/** @throws MODEL_NOT_FOUND, MODEL_UNREADABLE, CANCELLED */
export async function hashFile(path: string, signal?: AbortSignal): Promise<FileHashes> {
  const hashes = createHashes();
  for await (const part of readPieces(path, signal)) hashes.add(part);
  return hashes.end();
}

/**
 * Copies a file, hashes what it copies and flushes it to the disk.
 * @param to must not exist; its folder is created
 * @throws MODEL_NOT_FOUND, MODEL_UNREADABLE, CANCELLED, and what the system says where `to` cannot be written
 */
export async function copyHashed(from: string, to: string, { signal, onBytes }: CopyOptions): Promise<FileHashes> {
  await mkdir(dirname(to), { recursive: true });
  const hashes = createHashes();
  const target = await open(to, 'wx');
  try {
    for await (const part of readPieces(from, signal)) {
      hashes.add(part);
      await target.writeFile(part);
      onBytes?.(part.length);
    }
    await target.sync();
  } finally {
    await target.close();
  }
  return hashes.end();
}

function createHashes(): { add(part: Buffer): void; end(): FileHashes } {
  const hash = createHash('sha256');
  let bytes = 0;
  let crc = 0;
  return {
    add(part) {
      hash.update(part);
      crc = crc32(part, crc);
      bytes += part.length;
    },
    end: () => ({ bytes, sha256: hash.digest('hex'), crc32: crc.toString(16).padStart(8, '0') }),
  };
}

async function* readPieces(path: string, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const stream = createReadStream(path, { highWaterMark: 1 << 20 });
  const pieces = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const next = () =>
    pieces.next().catch((cause: NodeJS.ErrnoException) => {
      const isMissing = cause.code === 'ENOENT';
      throw new AppError(
        isMissing ? 'MODEL_NOT_FOUND' : 'MODEL_UNREADABLE',
        `Expected a model at ${path}, which ${isMissing ? 'is not there' : 'cannot be read'}.`,
        { hint: 'Add it again: facefusion models add ID FILE', cause },
      );
    });
  try {
    for (let piece = await next(); !piece.done; piece = await next()) {
      throwIfAborted(signal);
      yield piece.value;
    }
  } finally {
    stream.destroy();
  }
}
