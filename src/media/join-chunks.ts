/** Puts the chunks of a video together, with everything else that the target has. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { writeGif, writeWebp } from './animation-output.ts';
import { countOutputFrames } from './count-output-frames.ts';
import { writeSequence } from './image-sequence-output.ts';
import { type MuxSettings, muxOutput } from './mux-output.ts';
import { toOutputError } from './output-file.ts';

/** A chunk that is whole. */
export interface JoinedChunk {
  readonly path: string;
  /** When its first frame is shown, seconds from the start of the target. */
  readonly firstSeconds: number;
  readonly frames: number;
}

export interface JoinOptions
  extends Omit<MuxSettings, 'listPath' | 'startSeconds' | 'durationSeconds' | 'trimSeconds'> {
  /** In order, at least one. They lie in one folder that may be written to. */
  readonly chunks: readonly JoinedChunk[];
  /** When the last frame is no longer shown. */
  readonly endSeconds: number;
  /** True when only a part of the target was made: the sound is cut to it. */
  readonly trim: boolean;
  /** Size of the output relative to the frames, as the chunks were made. */
  readonly scale: number;
}

/**
 * Joins chunks and adds everything else that the target has and the container takes. Where the plan says `copy`, the
 * picture is not encoded again. Every frame is verified to be there; the file appears at `outputPath` when it is
 * complete. For an image sequence that is a folder, which is there already.
 * @throws OUTPUT_FAILED (disk full, no permission), FFMPEG_FAILED, CANCELLED
 */
export async function joinChunks(options: JoinOptions): Promise<void> {
  const { chunks, endSeconds, outputPath, plan } = options;
  const first = chunks[0];
  if (!first) throw new AppError('INTERNAL', 'A video without frames cannot be joined.');
  const listPath = join(dirname(first.path), 'chunks.ffconcat');
  const joinedPath = `${outputPath}.join`;
  try {
    await writeFile(listPath, concatList(chunks, endSeconds));
    if (plan.finish === 'images') {
      const { encoder: ending, alpha = false } = plan;
      check(options, await writeSequence({ ...options, listPath, folder: outputPath, ending, alpha }));
      return;
    }
    await writeJoined(options, listPath, joinedPath);
    await rename(joinedPath, outputPath);
  } catch (error) {
    throw toOutputError(error, outputPath);
  } finally {
    await rm(joinedPath, { force: true });
    await rm(listPath, { force: true });
  }
}

async function writeJoined(options: JoinOptions, listPath: string, outputPath: string): Promise<void> {
  const { chunks, endSeconds, trim, plan, signal } = options;
  const startSeconds = Math.max(0, chunks[0]!.firstSeconds);
  const durationSeconds = endSeconds - startSeconds;
  const settings = { ...options, listPath, outputPath, durationSeconds, frames: expectedFrames(options) };
  switch (plan.finish) {
    case 'webp':
      // Verifies by time: equal frames become one.
      return writeWebp(settings);
    case 'gif':
      await writeGif(settings);
      break;
    default: {
      const trimSeconds = trim ? { start: startSeconds, duration: durationSeconds } : undefined;
      await muxOutput({ ...settings, startSeconds, trimSeconds });
    }
  }
  check(options, await countOutputFrames(outputPath, plan, signal));
}

const expectedFrames = ({ chunks }: JoinOptions): number => chunks.reduce((sum, { frames }) => sum + frames, 0);

function check(options: JoinOptions, frames: number): void {
  const expected = expectedFrames(options);
  if (frames === expected) return;
  throw new AppError('FFMPEG_FAILED', `Expected ${expected} frames in the output, found ${frames}.`);
}

/**
 * ffmpeg's list of files, each with its length: it would add up lengths of its own otherwise, and be late by a
 * millisecond a chunk. Lengths are differences of rounded times, so that rounding does not add up.
 */
function concatList(chunks: readonly JoinedChunk[], endSeconds: number): string {
  const microseconds = (seconds: number): number => Math.round(seconds * 1e6);
  const lines = chunks.map(({ path, firstSeconds }, index) => {
    const end = chunks[index + 1]?.firstSeconds ?? endSeconds;
    // Damaged files have times that go back.
    const length = Math.max(1, microseconds(end) - microseconds(firstSeconds));
    // Inside single quotes everything is literal; a quote ends them, stands for itself escaped, and begins them again.
    return `file '${resolve(path).replaceAll("'", "'\\''")}'\nduration ${(length / 1e6).toFixed(6)}\n`;
  });
  return `ffconcat version 1.0\n${lines.join('')}`;
}
