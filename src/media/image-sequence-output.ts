/** Image sequences: one photo a frame, and all of them or none. */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import sharp from 'sharp';
import { cancelled } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import { markXmp } from './ai-marking.ts';
import { encodeBmp } from './bmp.ts';
import { ffmpegFailure, startFfmpeg } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { createFrameAssembler } from './frame-assembler.ts';
import { matchesSequence, sequencePath } from './image-sequence.ts';
import { readList, toRgb } from './mux-output.ts';
import type { VideoInfo } from './probe.ts';
import { squareSize } from './scaled-size.ts';

/** Photos that are compressed at the same time; decoding is ahead by one more. */
const PHOTOS_IN_WORK = 2;
/** From this quality on, JPEG keeps the colour of every pixel. */
const FULL_CHROMA_QUALITY = 90;

export interface SequenceSettings {
  readonly listPath: string;
  /** Where to write: photos are called by their number here, as `1.png`. */
  readonly folder: string;
  /** Without dot: `png`, `jpg`, `webp`, `tiff`, `bmp` or another spelling of these. */
  readonly ending: string;
  readonly info: VideoInfo;
  readonly scale: number;
  /** 0..100, for jpg and webp. */
  readonly quality: number;
  /** True where frames have alpha. */
  readonly alpha?: boolean;
  /** The label of GB 45438-2025, where it is asked for. */
  readonly aigc?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes each frame as a photo with square pixels; its XMP says that a model made parts of it, but for BMP, which has no
 * place for that.
 * @returns how many
 * @throws OUTPUT_FAILED, FFMPEG_FAILED, CANCELLED
 */
export async function writeSequence(settings: SequenceSettings): Promise<number> {
  const { listPath, folder, ending, info, scale, quality, alpha = false, aigc, signal } = settings;
  const [width, height] = squareSize(info, scale);
  const { ffmpegPath } = await findFfmpeg();
  const [pixelFormat, channels] = alpha ? (['rgba', 4] as const) : (['rgb24', 3] as const);
  const filters = `${toRgb(info)}:w=${width}:h=${height},format=${pixelFormat}`;
  const output = ['-fps_mode', 'passthrough', '-pix_fmt', pixelFormat, '-f', 'rawvideo', 'pipe:1'];
  await using decoder = startFfmpeg(
    ffmpegPath,
    ['-nostdin', '-v', 'error', ...readList(listPath), '-vf', filters, ...output],
    { output: true, signal },
  );
  if (!decoder.stdout) throw ffmpegFailure(await decoder.exited, decoder.stderrTail(), 'writing photos');
  const frames = createFrameAssembler(decoder.stdout, width * height * channels, PHOTOS_IN_WORK + 1);
  const inWork: Promise<void>[] = [];
  let count = 0;
  try {
    for (let data = await frames.next(); data; data = await frames.next()) {
      const pixels = data;
      const path = join(folder, `${++count}.${ending}`);
      const photo = encodePhoto({ data: pixels, width, height, channels }, ending, { quality, aigc })
        .then((bytes) => writeFile(path, bytes))
        .then(() => frames.recycle(pixels));
      photo.catch(() => {});
      inWork.push(photo);
      if (inWork.length === PHOTOS_IN_WORK) await inWork.shift();
    }
  } finally {
    await Promise.allSettled(inWork);
  }
  await Promise.all(inWork);
  if (signal?.aborted) throw cancelled(signal);
  const exit = await decoder.exited;
  if (exit.code !== 0) throw ffmpegFailure(exit, decoder.stderrTail(), 'writing photos');
  return count;
}

interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** With alpha, four. */
  readonly channels: 3 | 4;
}

