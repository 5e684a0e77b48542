/** Decodes animated WebP, which ffmpeg cannot up to version 7, with sharp, a few pages at a time. */
import { basename } from 'node:path';
import sharp from 'sharp';
import { AppError } from '../core/errors.ts';
import type { FrameSource } from './media-thread/frame-source.ts';
import type { VideoInfo } from './probe.ts';
import { rgbToI420 } from './rgb-to-i420.ts';

/** Pages that are decoded at a time. To decode a page libvips decodes all before it: the more at a time the better. */
const BLOCK_BYTES = 64_000_000;
const MAX_BLOCK_PAGES = 100;

export interface AnimationRange {
  /** First frame, from 0. */
  readonly startFrame: number;
  /** Frames to yield at most; absent means all. */
  readonly frameCount: number | undefined;
}

/**
 * Opens an animation like a video that ffmpeg decodes. Frames have even size; what is transparent is white.
 * @param info with `frameTimes`
 * @throws from `next`: VIDEO_TRUNCATED after the frames that are there, INPUT_UNREADABLE where not one decodes
 */
export function startAnimationSource(path: string, info: VideoInfo, range: AnimationRange): FrameSource {
  const { width, height, frameWidth, frameHeight, colour, frameTimes = [] } = info;
  const bytesPerPage = width * height * 3;
  const pagesPerBlock = Math.max(1, Math.min(MAX_BLOCK_PAGES, Math.floor(BLOCK_BYTES / bytesPerPage)));
  const end = Math.min(frameTimes.length, range.startFrame + (range.frameCount ?? frameTimes.length));
  const free: Uint8Array[] = [];
  let page = range.startFrame;
  let block: Uint8Array = new Uint8Array(0);
  let blockStart = page;
  let stopped = false;

  const decode = async (count: number): Promise<Uint8Array> => {
    const input = { page, pages: count, failOn: 'error', limitInputPixels: false } as const;
    const { data } = await sharp(path, input)
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (data.length !== count * bytesPerPage) throw new AppError('INTERNAL', `Page ${page} has another size.`);
    return data;
  };
  const decodeNext = async (): Promise<void> => {
    const count = Math.min(pagesPerBlock, end - page);
    // One damaged page fails its whole block.
    block = await decode(count)
      .catch(() => decode(1))
      .catch((cause: Error) => {
        throw damaged(path, page, cause);
      });
    blockStart = page;
  };

  return {
    async next() {
      if (stopped || page >= end) return undefined;
      if ((page - blockStart) * bytesPerPage >= block.length) await decodeNext();
      const data = free.pop() ?? new Uint8Array(new SharedArrayBuffer((frameWidth * frameHeight * 3) / 2));
      const from = (page - blockStart) * bytesPerPage;
      const rgb = block.subarray(from, from + bytesPerPage);
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
      stop: close,
      kill: close,
      [Symbol.asyncDispose]: close,
    },
  };

  async function close(): Promise<void> {
    stopped = true;
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
