/** Encodes one stretch of a video into a file of its own, as a function of its frames alone. */
import { open, rm, stat } from 'node:fs/promises';
import { AppError } from '../core/errors.ts';
import { renameDurably } from '../core/files/durable-files.ts';
import type { I420Frame } from '../core/image.ts';
import { countMp4Frames } from './count-mp4-frames.ts';
import { countOutputFrames } from './count-output-frames.ts';
import { type EncodeSettings, encodeArguments, isFirstPass } from './encode-arguments.ts';
import { saysOutputFailed } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { createFrameHeader, matroskaHeader, type RawTrack, rawFrameBytes } from './matroska-raw.ts';
import { type FrameSink, startFrameSink } from './media-thread/frame-sink.ts';
import { encodeFailure } from './mux-output.ts';
import { toOutputError } from './output-file.ts';

/** Facts of the target (colour, time base, pixel shape, size), the plan of the output, and what the user chose. */
export type ChunkWriterOptions = EncodeSettings;

/**
 * What `write` takes: a frame of the size that the reader yields, and when it is shown. All frames of a chunk have
 * `deep` samples, which are encoded then, or none. Where the plan has alpha, a frame without is opaque.
 */
export interface TimedFrame extends I420Frame {
  /** Seconds from the start of the target. */
  readonly ptsSeconds: number;
}

/** What is known of a chunk that is whole. */
export interface WrittenChunk {
  readonly frames: number;
  /** When the first frame is shown, seconds from the start of the target. Time 0 of the file. */
  readonly firstSeconds: number;
  /** From there to the end of the last frame, which is taken to be as long as the average. */
  readonly durationSeconds: number;
  readonly bytes: number;
}

/** Takes the frames of a chunk in order. Several may be open at once. The creator disposes it, which is `abandon`. */
export interface ChunkWriter extends AsyncDisposable {
  /**
   * Encodes one frame. The frame is lent: it may be used again when the promise resolves, which is when ffmpeg has it.
   * @throws OUTPUT_FAILED (disk full), FFMPEG_FAILED
   */
  write(frame: TimedFrame): Promise<void>;
  /**
   * Waits until ffmpeg has completed the file, makes sure that every frame is in it, flushes it and gives it its name.
   * Of the first of two passes there is no file.
   * @throws OUTPUT_FAILED, FFMPEG_FAILED
   */
  finish(): Promise<WrittenChunk>;
  /** Kills ffmpeg and removes the unfinished file. Does nothing to a finished chunk. May be called again. */
  abandon(): Promise<void>;
  /** Process id of the running ffmpeg. */
  readonly processId: number | undefined;
}

/**
 * Opens a chunk; ffmpeg starts with the first frame and writes MP4, or Matroska where there is alpha, to `path` with `.part` behind it. The chunk begins
 * with a key frame at time 0 and refers to no other chunk.
 */
export function openChunkWriter(path: string, options: ChunkWriterOptions): ChunkWriter {
  return new Writer(path, options);
}

class Writer implements ChunkWriter {
  readonly #path: string;
  readonly #partPath: string;
  readonly #options: ChunkWriterOptions;
  #encoder: Encoder | undefined;
  #frames = 0;
  #firstSeconds = 0;
  #lastMicroseconds = -1;
  #starting: Promise<Encoder> | undefined;
  /** The alpha of a frame that has none. */
  #opaque: Uint8Array | undefined;

  constructor(path: string, options: ChunkWriterOptions) {
    this.#path = path;
    this.#partPath = `${path}.part`;
    this.#options = options;
  }

  get processId(): number | undefined {
    return this.#encoder?.sink.process.processId;
  }

