/** One decoder of a video and the buffers that it fills: planes of even size, in shared memory. */
import { basename } from 'node:path';
import { fillProxy } from '../core/deep-frame.ts';
import { AppError } from '../core/errors.ts';
import { decodeArguments } from './decode-arguments.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import type { FrameLocation } from './locate-frame.ts';
import { type FrameSource, type RawFrame, startFrameSource } from './media-thread/frame-source.ts';
import { i420Bytes, padToEven } from './pad-frame.ts';
import { startPictureSource } from './picture-source.ts';
import type { VideoInfo } from './probe.ts';

/** Bytes that may be decoded ahead, so that frames of 8K are not kept waiting by the dozen. */
const READ_AHEAD_BYTES = 64_000_000;
/** Frames a second that any machine drops on the way to the first that is wanted. */
const SLOWEST_DROPPING = 5;

/** A frame as the reader lends it, with its time stamp in the file's own clock. */
export interface DecodedFrame extends RawFrame {
  readonly deep?: Uint16Array;
}

/** In pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Frames one after another. The creator ends it with `process.stop`. */
export interface Decoder {
  readonly process: FrameSource['process'];
  /** The next frame, or undefined when there is none. Give it back with `recycle`. */
  next(): Promise<DecodedFrame | undefined>;
  recycle(frame: DecodedFrame): void;
}

export interface DecoderOptions {
  readonly location: FrameLocation;
  /** Frames to yield at most; absent means all. */
  readonly frameCount: number | undefined;
  /** Frames that are lent at the same time. */
  readonly lentFrames: number;
  /** Frames that may be ready before they are asked for. */
  readonly readAhead: number;
  /** Filters of ffmpeg for the upright frames; not for pictures that ffmpeg does not decode. */
  readonly filters?: readonly string[] | undefined;
  /** Of the frames, where it is not the video's own; even. Not for pictures that ffmpeg does not decode. */
  readonly size?: FrameSize | undefined;
  readonly signal: AbortSignal | undefined;
}

/** @throws FFMPEG_NOT_FOUND, FFMPEG_TOO_OLD; and what `startPictureSource` throws */
export async function startDecoder(path: string, info: VideoInfo, options: DecoderOptions): Promise<Decoder> {
  const { location, frameCount, lentFrames, readAhead, signal } = options;
  if (info.frameTimes) {
    const source = startPictureSource(path, info, { startFrame: location.dropFrames, frameCount });
    return { ...source, recycle: ({ data }) => source.recycle(data) };
  }
  const { ffmpegPath } = await findFfmpeg();
  const isDeep = info.frameBitDepth === 10;
  const { size } = options;
  const shown = size === undefined ? info : sizedInfo(info, size);
  const filters = [...(options.filters ?? []), ...(size === undefined ? [] : [shrinkTo(size)])];
  const frameBytes = i420Bytes(shown.width, shown.height) * (isDeep ? 2 : 1);
  const ahead = Math.max(1, Math.min(readAhead, Math.floor(READ_AHEAD_BYTES / frameBytes)));
  const source = startFrameSource({
    binary: ffmpegPath,
    args: decodeArguments(path, info, location, frameCount, filters),
    frameBytes,
    // A picture of odd size is copied into another buffer, and its own is free again.
    bufferCount: ahead + (shown.padded ? 1 : lentFrames),
    signal,
  });
  const padded = shown.padded ? toEvenFrames(source, shown, isDeep) : passFrames(source, isDeep);
  return isDeep ? withProxies(padded, shown) : padded;
}

/** What is said of a video whose frames come in another size. */
export const sizedInfo = (info: VideoInfo, { width, height }: FrameSize): VideoInfo => ({
  ...info,
  ...{ width, height, frameWidth: width, frameHeight: height, padded: false },
});

/** Area averages: small pictures of sharp videos do not flicker. */
const shrinkTo = ({ width, height }: FrameSize): string => `scale=w=${width}:h=${height}:flags=area`;

/** Samples of 16 bits in the same memory. */
const asDeep = ({ buffer, byteOffset, byteLength }: Uint8Array): Uint16Array =>
  new Uint16Array(buffer, byteOffset, byteLength / 2);

function passFrames(source: FrameSource, isDeep: boolean): Decoder {
  return {
    process: source.process,
    async next() {
      const raw = await source.next();
      return raw && isDeep ? { ...raw, deep: asDeep(raw.data) } : raw;
    },
    recycle: ({ data }) => source.recycle(data),
  };
}

/** Copies pictures of odd size into frames of even size. */
function toEvenFrames(source: FrameSource, info: VideoInfo, isDeep: boolean): Decoder {
  const { width, height, frameWidth, frameHeight } = info;
  const bytes = i420Bytes(frameWidth, frameHeight) * (isDeep ? 2 : 1);
  const pool: Uint8Array[] = [];
  return {
    process: source.process,
    async next() {
      const raw = await source.next();
      if (!raw) return undefined;
      const data = pool.pop() ?? new Uint8Array(new SharedArrayBuffer(bytes));
      const deep = isDeep ? asDeep(data) : undefined;
      if (deep) padToEven(asDeep(raw.data), width, height, deep);
      else padToEven(raw.data, width, height, data);
      source.recycle(raw.data);
      return { data, seconds: raw.seconds, ...(deep ? { deep } : {}) };
    },
    recycle: ({ data }) => void pool.push(data),
  };
}

/** Adds the 8-bit picture to frames with deep samples, in the place of their bytes. */
function withProxies(decoder: Decoder, { frameWidth, frameHeight, colour }: VideoInfo): Decoder {
  const pool: Uint8Array[] = [];
  const deepBytes = new WeakMap<Uint8Array, DecodedFrame>();
  return {
    process: decoder.process,
    async next() {
      const frame = await decoder.next();
      if (!frame?.deep) return undefined;
      const { deep, seconds } = frame;
      const data = pool.pop() ?? new Uint8Array(new SharedArrayBuffer(deep.length));
      fillProxy({ data, deep, width: frameWidth, height: frameHeight, colour });
      deepBytes.set(data, frame);
      return { data, deep, seconds };
    },
    recycle({ data }) {
      pool.push(data);
      decoder.recycle(deepBytes.get(data)!);
    },
  };
}

/**
 * Waits for the first frame, but not for ever: a hostile file can keep a decoder busy without one.
 * @param limitSeconds beyond the time that frames to be dropped may take
 * @throws INPUT_UNREADABLE when the time is over; the decoder is gone then
 */
export async function firstFrame(
  decoder: Decoder,
  path: string,
  { dropFrames }: FrameLocation,
  limitSeconds: number,
): Promise<DecodedFrame | undefined> {
  const seconds = limitSeconds + dropFrames / SLOWEST_DROPPING;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    void decoder.process.kill();
  }, seconds * 1000);
  const first = await decoder.next().finally(() => clearTimeout(timer));
  if (!isLate) return first;
  throw new AppError('INPUT_UNREADABLE', `${basename(path)} gave no picture within ${Math.round(seconds)} s.`, {
    hint: 'It is damaged, or this machine is too busy.',
  });
}
