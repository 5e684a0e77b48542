/** A file that post-processing has made. */
export interface DerivedOutput {
  /** As in the address it is got from, with slashes: `result.mp4`, `hls/master.m3u8`. */
  readonly name: string;
  readonly role: 'main' | 'rendition' | 'playlist' | 'segment' | 'poster' | 'sprite' | 'captions' | 'credentials';
  /** Absolute. */
  readonly path: string;
  readonly contentType: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly durationSeconds?: number | undefined;
  /** What a server should say with it; absent where its name says nothing of its content. */
  readonly cacheControl?: string | undefined;
}

/** Names with a hash of what is inside never mean anything else. @see RFC 8246 */
export const FOR_EVER = 'public, max-age=31536000, immutable';
/** Under this name there may be something else soon. */
export const FOR_A_MINUTE = 'public, max-age=60';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
  '.mkv': 'video/matroska',
  '.avi': 'video/x-msvideo',
  '.wmv': 'video/x-ms-wmv',
  '.mpeg': 'video/mpeg',
  '.mpg': 'video/mpeg',
  '.ts': 'video/mp2t',
  '.mxf': 'application/mxf',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.avif': 'image/avif',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.bmp': 'image/bmp',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/iso.segment',
  '.vtt': 'text/vtt',
  '.c2pa': 'application/c2pa',
};

/** By the ending of a name. */
export function contentTypeOf(name: string): string {
  const ending = /\.[^./]+$/.exec(name)?.[0].toLowerCase() ?? '';
  return CONTENT_TYPES[ending] ?? 'application/octet-stream';
}
