/** Writes a photo in the format that the output's ending names, with the metadata of the photo it was made from. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { AppError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import { markXmp } from './ai-marking.ts';
import { encodeBmp } from './bmp.ts';
import { type OutputFile, toOutputError } from './output-file.ts';
import { toPngEnvelope } from './png-envelope.ts';
import type { SourceImage } from './read-image.ts';

export const OUTPUT_IMAGE_FORMATS = ['jpg', 'png', 'webp', 'bmp', 'tiff', 'avif'] as const;
export type OutputImageFormat = (typeof OUTPUT_IMAGE_FORMATS)[number];

const FORMAT_OF_ENDING: Readonly<Record<string, OutputImageFormat>> = {
  '.jpg': 'jpg',
  '.jpeg': 'jpg',
  '.png': 'png',
  '.webp': 'webp',
  '.bmp': 'bmp',
  '.tiff': 'tiff',
  '.tif': 'tiff',
  '.avif': 'avif',
};

/** From this quality on, JPEG and AVIF keep the colour of every pixel when the target does not say otherwise. */
const FULL_CHROMA_QUALITY = 90;

export interface WriteImageOptions {
  /** 0..100 for jpg, webp and avif; the other formats are lossless. */
  readonly quality: number;
  /** The label of GB 45438-2025, where it is asked for. */
  readonly aigc?: string | undefined;
}

/**
 * The format that an output path asks for.
 * @throws OUTPUT_UNSUPPORTED, naming the endings there are
 */
export function planImageOutput(path: string): OutputImageFormat {
  const ending = extname(path).toLowerCase();
  const format = FORMAT_OF_ENDING[ending];
  if (format) return format;
  throw new AppError('OUTPUT_UNSUPPORTED', `A photo cannot be written as ${ending === '' ? basename(path) : ending}.`, {
    hint: `Use one of ${Object.keys(FORMAT_OF_ENDING).join(' ')}.`,
  });
}

/**
 * Writes `image` to the partial file of `output`; the caller commits it.
 * Alpha is kept where the format has it and laid on white in JPEG. EXIF (upright, without thumbnail), XMP, profile and
 * density are kept, and XMP says that a model made parts of the picture; TIFF has no EXIF, BMP has density only.
 * A target with an RGB profile of its own is written in that profile: its pixels that did not change bit for bit.
 * @param image 8-bit sRGB of the size of `like.image`, lent
 * @param like the photo as `readImage` gave it
 * @throws OUTPUT_UNSUPPORTED, OUTPUT_FAILED
 */
export async function writeImage(
  output: Pick<OutputFile, 'path' | 'partialPath'>,
  image: RgbImage,
  like: SourceImage,
  options: WriteImageOptions,
): Promise<void> {
  const format = planImageOutput(output.path);
  const alpha = like.alpha && like.alpha.length === image.width * image.height ? like.alpha : undefined;
  const { iccProfile, exif, density, xmp } = like.metadata;

  let bytes: Buffer;
  if (format === 'bmp') {
    bytes = encodeBmp(image, alpha, density);
  } else {
    const pixels = iccProfile ? await toProfile(image, like, iccProfile) : image;
    const envelope = toPngEnvelope(pixels, alpha, { exif, iccProfile, density });
    // The numbers are in the profile already: ignoring it while reading and keeping it for writing only attaches it.
    const picture = sharp(envelope, { ignoreIcc: true, limitInputPixels: false })
      .keepExif()
      .keepIccProfile()
      .withXmp(markXmp(xmp, options.aigc));
    bytes = await encode(picture, format, alpha !== undefined, like, options.quality).toBuffer();
  }
  await writeFile(output.partialPath, bytes).catch((error: unknown) => {
    throw toOutputError(error, output.path);
  });
}

function encode(
  picture: Sharp,
  format: Exclude<OutputImageFormat, 'bmp'>,
  hasAlpha: boolean,
  like: SourceImage,
  requestedQuality: number,
): Sharp {
  const quality = Math.min(100, Math.max(1, Math.round(requestedQuality)));
  const { chromaSubsampling: targets } = like.metadata;
  const full = targets === undefined ? quality >= FULL_CHROMA_QUALITY : targets === '4:4:4';
  const chromaSubsampling = full ? '4:4:4' : '4:2:0';
  switch (format) {
    case 'jpg':
      return (hasAlpha ? picture.flatten({ background: '#ffffff' }) : picture).jpeg({ quality, chromaSubsampling });
    case 'png':
      return picture.png();
    case 'webp':
      return picture.webp({ quality });
    case 'tiff':
      return picture.tiff({ compression: 'lzw', predictor: 'horizontal', ...tiffResolution(like.metadata.density) });
    case 'avif':
      return picture.avif({ quality, chromaSubsampling });
  }
}

/** sharp takes the density of a TIFF from these options only, in pixels per millimetre. */
function tiffResolution(
  density: number | undefined,
): { xres: number; yres: number; resolutionUnit: 'inch' } | undefined {
  if (density === undefined) return undefined;
  const perMillimetre = density / 25.4;
  return { xres: perMillimetre, yres: perMillimetre, resolutionUnit: 'inch' };
}

/**
 * Converts sRGB pixels to the target's profile. Pixels that are as the target's were decoded take the target's own
 * numbers: converting there and back would round them and cut colours that sRGB does not have.
 */
async function toProfile(image: RgbImage, like: SourceImage, iccProfile: Buffer): Promise<RgbImage> {
  const { width, height } = image;
  const folder = await mkdtemp(join(tmpdir(), 'facefusion-'));
  let converted: Buffer;
  try {
    const profilePath = join(folder, 'profile.icc');
    await writeFile(profilePath, iccProfile);
    converted = await sharp(image.data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
      .withIccProfile(profilePath)
      .raw()
      .toBuffer();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  const native = await decodeTarget(like.path, true);
  const asRead = await decodeTarget(like.path, false);
  if (native.length === converted.length && asRead.length === converted.length) {
    const { data } = image;
    for (let at = 0; at < converted.length; at += 3) {
      if (data[at] !== asRead[at] || data[at + 1] !== asRead[at + 1] || data[at + 2] !== asRead[at + 2]) continue;
      converted[at] = native[at]!;
      converted[at + 1] = native[at + 1]!;
      converted[at + 2] = native[at + 2]!;
    }
  }
  return { data: converted, width, height };
}

const decodeTarget = (path: string, ignoreIcc: boolean): Promise<Buffer> =>
  sharp(path, { ignoreIcc, failOn: 'error', limitInputPixels: false })
    .autoOrient()
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer();
