/** What the header of a photo says, without decoding it: before a small file unfolds to more pixels than fit in memory. */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../core/errors.ts';
import { parseBmpHeader } from './bmp.ts';
import { DEFAULT_MAX_PIXELS } from './read-image.ts';
import type { ImageFormat } from './sniff.ts';

/** As long as the longest header of a BMP, with room. */
const BMP_HEAD_BYTES = 256;
/** EXIF orientations from this on turn the picture on its side. */
const FIRST_SIDEWAYS = 5;

/** Upright size in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the size of a photo from its header.
 * @param format as `sniffMedia` tells it
 * @throws INPUT_TOO_LARGE (more than `maxPixels`), INPUT_UNSUPPORTED (HEIC), INPUT_UNREADABLE where the header is damaged
 */
export async function probeImage(
  path: string,
  format: ImageFormat,
  maxPixels: number = DEFAULT_MAX_PIXELS,
): Promise<ImageSize> {
  if (format === 'heic') {
    throw new AppError('INPUT_UNSUPPORTED', `${basename(path)} is a HEIC photo, which cannot be decoded here.`, {
      hint: 'Convert it to jpg or png first.',
    });
  }
  const { width, height } = format === 'bmp' ? await readBmpSize(path) : await readHeader(path);
  if (width * height > maxPixels) {
    throw new AppError(
      'INPUT_TOO_LARGE',
      `${basename(path)} has ${width} x ${height} pixels, the limit is ${maxPixels} pixels.`,
      { hint: 'Scale it down first.', details: { width, height, maxPixels } },
    );
  }
  return { width, height };
}

async function readHeader(path: string): Promise<ImageSize> {
  try {
    const { width, height, orientation = 1 } = await sharp(path, { limitInputPixels: false }).metadata();
    return orientation >= FIRST_SIDEWAYS ? { width: height, height: width } : { width, height };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new AppError(
      'INPUT_UNREADABLE',
      `${basename(path)} is truncated or damaged: ${reason?.replaceAll(path, basename(path))}`,
      {
        hint: 'Copy or download it again, or save it anew in a picture editor.',
        cause: error,
      },
    );
  }
}

async function readBmpSize(path: string): Promise<ImageSize> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(BMP_HEAD_BYTES), 0, BMP_HEAD_BYTES, 0);
  const { width, height } = parseBmpHeader(buffer.subarray(0, bytesRead));
  return { width, height };
}
