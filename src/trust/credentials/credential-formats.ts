/** Which files can carry Content Credentials inside; all others get them in a file beside. */
import { extname } from 'node:path';

/** Media types by extension, of formats that the library writes into. @see https://opensource.contentauthenticity.org/docs/rust-sdk/docs/supported-formats */
const EMBEDDING: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
};

/** Types that are read with what is inside them. The library damages a TIFF in strips, as libvips writes them. */
const READABLE: Readonly<Record<string, string>> = { ...EMBEDDING, '.tif': 'image/tiff', '.tiff': 'image/tiff' };

/** The media type of a format that gets its credentials inside; undefined for the others. By extension. */
export const embeddingType = (path: string): string | undefined => EMBEDDING[extname(path).toLowerCase()];

/** The media type of a format that may have credentials inside. @param format as `sniffMedia` says */
export const readableType = (format: string): string | undefined => READABLE[`.${format}`];

/** What the library takes a file for that it only hashes. */
export const OTHER_TYPE = 'application/octet-stream';

/** Where the credentials of a file are that cannot carry them. */
export const sidecarOf = (path: string): string => `${path}.c2pa`;
