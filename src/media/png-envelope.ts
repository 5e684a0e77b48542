/**
 * Wraps raw pixels and metadata into an uncompressed PNG in memory. sharp takes EXIF and profiles only from an input
 * file, not as bytes, so that this is how they reach any output format unchanged.
 * @see https://www.w3.org/TR/png-3/
 */
import { crc32, deflateSync } from 'node:zlib';
import type { RgbImage } from '../core/image.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const INCHES_PER_METRE = 39.3701;
const COLOUR_RGB = 2;
const COLOUR_RGBA = 6;

export interface EnvelopeMetadata {
  /** TIFF structure, without the `Exif\0\0` prefix. */
  readonly exif?: Buffer | undefined;
  readonly iccProfile?: Buffer | undefined;
  /** Dots per inch. */
  readonly density?: number | undefined;
}

/**
 * @param alpha one byte a pixel, absent for an opaque picture
 * @returns a PNG whose pixels are stored without compression; owned by the caller
 */
export function toPngEnvelope(image: RgbImage, alpha: Uint8Array | undefined, metadata: EnvelopeMetadata): Buffer {
  const { width, height } = image;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = alpha ? COLOUR_RGBA : COLOUR_RGB;

  const chunks = [SIGNATURE, ...chunk('IHDR', header)];
  if (metadata.iccProfile) {
    const name = Buffer.from('icc\0\0', 'latin1');
    chunks.push(...chunk('iCCP', Buffer.concat([name, deflateSync(metadata.iccProfile)])));
  }
  if (metadata.density) {
    const dotsPerMetre = Math.round(metadata.density * INCHES_PER_METRE);
    const size = Buffer.alloc(9);
    size.writeUInt32BE(dotsPerMetre, 0);
    size.writeUInt32BE(dotsPerMetre, 4);
    size[8] = 1;
    chunks.push(...chunk('pHYs', size));
  }
  if (metadata.exif) chunks.push(...chunk('eXIf', metadata.exif));
  chunks.push(...chunk('IDAT', deflateSync(toRows(image, alpha), { level: 0 })), ...chunk('IEND', Buffer.alloc(0)));
  return Buffer.concat(chunks);
}

/** Rows as PNG has them: each begins with the number of its filter, here always 0, none. */
function toRows(image: RgbImage, alpha: Uint8Array | undefined): Buffer {
  const { width, height, data } = image;
  if (!alpha) {
    const rows = Buffer.alloc(height * (1 + width * 3));
    for (let y = 0; y < height; y++) {
      rows.set(data.subarray(y * width * 3, (y + 1) * width * 3), y * (1 + width * 3) + 1);
    }
    return rows;
  }
  const rows = Buffer.alloc(height * (1 + width * 4));
  let to = 0;
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (pixel % width === 0) to++;
    rows[to] = data[pixel * 3]!;
    rows[to + 1] = data[pixel * 3 + 1]!;
    rows[to + 2] = data[pixel * 3 + 2]!;
    rows[to + 3] = alpha[pixel]!;
    to += 4;
  }
  return rows;
}

function chunk(type: string, content: Buffer): Buffer[] {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(content.length, 0);
  head.write(type, 4, 'latin1');
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(content, crc32(head.subarray(4))), 0);
  return [head, content, sum];
}
