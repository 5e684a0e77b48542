/** Encodes frames into the partial file of an output, then adds what else the target has. */
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { cancelled, throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { I420Frame } from '../core/image.ts';
import { encodeArguments, type VideoPreset } from './encode-arguments.ts';
import { type FfmpegProcess, startFfmpeg } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { createFrameHeader, matroskaHeader } from './matroska-raw.ts';
import { countFrames, encodeFailure, muxOutput } from './mux-output.ts';
import type { OutputFile } from './output-file.ts';
import { planVideoOutput, type VideoEncoder, type VideoOutputPlan } from './plan-video-output.ts';
import type { VideoInfo } from './probe.ts';

/** What `write` takes: a frame of the size that the reader yields, and when it is shown. */
export interface TimedFrame extends I420Frame {
  /** Seconds from the start of the target. */
  readonly ptsSeconds: number;
}

export interface VideoWriterOptions {
  /** The target's facts: colour, time base, pixel shape, audio. */
  readonly info: VideoInfo;
  readonly encoder: VideoEncoder;
  readonly preset: VideoPreset;
  /** 0..100 */
  readonly quality: number;
  /** Frames that a crash may cost at most. */
  readonly chunkSize: number;
  /** The target: its audio, subtitles, chapters and metadata are taken over. Absent: none. */
  readonly audioFrom?: string | undefined;
  /** 0..100; 0 drops the audio, 100 copies it. */
  readonly audioVolume: number;
  /** True when only a part of the target is written: the audio is cut to it. Default false: all of it is kept. */
  readonly trim?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Takes frames in order. The creator disposes it, which ends ffmpeg; the output file belongs to its own creator. */
export interface VideoWriter extends AsyncDisposable {
  /**
   * Encodes one frame. The frame is lent: it may be used again when the promise resolves, which is when ffmpeg has it.
   * @throws OUTPUT_FAILED (disk full), FFMPEG_FAILED, CANCELLED
   */
  write(frame: TimedFrame): Promise<void>;
  /**
   * Ends the encoding, adds audio and metadata, and verifies that every frame is there. The complete file then is the
   * output's partial file; the caller commits it.
   * @throws OUTPUT_FAILED, FFMPEG_FAILED, CANCELLED
   */
  finish(): Promise<void>;
  /**
   * Stops. With `keepPartial`, the frames written so far stay in the output's partial file as a playable MP4 without
   * audio, unless there are none; else ffmpeg is killed.
   * @returns frames that the partial file holds
   */
  abandon(options: { readonly keepPartial: boolean }): Promise<number>;
  /** Frames that ffmpeg has taken. */
  readonly framesWritten: number;
  /** Process id of the running ffmpeg. */
  readonly processId: number | undefined;
}

/** One run of the encoder. */
interface Encoder {
  readonly process: FfmpegProcess;
  readonly stdin: Writable;
  readonly plan: VideoOutputPlan;
}

/**
 * Opens a writer; ffmpeg starts with the first frame. Call `planVideoOutput` before any work to learn about missing
 * encoders and impossible containers.
 * @throws from `write`: what `planVideoOutput` throws, with the first frame
 */
export function openVideoWriter(output: OutputFile, options: VideoWriterOptions): VideoWriter {
  const { info, signal } = options;
  const header = createFrameHeader((info.frameWidth * info.frameHeight * 3) / 2);
  let encoder: Encoder | undefined;
  let framesWritten = 0;
  let firstSeconds = 0;
  let lastMicroseconds = -1;

  const failure = async (running: Encoder): Promise<AppError> => {
    if (signal?.aborted) return cancelled(signal);
    // It has closed its input, so that it is about to end by itself.
    const exit = await running.process.exited;
    return encodeFailure(exit, running.process.stderrTail(), output.path, 'encoding the video');
  };

  const closeInput = async (running: Encoder): Promise<void> => {
    running.stdin.end();
    const exit = await running.process.exited;
    if (signal?.aborted && running.process.stopped) throw cancelled(signal);
    if (exit.code !== 0) throw await failure(running);
  };

  return {
    get framesWritten() {
      return framesWritten;
    },
    get processId() {
      return encoder?.process.processId;
    },

    async write(frame) {
      throwIfAborted(signal);
      if (frame.width !== info.frameWidth || frame.height !== info.frameHeight) {
        throw new AppError(
          'INTERNAL',
          `Expected a frame of ${info.frameWidth} x ${info.frameHeight}, received ${frame.width} x ${frame.height}.`,
        );
      }
      if (!encoder) {
        encoder = await startEncoder(output, options);
        firstSeconds = frame.ptsSeconds;
        await send(encoder.stdin, [
          matroskaHeader({ width: info.frameWidth, height: info.frameHeight, fps: info.fps }),
        ]).catch(ignoreClosed);
      }
      // Encoders refuse frames that do not go forward in time, which damaged files have.
      const microseconds = Math.max(lastMicroseconds + 1, Math.round((frame.ptsSeconds - firstSeconds) * 1e6));
      try {
        await send(encoder.stdin, [header.at(microseconds), frame.data]);
      } catch {
        // The error here is a bare EPIPE; how ffmpeg ended tells the reason.
        throw await failure(encoder);
      }
      lastMicroseconds = microseconds;
      framesWritten++;
    },

    async finish() {
      throwIfAborted(signal);
      if (!encoder) throw new AppError('INTERNAL', 'A video without frames cannot be finished.');
      await closeInput(encoder);
      await completeFile(output, options, encoder.plan, {
        frames: framesWritten,
        startSeconds: Math.max(0, firstSeconds),
        durationSeconds: lastMicroseconds / 1e6 + 1 / info.fps,
      });
    },

    async abandon({ keepPartial }) {
      if (!encoder) return 0;
      if (!keepPartial || framesWritten === 0) {
        await encoder.process.kill();
        return 0;
      }
      output.keepPartial();
      encoder.stdin.end();
      await encoder.process.exited;
      // A full disk may have ended ffmpeg before the last frames were in the file.
      return countFrames(output.partialPath, 'mp4').catch(() => 0);
    },

    async [Symbol.asyncDispose]() {
      await encoder?.process.stop();
    },
  };
}

async function startEncoder(output: OutputFile, options: VideoWriterOptions): Promise<Encoder> {
  const { info, preset, quality, chunkSize } = options;
  const plan = await planVideoOutput(output.path, options.encoder);
  const ffmpeg = await findFfmpeg();
  const args = encodeArguments(output.partialPath, { info, plan, preset, quality, chunkSize });
  // The signal is not passed on: an abandoned encoder must be able to complete its file.
  const process = startFfmpeg(ffmpeg.ffmpegPath, args, { input: true });
  if (!process.stdin) {
    throw encodeFailure(await process.exited, process.stderrTail(), output.path, 'encoding the video');
  }
  return { process, stdin: process.stdin, plan };
}

/** Sends buffers in one call and waits until the operating system has taken the last byte of them. */
function send(stdin: Writable, buffers: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve, reject) => {
    stdin.cork();
    buffers.forEach((buffer, index) => {
      const isLast = index === buffers.length - 1;
      stdin.write(buffer, isLast ? (error) => (error ? reject(error) : resolve()) : undefined);
    });
    stdin.uncork();
  });
}

