/** Reads a photo: upright, 8-bit sRGB, with everything that is needed to write the same kind of photo back. */
import { basename } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import { AppError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import { readAigcOfXmp } from './aigc-metadata.ts';
import { decodeBmp, parseBmpHeader } from './bmp.ts';
import { toUprightExif } from './exif.ts';
import { ffmpegFailure, startFfmpeg, toFfmpegFile } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { openInputFile } from './input-file.ts';
import { type ImageFormat, sniffBytes } from './sniff.ts';

/** 100 million pixels: above every camera's, and 300 MB as RGB. */
export const DEFAULT_MAX_PIXELS = 100_000_000;
/** A file of more bytes than this holds no photo that the pixel limit lets pass. */
const MAX_FILE_BYTES = 1_000_000_000;

/** How the photo was stored, and what else its file said. */
export interface ImageMetadata {
  readonly format: ImageFormat;
  /** Channels of the file: 1 grey, 2 grey and alpha, 3, 4. */
  readonly channels: number;
  readonly bitsPerChannel: number;
  /** Colour space by libvips' name: `srgb`, `b-w`, `cmyk`, `rgb16`, … */
  readonly colourSpace: string;
  /** Embedded profile of an RGB file. Absent for grey and CMYK files, which are written back as sRGB. */
  readonly iccProfile?: Buffer;
  /** TIFF structure, orientation 1, no thumbnail. */
  readonly exif?: Buffer;
  readonly xmp?: string;
  /** Dots per inch. */
  readonly density?: number;
  /** As in `4:2:0`, of JPEG and AVIF. */
  readonly chromaSubsampling?: string;
}

/** A decoded photo. Owned by the caller. */
export interface SourceImage {
  readonly path: string;
  readonly image: RgbImage;
  /** One byte a pixel, 255 opaque; absent when the photo has none. */
  readonly alpha?: Uint8Array;
  readonly metadata: ImageMetadata;
  /** What was lost or decided while reading, as sentences for the user. */
  readonly notes: readonly string[];
}

export interface ReadImageOptions {
  /** Largest number of pixels, checked before decoding. Default: 100 million. */
  readonly maxPixels?: number;
}

/**
 * Reads a photo. Its format is told by content; EXIF orientation is applied; its profile is converted to sRGB.
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE (empty, truncated, damaged), INPUT_UNSUPPORTED (no photo,
 *   or a format that cannot be decoded), INPUT_TOO_LARGE (more than `maxPixels`)
 */
export async function readImage(path: string, options: ReadImageOptions = {}): Promise<SourceImage> {
  const maxPixels = options.maxPixels ?? DEFAULT_MAX_PIXELS;
  const bytes = await readWhole(path);
  const { kind, format } = sniffBytes(bytes.subarray(0, 65_552));
  if (kind !== 'image') {
    const what = kind === 'unknown' ? 'no photo or video that FaceFusion knows' : `a ${kind} (${format})`;
    throw new AppError('INPUT_UNSUPPORTED', `Expected a photo, but ${basename(path)} is ${what}.`, {
      hint: 'Photos may be jpg, png, webp, bmp, tiff, avif or gif.',
    });
  }
  if (format === 'heic') {
    throw new AppError('INPUT_UNSUPPORTED', `${basename(path)} is a HEIC photo, which cannot be decoded here.`, {
      hint: 'Convert it to jpg or png first.',
    });
  }
  return format === 'bmp' ? readBmp(path, bytes, maxPixels) : readWithSharp(path, bytes, format, maxPixels);
}

async function readWhole(path: string): Promise<Buffer> {
  const { handle, sizeBytes } = await openInputFile(path);
  try {
    if (sizeBytes > MAX_FILE_BYTES) {
      const head = Buffer.alloc(65_552);
      const { bytesRead } = await handle.read(head, 0, head.length, 0);
      const { kind } = sniffBytes(head.subarray(0, bytesRead));
      if (kind === 'image') {
        throw new AppError(
          'INPUT_TOO_LARGE',
          `${basename(path)} has ${sizeBytes} bytes, the limit is ${MAX_FILE_BYTES}.`,
        );
      }
      // No photo: the head is enough to say what it is.
      return head.subarray(0, bytesRead);
    }
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function checkPixels(path: string, width: number, height: number, maxPixels: number): void {
  if (width * height <= maxPixels) return;
  throw new AppError(
    'INPUT_TOO_LARGE',
    `${basename(path)} has ${width} x ${height} pixels, the limit is ${maxPixels} pixels.`,
    { hint: 'Scale it down first.', details: { width, height, maxPixels } },
  );
}

const unreadable = (path: string, error: unknown): AppError => {
  const message = error instanceof Error ? error.message.split('\n')[0]!.trim() : String(error);
  return new AppError('INPUT_UNREADABLE', `${basename(path)} is truncated or damaged: ${message}`, {
    hint: 'Copy or download it again, or save it anew in a picture editor.',
    cause: error,
  });
};

async function readWithSharp(
  path: string,
  bytes: Buffer,
  format: ImageFormat,
  maxPixels: number,
): Promise<SourceImage> {
  // `error` includes `truncated`. The strictest level, `warning`, refuses photos of many cameras.
  const input = { failOn: 'error', limitInputPixels: false } as const;
  const facts: Metadata = await sharp(bytes, input)
    .metadata()
    .catch((error: unknown) => {
      throw unreadable(path, error);
    });
  checkPixels(path, facts.width, facts.height, maxPixels);

  const { data, info } = await sharp(bytes, input)
    .autoOrient()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw unreadable(path, error);
    });
  const { image, alpha } = splitChannels(data, info.width, info.height, info.channels);

  const bitsPerChannel = bitsOf(facts);
  const keepsProfile = facts.icc !== undefined && (facts.space === 'srgb' || facts.space === 'rgb16');
  const exif = facts.exif && toUprightExif(facts.exif);
  return {
    path,
    image,
    ...(alpha ? { alpha } : {}),
    metadata: {
      format,
      channels: facts.channels,
      bitsPerChannel,
      colourSpace: facts.space,
      ...(keepsProfile && facts.icc ? { iccProfile: facts.icc } : {}),
      ...(exif ? { exif } : {}),
      ...(facts.xmp ? { xmp: facts.xmp.toString('utf8') } : {}),
      ...(facts.density ? { density: facts.density } : {}),
      ...(facts.chromaSubsampling ? { chromaSubsampling: facts.chromaSubsampling } : {}),
    },
    notes: notesOf(facts, bitsPerChannel),
  };
}

function bitsOf(facts: Metadata): number {
  if (facts.bitsPerSample) return facts.bitsPerSample;
  if (facts.depth === 'ushort' || facts.depth === 'short') return 16;
  return facts.depth === 'float' || facts.depth === 'int' || facts.depth === 'uint' ? 32 : 8;
}

function notesOf(facts: Metadata, bitsPerChannel: number): string[] {
  const notes: string[] = [];
  if (bitsPerChannel > 8) notes.push(`The photo has ${bitsPerChannel} bits a channel; the output has 8.`);
  if (facts.space === 'cmyk') notes.push('The photo is CMYK; the output is sRGB.');
  if ((facts.pages ?? 1) > 1) notes.push(`The file has ${facts.pages} pages or frames; only the first is used.`);
  return notes;
}

function splitChannels(
  data: Buffer,
  width: number,
  height: number,
  channels: number,
): { image: RgbImage; alpha?: Uint8Array } {
  if (channels === 3) return { image: { data, width, height } };
  const pixels = width * height;
  const rgb = new Uint8Array(pixels * 3);
  const alpha = channels === 4 || channels === 2 ? new Uint8Array(pixels) : undefined;
  const isGrey = channels < 3;
  for (let pixel = 0; pixel < pixels; pixel++) {
    const from = pixel * channels;
    rgb[pixel * 3] = data[from]!;
    rgb[pixel * 3 + 1] = data[isGrey ? from : from + 1]!;
    rgb[pixel * 3 + 2] = data[isGrey ? from : from + 2]!;
    if (alpha) alpha[pixel] = data[from + channels - 1]!;
  }
  return { image: { data: rgb, width, height }, ...(alpha ? { alpha } : {}) };
}

async function readBmp(path: string, bytes: Buffer, maxPixels: number): Promise<SourceImage> {
  const header = parseBmpHeader(bytes);
  checkPixels(path, header.width, header.height, maxPixels);
  const pixels = header.isPlain
    ? decodeBmp(bytes, header)
    : { data: await decodeWithFfmpeg(path, header.width, header.height), width: header.width, height: header.height };
  const { alpha, ...image } = pixels as ReturnType<typeof decodeBmp>;
  return {
    path,
    image,
    ...(alpha ? { alpha } : {}),
    metadata: {
      format: 'bmp',
      channels: alpha ? 4 : 3,
      bitsPerChannel: 8,
      colourSpace: 'srgb',
      ...(header.density ? { density: header.density } : {}),
    },
    notes: [],
  };
}

/** Run-length coded bitmaps are rare enough to leave them to ffmpeg. */
async function decodeWithFfmpeg(path: string, width: number, height: number): Promise<Uint8Array> {
  const ffmpeg = await findFfmpeg();
  const data = new Uint8Array(width * height * 3);
  const input = ['-protocol_whitelist', 'file,pipe', '-f', 'bmp_pipe', '-i', toFfmpegFile(path)];
  const output = ['-frames:v', '1', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'];
  await using child = startFfmpeg(ffmpeg.ffmpegPath, ['-nostdin', '-v', 'error', ...input, ...output], {
    output: true,
  });
  let filled = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    data.set(chunk.subarray(0, data.length - filled), filled);
    filled = Math.min(data.length, filled + chunk.length);
  });
  const exit = await child.exited;
  if (exit.code !== 0 || filled < data.length) {
    throw unreadable(path, ffmpegFailure(exit, child.stderrTail(), 'reading a BMP photo'));
  }
  return data;
}

/** What the metadata of a photo says in words: the texts of its XMP, and every run of letters in its EXIF. */
export function textsOf({ xmp, exif }: Pick<ImageMetadata, 'xmp' | 'exif'>): string[] {
  const inXmp = xmp ? Array.from(xmp.matchAll(/>([^<>]*\S[^<>]*)</g), ([, text]) => text!.trim()) : [];
  const inExif = exif ? (exif.toString('utf8').match(/[\p{L}\p{N}][\p{L}\p{N}\p{P}\p{Zs}]{3,}/gu) ?? []) : [];
  const aigc = xmp === undefined ? undefined : readAigcOfXmp(xmp);
  return [...(aigc === undefined ? [] : [aigc]), ...inXmp, ...inExif];
}
