/** Sends a stored file: ranges, tags, and a name to save it under. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../core/errors.ts';
import type { Storage } from '../../jobs/storage/storage.ts';
import { parseByteRange } from './byte-range.ts';
import { matchesTag } from './entity-tag.ts';

export interface ServedObject {
  readonly key: string;
  readonly bytes: number;
  readonly contentType: string;
  /** Strong, in quotes. */
  readonly etag: string;
  /** Under which a browser saves it. */
  readonly fileName: string;
  /** True to save instead of show. */
  readonly isDownload: boolean;
  readonly cacheControl: string;
}

/** Caches of the caller only: whoever shares one must not see what belongs to others. */
export const REVALIDATE = 'private, no-cache';
/** A year, the longest that RFC 9111 gives a meaning to. */
export const IMMUTABLE = 'private, max-age=31536000, immutable';

/** @throws NOT_FOUND, RANGE_INVALID, STORAGE_FAILED */
export async function serveObject(
  request: FastifyRequest,
  reply: FastifyReply,
  storage: Storage,
  object: ServedObject,
): Promise<FastifyReply> {
  const { key, bytes, contentType, etag, fileName, isDownload, cacheControl } = object;
  reply.headers({
    etag,
    'accept-ranges': 'bytes',
    'cache-control': cacheControl,
    'content-disposition': disposition(isDownload ? 'attachment' : 'inline', fileName),
  });
  if (matchesTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const { 'if-range': ifRange, range: wanted } = request.headers;
  const range = ifRange === undefined || ifRange === etag ? parseByteRange(wanted, bytes) : undefined;
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${bytes}`).removeHeader('content-disposition').removeHeader('etag');
    reply.header('cache-control', 'no-store');
    throw new AppError('RANGE_INVALID', `Expected a range within ${bytes} bytes, received ${wanted}.`);
  }
  const length = range ? range.end - range.start : bytes;
  reply.code(range ? 206 : 200).headers({
    'content-type': contentType,
    'content-length': length,
    ...(range ? { 'content-range': `bytes ${range.start}-${range.end - 1}/${bytes}` } : {}),
  });
  if (request.method === 'HEAD') return reply.send();
  return reply.send(await storage.read(key, range));
}

/** Sends all of a file. Its type is set. @throws NOT_FOUND, STORAGE_FAILED */
export const sendWhole = async (reply: FastifyReply, storage: Storage, key: string): Promise<FastifyReply> =>
  reply.send(await storage.read(key));

/** RFC 6266: plain letters for old clients, and the name as it is. */
export function disposition(type: 'inline' | 'attachment', fileName: string): string {
  const plain = fileName.normalize('NFKD').replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const exact = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${type}; filename="${plain}"; filename*=UTF-8''${exact}`;
}

/** Of a file that is known by its hash. */
export const hashTag = (sha256: string): string => `"${sha256}"`;
