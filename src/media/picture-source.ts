/**
 * Videos that are pictures: animated WebP, which ffmpeg cannot decode up to version 7, and image sequences, which are
 * read as photos are, with their profiles and orientation (and ffmpeg takes JPEG inside TIFF for another colour).
 */
import { basename } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../core/errors.ts';
import { rgbToI420 } from '../core/rgb-to-i420.ts';
import { sequencePath } from './image-sequence.ts';
import type { FrameSource } from './media-thread/frame-source.ts';
import type { VideoInfo } from './probe.ts';
import { readImage } from './read-image.ts';

/** Pages of a WebP that are decoded at a time: to decode one, libvips decodes all before it. */
const BLOCK_BYTES = 64_000_000;
const MAX_BLOCK_PAGES = 100;
/** Photos that are decoded at the same time, within that memory. */
const PHOTOS_AT_ONCE = 3;

export interface PictureRange {
  /** First frame, from 0. */
  readonly startFrame: number;
  /** Frames to yield at most; absent means all. */
  readonly frameCount: number | undefined;
}

/** Interleaved RGB of one frame or several, one below the other. */
interface Block {
  readonly start: number;
  readonly pixels: Promise<Uint8Array>;
}

/**
 * Opens pictures like a video that ffmpeg decodes. Frames have even size; what is transparent is white.
 * @param info with `frameTimes`
 * @throws from `next`: VIDEO_TRUNCATED after the frames of a WebP that are there, INPUT_UNREADABLE where not one decodes
 *   or a photo is damaged, and what else `readImage` throws
 */
export function startPictureSource(path: string, info: VideoInfo, range: PictureRange): FrameSource {
  const { width, height, frameWidth, frameHeight, colour, frameTimes = [], sequence } = info;
  const pageBytes = width * height * 3;
  const inMemory = Math.max(1, Math.floor(BLOCK_BYTES / pageBytes));
  const blockPages = sequence ? 1 : Math.min(MAX_BLOCK_PAGES, inMemory);
  const blocksAhead = sequence ? Math.min(PHOTOS_AT_ONCE, inMemory) : 1;
  const end = Math.min(frameTimes.length, range.startFrame + (range.frameCount ?? frameTimes.length));
  const decode = (start: number): Promise<Uint8Array> =>
    sequence
      ? decodePhoto(sequencePath(path, sequence.firstNumber + start), info)
      : decodePages(path, start, Math.min(blockPages, end - start));
  const blocks: Block[] = [];
  const free: Uint8Array[] = [];
  let page = range.startFrame;
  let planned = page;
  let stopped = false;

  const load = (): void => {
    while (blocks.length < blocksAhead && planned < end) {
      const pixels = decode(planned);
      // Kept until it is awaited in its turn.
      pixels.catch(() => {});
      blocks.push({ start: planned, pixels });
      planned += blockPages;
    }
  };
  /** The pixels of the next frame. */
  const current = async (): Promise<Uint8Array> => {
    for (;;) {
      load();
      const { start, pixels } = blocks[0]!;
      const offset = (page - start) * pageBytes;
      const all = await pixels;
      if (offset + pageBytes <= all.length) return all.subarray(offset, offset + pageBytes);
      blocks.shift();
      // Fewer than expected came, where the rest is damaged.
      if (all.length < blockPages * pageBytes) planned = page;
    }
  };
  const stop = async (): Promise<void> => {
    stopped = true;
    await Promise.allSettled(blocks.map(({ pixels }) => pixels));
  };

  return {
    async next() {
      if (stopped || page >= end) return undefined;
      const rgb = await current();
      const data = free.pop() ?? new Uint8Array(new SharedArrayBuffer((frameWidth * frameHeight * 3) / 2));
      rgbToI420(rgb, width, height, { data, width: frameWidth, height: frameHeight, colour });
      return { data, seconds: frameTimes[page++]! };
    },
    recycle: (data) => void free.push(data),
    process: {
      processId: undefined,
      exited: Promise.resolve({ code: 0, signal: null }),
      get stopped() {
        return stopped;
      },
      stderrTail: () => '',
      stop,
      kill: stop,
      [Symbol.asyncDispose]: stop,
    },
  };
}

/** Decodes pages of a WebP, or the first one alone where they are not all whole. */
async function decodePages(path: string, page: number, count: number): Promise<Uint8Array> {
  const read = (pages: number): Promise<Buffer> =>
    sharp(path, { page, pages, failOn: 'error', limitInputPixels: false })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer();
  return await read(count)
    .catch(() => read(1))
    .catch((cause: Error) => {
      throw damaged(path, page, cause);
    });
}

/** Reads a photo of a sequence in the size of its first. */
async function decodePhoto(path: string, { width, height }: VideoInfo): Promise<Uint8Array> {
  const { image, alpha } = await readImage(path);
  if (alpha) layOnWhite(image.data, alpha);
  if (image.width === width && image.height === height) return image.data;
  const raw = { width: image.width, height: image.height, channels: 3 } as const;
  return await sharp(image.data, { raw, limitInputPixels: false })
    .resize(width, height, { fit: 'fill' })
    .raw({ depth: 'uchar' })
    .toBuffer();
}

function layOnWhite(rgb: Uint8Array, alpha: Uint8Array): void {
  for (let pixel = 0, at = 0; pixel < alpha.length; pixel++, at += 3) {
    const opacity = alpha[pixel]!;
    if (opacity === 255) continue;
    for (let channel = at; channel < at + 3; channel++) {
      rgb[channel] = Math.round((rgb[channel]! * opacity + 255 * (255 - opacity)) / 255);
    }
  }
}

function damaged(path: string, page: number, cause: Error): AppError {
  const name = basename(path);
  const reason = cause.message.split('\n')[0]!.trim();
  const hint = 'Copy or download it again.';
  if (page === 0) return new AppError('INPUT_UNREADABLE', `${name} is damaged: ${reason}.`, { hint, cause });
  return new AppError('VIDEO_TRUNCATED', `${name} ended early, after ${page} frames: ${reason}.`, {
    hint: `${hint} The frames that were there have been read.`,
    details: { frames: page },
    cause,
  });
}
