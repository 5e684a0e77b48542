/**
 * What a run takes of memory at its peak, as a sum of what its processes hold. The figures were measured on Linux x64
 * with Node 20, ONNX Runtime 1.30 and ffmpeg 5.1, pages that processes share counted once (docs/performance.md says how);
 * other versions differ by some percent.
 */
import type { VideoPreset } from '../media/video-encoders.ts';

/** How a run uses memory, as far as that can be chosen. */
export interface MemoryChoice {
  /** Frames by which the tracker is ahead of the processors. */
  readonly lookAheadFrames: number;
  /** Frames that the decoder may be ahead of the tracker. */
  readonly readAheadFrames: number;
  /** Threads that work on frames, the main one included. */
  readonly threads: number;
  /** 2 where a chunk is begun while the one before it is still being encoded. */
  readonly encodersAtOnce: 1 | 2;
}

/** What of a video decides about memory. */
export interface VideoFacts {
  /** Pixels of a frame of the target and of the output. */
  readonly pixels: number;
  readonly outputPixels: number;
  /** Of the target's samples. */
  readonly bitDepth: number;
  /** True where frames are carried and encoded in 10 bits. */
  readonly isDeep: boolean;
  readonly isToneMapped: boolean;
  readonly encoder: string;
  readonly preset: VideoPreset;
  readonly cores: number;
}

const MB = 1e6;
/** What a process that only parses and prints has for itself. */
const COMMAND_LINE = 30 * MB;
/** Node, ONNX Runtime, sharp, models, kernels and what JavaScript leaves lying about. */
const RUNNER = 280 * MB;
/** Each further thread has models, kernels and sources of its own. */
const THREAD = 85 * MB;
/** Text and libraries of ffmpeg, which all its processes share, and what each has for itself. */
const FFMPEG_TEXT = 40 * MB;
const FFMPEG = 24 * MB;
/** Frames in a runner beside look-ahead and read-ahead: in work, on the way to the encoder, and copies on the way. */
const FRAMES_IN_RUNNER = 8;
const FRAMES_PER_THREAD = 2;
/** Of ffmpeg's decoders: reference frames and queues, and what each thread adds; threads are one more than cores. */
const DECODER = { frames: 11, framesPerThread: 3, mostThreads: 16 } as const;
/** Bytes a pixel that tone mapping holds in floating point. */
const TONE_MAPPING = 25;

/** Frames that an encoder holds, and those for each core where its threads are as many as these. */
interface EncoderFrames {
  readonly fixedBytes: number;
  readonly frames: (preset: VideoPreset) => number;
  readonly framesPerCore: number;
}

/** x264's look-ahead and references grow with the preset. It has two threads on any machine. */
const X264: Readonly<Record<VideoPreset, number>> = {
  ultrafast: 22,
  superfast: 55,
  veryfast: 68,
  faster: 92,
  fast: 115,
  medium: 141,
  slow: 170,
  slower: 214,
  veryslow: 277,
};
const X265: Readonly<Record<VideoPreset, number>> = {
  ultrafast: 30,
  superfast: 85,
  veryfast: 98,
  faster: 102,
  fast: 108,
  medium: 116,
  slow: 136,
  slower: 190,
  veryslow: 258,
};

const x264: EncoderFrames = { fixedBytes: 0, frames: (preset) => X264[preset], framesPerCore: 0 };
const ENCODERS: Readonly<Record<string, EncoderFrames>> = {
  libx264: x264,
  libx265: { fixedBytes: 30 * MB, frames: (preset) => X265[preset], framesPerCore: 7 },
  'libvpx-vp9': { fixedBytes: 35 * MB, frames: () => 89, framesPerCore: 0 },
  mpeg2video: { fixedBytes: 0, frames: () => 19, framesPerCore: 1 },
  lossless: { ...x264, frames: () => X264.ultrafast },
};
/** Devices hold most of their frames themselves: an allowance that nobody has measured. */
const OTHER_ENCODER: EncoderFrames = { fixedBytes: 100 * MB, frames: () => 40, framesPerCore: 0 };
/** x264 with frames of RGB, which have twice the bytes of I420. */
const RGB_ENCODER = 'libx264rgb';

/** Bytes of 8 bits, or of 10 bits in two. */
const i420Bytes = (pixels: number, isDeep: boolean): number => pixels * 1.5 * (isDeep ? 2 : 1);

/** @returns bytes at the peak of a run on a video, all its processes together */
export function videoMemory(video: VideoFacts, choice: MemoryChoice): number {
  const { lookAheadFrames, readAheadFrames, threads, encodersAtOnce } = choice;
  const frames = lookAheadFrames + readAheadFrames + FRAMES_IN_RUNNER + FRAMES_PER_THREAD * (threads - 1);
  // Beside deep samples there are those of 8 bits, for finding faces.
  const frameBytes = i420Bytes(video.pixels, false) + (video.isDeep ? i420Bytes(video.pixels, true) : 0);
  const runner = RUNNER + THREAD * (threads - 1) + frames * frameBytes;
  return COMMAND_LINE + runner + FFMPEG_TEXT + decoder(video) + encodersAtOnce * encoder(video);
}

function decoder({ pixels, bitDepth, isToneMapped, cores }: VideoFacts): number {
  const threads = Math.min(DECODER.mostThreads, cores + 1);
  const frames = DECODER.frames + DECODER.framesPerThread * (threads - 1);
  return FFMPEG + frames * i420Bytes(pixels, bitDepth > 8) + (isToneMapped ? TONE_MAPPING * pixels : 0);
}

function encoder({ outputPixels, isDeep, encoder: name, preset, cores }: VideoFacts): number {
  const isRgb = name === RGB_ENCODER;
  const facts = isRgb ? x264 : (ENCODERS[name] ?? OTHER_ENCODER);
  const frames = facts.frames(preset) + facts.framesPerCore * cores;
  return FFMPEG + facts.fixedBytes + frames * i420Bytes(outputPixels, isDeep) * (isRgb ? 2 : 1);
}

/** Bytes a pixel of a photo: decoded, upright, as RGB, changed, and on its way to the file. */
const PHOTO_BYTES_PER_PIXEL = 15;
const PHOTO_RUNNER = 270 * MB;

/** @returns bytes at the peak of a run on a photo, all its processes together */
export const photoMemory = (pixels: number): number => COMMAND_LINE + PHOTO_RUNNER + PHOTO_BYTES_PER_PIXEL * pixels;