  async write(frame: TimedFrame): Promise<void> {
    const { frameWidth, frameHeight } = this.#options.info;
    if (frame.width !== frameWidth || frame.height !== frameHeight) {
      throw new AppError(
        'INTERNAL',
        `Expected a frame of ${frameWidth} x ${frameHeight}, received ${frame.width} x ${frame.height}.`,
      );
    }
    this.#starting ??= this.#start(frame);
    const encoder = await this.#starting;
    const pixels = frame.deep ? bytesOf(frame.deep) : frame.data;
    const planes = this.#options.plan.alpha ? [pixels, this.#alphaOf(frame)] : [pixels];
    const received = planes.reduce((sum, { length }) => sum + length, 0);
    if (received !== encoder.header.frameBytes) {
      throw new AppError('INTERNAL', `Expected ${encoder.header.frameBytes} bytes, received ${received}.`);
    }
    // Encoders refuse frames that do not go forward in time, which damaged files have.
    const microseconds = Math.round((frame.ptsSeconds - this.#firstSeconds) * 1e6);
    this.#lastMicroseconds = Math.max(this.#lastMicroseconds + 1, microseconds);
    const parts = [encoder.header.next(this.#lastMicroseconds), ...planes];
    if (!(await encoder.sink.send(parts))) await this.#fail();
    this.#frames++;
  }

  async finish(): Promise<WrittenChunk> {
    if (!this.#encoder) throw new AppError('INTERNAL', 'A chunk without frames cannot be finished.');
    const { process } = this.#encoder.sink;
    this.#encoder.sink.end();
    if ((await process.exited).code !== 0) await this.#fail();
    if (isFirstPass(this.#options.rate)) {
      await rm(this.#partPath, { force: true });
      return this.#facts(0);
    }
    const frames = await (this.#options.plan.alpha
      ? countOutputFrames(this.#partPath, { isMp4: false, muxer: 'matroska' })
      : countMp4Frames(this.#partPath));
    if (frames !== this.#frames) {
      // What did not fit into a full disk at the very end does not change how ffmpeg ends.
      if (saysOutputFailed(process.stderrTail())) await this.#fail();
      throw new AppError('FFMPEG_FAILED', `Expected ${this.#frames} frames in a chunk, found ${frames}.`, {
        details: { stderr: process.stderrTail() },
      });
    }
    try {
      await renameDurably(this.#partPath, this.#path);
      return this.#facts((await stat(this.#path)).size);
    } catch (error) {
      throw toOutputError(error, this.#path);
    }
  }

  #facts(bytes: number): WrittenChunk {
    const durationSeconds = this.#lastMicroseconds / 1e6 + 1 / this.#options.info.fps;
    return { frames: this.#frames, firstSeconds: this.#firstSeconds, durationSeconds, bytes };
  }

  async abandon(): Promise<void> {
    // A start that is under way would leave its file and its process behind.
    await this.#starting?.catch(() => undefined);
    await this.#encoder?.sink.process.kill();
    await rm(this.#partPath, { force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.abandon();
  }

  async #start(first: TimedFrame): Promise<Encoder> {
    const { info } = this.#options;
    const ffmpeg = await findFfmpeg();
    await createPrivately(this.#partPath);
    const args = encodeArguments(this.#partPath, this.#options);
    const sink = startFrameSink({ binary: ffmpeg.ffmpegPath, args });
    this.#firstSeconds = first.ptsSeconds;
    const bitDepth = first.deep ? 10 : 8;
    const { alpha = false } = this.#options.plan;
    const header = createHeader({ width: info.frameWidth, height: info.frameHeight, fps: info.fps, bitDepth, alpha });
    this.#encoder = { sink, header };
    return this.#encoder;
  }

  #alphaOf({ alpha, width, height }: TimedFrame): Uint8Array {
    if (alpha) return alpha;
    this.#opaque ??= new Uint8Array(width * height).fill(255);
    return this.#opaque;
  }

  async #fail(): Promise<never> {
    // It has closed its input, so that it is about to end by itself.
    const exit = await this.#encoder!.sink.process.exited;
    throw encodeFailure(exit, this.#encoder!.sink.process.stderrTail(), this.#path, 'encoding the video');
  }
}

/** One run of the encoder. */
interface Encoder {
  readonly sink: FrameSink;
  readonly header: Header;
}

interface Header {
  readonly frameBytes: number;
  /** What to send before the pixels of the next frame. */
  next(microseconds: number): Uint8Array;
}

function createHeader(track: RawTrack): Header {
  const frameBytes = rawFrameBytes(track);
  const frameHeader = createFrameHeader(frameBytes);
  let isFirst = true;
  return {
    frameBytes,
    next(microseconds) {
      const header = frameHeader.at(microseconds);
      if (!isFirst) return header;
      isFirst = false;
      return Buffer.concat([matroskaHeader(track), header]);
    },
  };
}

/** ffmpeg keeps the mode of a file that it overwrites. */
async function createPrivately(path: string): Promise<void> {
  try {
    await (await open(path, 'w', 0o600)).close();
  } catch (error) {
    throw toOutputError(error, path);
  }
}

const bytesOf = (samples: Uint16Array): Uint8Array =>
  new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
