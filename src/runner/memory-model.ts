/**
 * What a run takes of memory at its peak, as a sum of what its processes hold. The figures were measured on Linux x64
 * with Node 20, ONNX Runtime 1.30 and ffmpeg 5.1, as PSS of each process (docs/performance.md says how); a test machine
 * with other versions differs by some percent.
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
/** A process that only parses and prints. */
const COMMAND_LINE = 45 * MB;
/** Node, ONNX Runtime, sharp, models, kernels and what JavaScript leaves lying about. */
const RUNNER = 285 * MB;
/** Each further thread has models, kernels and sources of its own. */
const THREAD = 105 * MB;
/** Program text and tables of one ffmpeg. */
const FFMPEG = 62 * MB;
/** Frames in a runner beside look-ahead and read-ahead: in work, on the way to the encoder, and copies on the way. */
const FRAMES_IN_RUNNER = 7;
const FRAMES_PER_THREAD = 2;
/** Of ffmpeg's decoders: reference frames and queues, and what each thread adds; threads are one more than cores. */
const DECODER = { frames: 10, framesPerThread: 2.7, mostThreads: 16 } as const;
/** Bytes a pixel that tone mapping holds in floating point. */
const TONE_MAPPING = 25;

/** Frames that an encoder holds with one thread, and for each further one. */
interface EncoderFrames {
  readonly fixedBytes: number;
  readonly frames: (preset: VideoPreset) => number;
  readonly framesPerThread: number;
  readonly threads: (cores: number) => number;
}

/** x264's look-ahead and references grow with the preset; so do its planes of half pixels. */
const X264: Readonly<Record<VideoPreset, number>> = {
  ultrafast: 16,
  superfast: 53,
  veryfast: 66,
  faster: 85,
  fast: 112,
  medium: 145,
  slow: 167,
  slower: 220,
  veryslow: 300,
};
const X265: Readonly<Record<VideoPreset, number>> = {
  ultrafast: 46,
  superfast: 90,
  veryfast: 113,
  faster: 115,
  fast: 120,
  medium: 136,
  slow: 160,
  slower: 220,
  veryslow: 287,
};

const x264: EncoderFrames = {
  fixedBytes: 0,
  frames: (preset) => X264[preset],
  framesPerThread: 7.5,
  threads: (cores) => Math.ceil(1.5 * cores),
};
const ENCODERS: Readonly<Record<string, EncoderFrames>> = {
  libx264: x264,
  libx265: { fixedBytes: 22 * MB, frames: (preset) => X265[preset], framesPerThread: 7, threads: (cores) => cores },
  'libvpx-vp9': { fixedBytes: 25 * MB, frames: () => 90, framesPerThread: 0, threads: () => 1 },
  mpeg2video: { fixedBytes: 0, frames: () => 19, framesPerThread: 1, threads: (cores) => cores },
  lossless: { ...x264, frames: () => X264.ultrafast },
};
/** Devices hold most of their frames themselves: an allowance that nobody has measured. */
const OTHER_ENCODER: EncoderFrames = { fixedBytes: 100 * MB, frames: () => 40, framesPerThread: 0, threads: () => 1 };
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
  return (
    COMMAND_LINE +
    RUNNER +
    THREAD * (threads - 1) +
    frames * frameBytes +
    decoder(video) +
    encodersAtOnce * encoder(video)
  );
}

function decoder({ pixels, bitDepth, isToneMapped, cores }: VideoFacts): number {
  const threads = Math.min(DECODER.mostThreads, cores + 1);
  const frames = DECODER.frames + DECODER.framesPerThread * (threads - 1);
  return FFMPEG + frames * i420Bytes(pixels, bitDepth > 8) + (isToneMapped ? TONE_MAPPING * pixels : 0);
}

function encoder({ outputPixels, isDeep, encoder: name, preset, cores }: VideoFacts): number {
  const isRgb = name === RGB_ENCODER;
  const facts = isRgb ? x264 : (ENCODERS[name] ?? OTHER_ENCODER);
  const frames = facts.frames(preset) + facts.framesPerThread * (facts.threads(cores) - 1);
  return FFMPEG + facts.fixedBytes + frames * i420Bytes(outputPixels, isDeep) * (isRgb ? 2 : 1);
}

/** Bytes a pixel of a photo: decoded, upright, as RGB, changed, and on its way to the file. */
const PHOTO_BYTES_PER_PIXEL = 17.5;
/** Up to here faces and models take more than the picture. */
const SMALL_PHOTO_PIXELS = 7.5 * MB;
const PHOTO_RUNNER = 255 * MB;

/** @returns bytes at the peak of a run on a photo, all its processes together */
export const photoMemory = (pixels: number): number =>
  COMMAND_LINE + PHOTO_RUNNER + PHOTO_BYTES_PER_PIXEL * Math.max(0, pixels - SMALL_PHOTO_PIXELS);