async function encodePhoto(
  image: Pixels,
  ending: string,
  { quality: asked, aigc }: Pick<SequenceSettings, 'quality' | 'aigc'>,
): Promise<Buffer> {
  const { data, width, height, channels } = image;
  if (ending === 'bmp') return channels === 3 ? encodeBmp(image) : encodeBmp(...splitAlpha(image));
  const quality = Math.max(1, asked);
  const picture = sharp(data, { raw: { width, height, channels }, limitInputPixels: false }).withXmp(
    markXmp(undefined, aigc),
  );
  switch (ending) {
    case 'jpg':
    case 'jpeg':
      return picture
        .jpeg({ quality, chromaSubsampling: quality >= FULL_CHROMA_QUALITY ? '4:4:4' : '4:2:0' })
        .toBuffer();
    case 'webp':
      return picture.webp({ quality }).toBuffer();
    case 'tif':
    case 'tiff':
      return picture.tiff({ compression: 'lzw', predictor: 'horizontal' }).toBuffer();
    default:
      return picture.png().toBuffer();
  }
}

function splitAlpha({ data, width, height }: Pixels): [RgbImage, alpha: Uint8Array] {
  const rgb = new Uint8Array(width * height * 3);
  const alpha = new Uint8Array(width * height);
  for (let pixel = 0, from = 0, to = 0; pixel < alpha.length; pixel++) {
    rgb[to++] = data[from++]!;
    rgb[to++] = data[from++]!;
    rgb[to++] = data[from++]!;
    alpha[pixel] = data[from++]!;
  }
  return [{ data: rgb, width, height }, alpha];
}

/**
 * Refuses a sequence that is there already, or that an input is a part of.
 * @param pattern absolute
 * @throws OUTPUT_EXISTS (without `force`), PATH_CONFLICT
 */
export async function refuseExistingSequence(
  pattern: string,
  { force, inputs }: { readonly force: boolean; readonly inputs: readonly string[] },
): Promise<void> {
  const conflict = inputs
    .map((input) => resolve(input))
    .find((input) => dirname(input) === dirname(pattern) && isPartOf(pattern, basename(input)));
  if (conflict !== undefined) {
    throw new AppError(
      'PATH_CONFLICT',
      `The output ${basename(pattern)} is the input ${conflict}, or has it as a part.`,
      {
        hint: 'Choose another folder for the output.',
      },
    );
  }
  const existing = await listSequence(pattern);
  if (existing.length === 0 || force) return;
  throw new AppError('OUTPUT_EXISTS', `The output ${pattern} exists: ${existing.length} files, as ${existing[0]}.`, {
    hint: 'Use --force to replace all of them, or choose another folder.',
  });
}

const isPartOf = (pattern: string, name: string): boolean =>
  name === basename(pattern) || matchesSequence(pattern, name);

const listSequence = async (pattern: string): Promise<string[]> =>
  (await readdir(dirname(pattern))).filter((name) => matchesSequence(pattern, name)).sort();

/**
 * Gives photos their names. Those of an earlier sequence with the same names are removed, all of them, so that a longer
 * one leaves no end behind. Where that fails half-way, everything is put back.
 * @param folder holds the photos by number; removed when done
 * @param pattern absolute
 * @throws what the file system says
 */
export async function publishSequence(folder: string, pattern: string): Promise<void> {
  const photos = (await readdir(folder)).filter((name) => /^\d+\.\w+$/.test(name));
  const earlier = join(folder, 'earlier');
  await mkdir(earlier);
  const done: (readonly [from: string, to: string])[] = [];
  const move = async (from: string, to: string): Promise<void> => {
    await rename(from, to);
    done.push([from, to]);
  };
  try {
    for (const name of await listSequence(pattern)) await move(join(dirname(pattern), name), join(earlier, name));
    for (const name of photos) await move(join(folder, name), sequencePath(pattern, Number.parseInt(name, 10)));
  } catch (error) {
    for (const [from, to] of done.reverse()) await rename(to, from);
    throw error;
  }
  await rm(folder, { recursive: true, force: true });
}

/** Makes the folder of an unfinished sequence, empty. */
export async function openSequenceFolder(path: string): Promise<void> {
  if ((await stat(path).catch(() => undefined))?.isDirectory()) await rm(path, { recursive: true });
  await mkdir(path, { mode: 0o700 });
}
