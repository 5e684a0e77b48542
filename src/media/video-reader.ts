/** Decodes a video into I420 frames, in order, upright, with exact time stamps and bounded memory. */
import { basename } from 'node:path';
import { cancelled, throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { I420Frame } from '../core/image.ts';
import { ffmpegFailure, quoteStderr } from './ffmpeg-process.ts';
import {
  type DecodedFrame,
  type Decoder,
  type FrameSize,
  firstFrame,
  sizedInfo,
  startDecoder,
} from './frame-decoder.ts';
import { locateFrame } from './locate-frame.ts';
import type { RemoteFfmpeg } from './media-thread/media-thread.ts';
import type { VideoInfo } from './probe.ts';

/** Frames that ffmpeg may be ahead of the consumer, so that decoding and processing overlap. */
export const READ_AHEAD_FRAMES = 3;
/** A file that shows nothing for so long is not worth waiting for. */
const OPENING_LIMIT_SECONDS = 120;
/** A video that ends by no more than this before its stated end is not called truncated. */
const END_TOLERANCE_SECONDS = 0.25;
const END_TOLERANCE_FRAMES = 3;

/**
 * One decoded frame, lent to the consumer: its buffer is used again once `lookAhead` further frames have been asked for
 * (without look-ahead, at the next step of the iteration), or after `release`. It may be changed in place.
 */
export interface VideoFrame extends I420Frame {
  /** Number of the frame in the video, from 0. */
  readonly index: number;
  /** Seconds from the start of the file. */
  readonly ptsSeconds: number;
  /** Gives the buffer back early. The frame must not be used afterwards. Later calls do nothing. */
  release(): void;
}

/** How reading ended. */
export interface ReaderOutcome {
  /** Frames that were yielded. */
  readonly frames: number;
  /** True when the video ended before its container said it would. */
  readonly truncated: boolean;
  readonly reason?: string;
}

/**
 * Frames of one video. To be iterated once. Leaving the loop early, or disposing, ends ffmpeg.
 * After the last frame of a truncated video the iteration throws VIDEO_TRUNCATED.
 */
export interface VideoReader extends AsyncDisposable, AsyncIterable<VideoFrame> {
  /** Size of the frames: the picture's, rounded up to even. */
  readonly width: number;
  readonly height: number;
  readonly padded: boolean;
  /** Set when the last frame has been yielded. */
  readonly outcome: ReaderOutcome | undefined;
  /** Process id of the running ffmpeg. */
  readonly processId: number | undefined;
}

export interface VideoReaderOptions {
  /** First frame, from 0. Default 0. */
  readonly startFrame?: number | undefined;
  /** Frame before which to stop. Default: the end. */
  readonly endFrame?: number | undefined;
  /** False decodes from the start of the file, where its index cannot be trusted. Default true. */
  readonly seek?: boolean;
  /** Frames that ffmpeg may be ahead of the consumer. Default `READ_AHEAD_FRAMES`. */
  readonly readAhead?: number;
  /** How many further frames may be asked for while a frame is still in use. Default 0. */
  readonly lookAhead?: number;
  /** How long the first frame may take, beyond those that are dropped before it. Default two minutes. */
  readonly openingSeconds?: number;
  /** Filters of ffmpeg for the upright frames; not for image sequences and animated WebP. */
  readonly filters?: readonly string[] | undefined;
  /** Of the frames, even, where they are to be smaller; image sequences and animated WebP keep their own. */
  readonly size?: FrameSize | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a video for reading; ffmpeg starts with the first frame that is asked for.
 * @param info what `probeVideo` said about the same file
 * @throws while iterating: VIDEO_TRUNCATED (after the frames that are there), INPUT_UNREADABLE (not one frame decodes,
 *   or none in time), FFMPEG_FAILED (killed, crashed), FFMPEG_NOT_FOUND, FFMPEG_TOO_OLD, CANCELLED
 */
export function openVideoReader(path: string, info: VideoInfo, options: VideoReaderOptions = {}): VideoReader {
  const { startFrame = 0, endFrame, seek = true, lookAhead = 0, readAhead = READ_AHEAD_FRAMES, signal } = options;
  const { openingSeconds = OPENING_LIMIT_SECONDS, size } = options;
  const shown = size === undefined || info.frameTimes ? info : sizedInfo(info, size);
  let decoder: Decoder | undefined;
  let outcome: ReaderOutcome | undefined;
  let started = false;

  async function* frames(): AsyncGenerator<VideoFrame, void, void> {
    if (started) throw new AppError('INTERNAL', 'A video reader can be iterated once.');
    started = true;
    throwIfAborted(signal);
    const location = seek ? await locateFrame(path, info, startFrame, signal) : { dropFrames: startFrame };
    const count = endFrame === undefined ? undefined : Math.max(0, endFrame - startFrame);
    if (count === 0) {
      outcome = { frames: 0, truncated: false };
      return;
    }
    const settings = {
      frameCount: count,
      lentFrames: lookAhead + 1,
      readAhead,
      filters: options.filters,
      size,
      signal,
    };
    decoder = await startDecoder(path, info, { ...settings, location });
    let first = await firstFrame(decoder, path, location, openingSeconds);
    if (location.expectedSeconds !== undefined && !hitsTarget(first, location.expectedSeconds, info)) {
      // The container's seek table misleads. Decoding from the start is slow, but cannot miss.
      await decoder.process.stop();
      const fromStart = { dropFrames: startFrame };
      decoder = await startDecoder(path, info, { ...settings, location: fromStart });
      first = await firstFrame(decoder, path, fromStart, openingSeconds);
    }

    const lent: VideoFrame[] = [];
    let yielded = 0;
    let lastSeconds = Number.NaN;
    for (let raw = first; raw; raw = await decoder.next()) {
      throwIfAborted(signal);
      const index = startFrame + yielded;
      const ptsSeconds = raw.seconds === undefined ? index / info.fps : raw.seconds - info.startSeconds;
      const frame = lendFrame(decoder, raw, shown, index, ptsSeconds);
      lent.push(frame);
      yielded++;
      lastSeconds = ptsSeconds;
      yield frame;
      while (lent.length > lookAhead) lent.shift()?.release();
    }
    if (signal?.aborted) throw cancelled(signal);
    if (decoder.process.stopped) return;
    await checkExit(decoder.process, path, startFrame + yielded);
    const reason =
      count !== undefined && yielded >= count
        ? undefined
        : truncation(info, startFrame + yielded, lastSeconds, decoder.process.stderrTail());
    outcome = { frames: yielded, truncated: reason !== undefined, ...(reason ? { reason } : {}) };
    if (reason) throw truncatedError(path, startFrame + yielded, reason, decoder.process.stderrTail());
  }

  return {
    width: shown.frameWidth,
    height: shown.frameHeight,
    padded: shown.padded,
    get outcome() {
      return outcome;
    },
    get processId() {
      return decoder?.process.processId;
    },
    async *[Symbol.asyncIterator]() {
      try {
        yield* frames();
      } finally {
        await decoder?.process.stop();
      }
    },
    async [Symbol.asyncDispose]() {
      await decoder?.process.stop();
    },
  };
}

/**
 * Decodes one frame.
 * @param index from 0
 * @param size  see `VideoReaderOptions`
 * @returns the frame and its time stamp, owned by the caller
 * @throws OPTION_INVALID when the video has no such frame, and everything that reading throws
 */
export async function readVideoFrame(
  path: string,
  info: VideoInfo,
  index: number,
  signal?: AbortSignal,
  size?: FrameSize,
): Promise<I420Frame & { readonly ptsSeconds: number }> {
  const reader = openVideoReader(path, info, { startFrame: index, endFrame: index + 1, size, signal });
  for await (const frame of reader) {
    const { width, height, colour, ptsSeconds } = frame;
    const deep = frame.deep?.slice();
    return { data: frame.data.slice(), width, height, colour, ptsSeconds, ...(deep ? { deep } : {}) };
  }
  throw new AppError('OPTION_INVALID', `Expected a frame of ${basename(path)}, but it ends before frame ${index}.`, {
    hint: `It has about ${info.frameCountEstimate} frames, counted from 0.`,
  });
}

function lendFrame(
  decoder: Decoder,
  decoded: DecodedFrame,
  info: VideoInfo,
  index: number,
  ptsSeconds: number,
): VideoFrame {
  let released = false;
  return {
    data: decoded.data,
    ...(decoded.deep ? { deep: decoded.deep } : {}),
    width: info.frameWidth,
    height: info.frameHeight,
    colour: info.colour,
    index,
    ptsSeconds,
    release() {
      if (released) return;
      released = true;
      decoder.recycle(decoded);
    },
  };
}

function hitsTarget(frame: DecodedFrame | undefined, expectedSeconds: number, info: VideoInfo): boolean {
  return (
    frame?.seconds !== undefined && Math.abs(frame.seconds - expectedSeconds) < 0.4 / Math.max(info.baseFps, info.fps)
  );
}

async function checkExit(process: RemoteFfmpeg, path: string, frames: number): Promise<void> {
  const exit = await process.exited;
  if (exit.code === 0 && frames > 0) return;
  if (exit.spawnError || exit.signal !== null) throw ffmpegFailure(exit, process.stderrTail(), 'decoding the video');
  if (frames === 0) {
    throw new AppError(
      'INPUT_UNREADABLE',
      `Not one frame of ${basename(path)} could be decoded: ${quoteStderr(process.stderrTail()) || 'it holds none'}.`,
      { hint: 'Copy or download it again.' },
    );
  }
  throw ffmpegFailure(exit, process.stderrTail(), 'decoding the video');
}

/** Why this video counts as ended too early; undefined when it does not. Exit code 0 says nothing about it. */
function truncation(info: VideoInfo, frames: number, lastSeconds: number, stderr: string): string | undefined {
  const frameSeconds = 1 / info.fps;
  const missingSeconds = info.durationSeconds - (lastSeconds + frameSeconds);
  const isShort = missingSeconds > Math.max(END_TOLERANCE_SECONDS, END_TOLERANCE_FRAMES * frameSeconds);
  const missingFrames = info.frameCountEstimate - frames;
  if (info.endsEarly && (isShort || missingFrames > 0)) return 'the file is shorter than its container says';
  if (/partial file|File ended prematurely/i.test(stderr) && isShort) return quoteStderr(stderr);
  // A number alone proves little: edit lists hide frames, and the last frame of a slide show may stand for seconds.
  if (info.frameCountStated && info.durationStated && isShort && missingFrames > END_TOLERANCE_FRAMES) {
    return `${frames} of ${info.frameCountEstimate} frames could be decoded`;
  }
  return undefined;
}

function truncatedError(path: string, frames: number, reason: string, stderr: string): AppError {
  return new AppError('VIDEO_TRUNCATED', `${basename(path)} ended early, after ${frames} frames: ${reason}.`, {
    hint: 'Copy or download it again. The frames that were there have been read.',
    details: { frames, stderr: quoteStderr(stderr) },
  });
}