/** A header that found the pipe closed: the frame after it reports why. */
const ignoreClosed = (): void => {};

interface WrittenFrames {
  readonly frames: number;
  readonly startSeconds: number;
  readonly durationSeconds: number;
}

/** Makes the final file beside the partial one, verifies it, and puts it in the place of the partial one. */
async function completeFile(
  output: OutputFile,
  options: VideoWriterOptions,
  plan: VideoOutputPlan,
  written: WrittenFrames,
): Promise<void> {
  const { info, signal } = options;
  const muxPath = `${output.partialPath}.mux`;
  try {
    await muxOutput({
      videoPath: output.partialPath,
      outputPath: muxPath,
      plan,
      info,
      othersFrom: options.audioFrom,
      audioVolume: options.audioVolume,
      startSeconds: written.startSeconds,
      trimSeconds: options.trim ? { start: written.startSeconds, duration: written.durationSeconds } : undefined,
      signal,
    });
    const frames = await countFrames(muxPath, plan.muxer, signal);
    if (frames !== written.frames) {
      throw new AppError('FFMPEG_FAILED', `Expected ${written.frames} frames in the output, found ${frames}.`);
    }
    await rename(muxPath, output.partialPath);
  } catch (error) {
    await rm(muxPath, { force: true });
    throw error;
  }
}
