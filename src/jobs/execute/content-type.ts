import { extname } from 'node:path';

/** Of files that jobs make. */
const TYPES: Readonly<Record<string, string>> = {
  ...{ '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.webp': 'image/webp', '.avif': 'image/avif' },
  ...{ '.tif': 'image/tiff', '.tiff': 'image/tiff', '.bmp': 'image/bmp', '.gif': 'image/gif' },
  ...{ '.mp4': 'video/mp4', '.m4v': 'video/mp4', '.mov': 'video/quicktime', '.mkv': 'video/x-matroska' },
  ...{ '.webm': 'video/webm', '.avi': 'video/x-msvideo', '.wmv': 'video/x-ms-wmv', '.flv': 'video/x-flv' },
  // RFC 8216, section 10; segments of MPEG-2 transport streams, and fragmented MP4.
  ...{ '.m3u8': 'application/vnd.apple.mpegurl', '.ts': 'video/mp2t', '.m4s': 'video/iso.segment' },
  ...{ '.vtt': 'text/vtt', '.json': 'application/json', '.c2pa': 'application/c2pa' },
};

/** By the ending of a name. */
export const contentTypeOf = (name: string): string => TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream';
