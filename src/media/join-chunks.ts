/** Puts the chunks of a video together, with everything else that the target has. */
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { countFrames, type MuxSettings, muxOutput } from './mux-output.ts';
import { toOutputError } from './output-file.ts';

/** A chunk that is whole. */
export interface JoinedChunk {
  readonly path: string;
  /** When its first frame is shown, seconds from the start of the target. */
  readonly firstSeconds: number;
  readonly frames: number;
}

export interface JoinOptions extends Omit<MuxSettings, 'videoPath' | 'isList' | 'startSeconds' | 'trimSeconds'> {
  /** In order, at least one. They lie in one folder that may be written to. */
  readonly chunks: readonly JoinedChunk[];
  /** When the last frame is no longer shown. */
  readonly endSeconds: number;
  /** True when only a part of the target was made: the sound is cut to it. */
  readonly trim: boolean;
}

/**
 * Joins chunks without encoding them again, and verifies that every frame is there. The file appears at `outputPath`
 * when it is complete.
 * @throws OUTPUT_FAILED (disk full, no permission), FFMPEG_FAILED, CANCELLED
 */
export async function joinChunks(options: JoinOptions): Promise<void> {
  const { chunks, endSeconds, trim, outputPath, plan, signal } = options;
  const first = chunks[0];
  if (!first) throw new AppError('INTERNAL', 'A video without frames cannot be joined.');
  const startSeconds = first.firstSeconds;
  const listPath = join(dirname(first.path), 'chunks.ffconcat');
  const joinedPath = `${outputPath}.join`;
  try {
    await writeFile(listPath, concatList(chunks, endSeconds));
    await muxOutput({
      ...options,
      videoPath: listPath,
      isList: true,
      outputPath: joinedPath,
      startSeconds: Math.max(0, startSeconds),
      trimSeconds: trim ? { start: Math.max(0, startSeconds), duration: endSeconds - startSeconds } : undefined,
    });
    const expected = chunks.reduce((sum, { frames }) => sum + frames, 0);
    const frames = await countFrames(joinedPath, plan.muxer, signal);
    if (frames !== expected) {
      throw new AppError('FFMPEG_FAILED', `Expected ${expected} frames in the output, found ${frames}.`);
    }
    await rename(joinedPath, outputPath);
  } catch (error) {
    throw toOutputError(error, outputPath);
  } finally {
    await rm(joinedPath, { force: true });
    await rm(listPath, { force: true });
  }
}

/**
 * ffmpeg's list of files, each with its length: it would add up lengths of its own otherwise, and be late by a
 * millisecond a chunk. Lengths are differences of rounded times, so that rounding does not add up.
 */
function concatList(chunks: readonly JoinedChunk[], endSeconds: number): string {
  const microseconds = (seconds: number): number => Math.round(seconds * 1e6);
  const lines = chunks.map(({ path, firstSeconds }, index) => {
    const end = chunks[index + 1]?.firstSeconds ?? endSeconds;
    const length = microseconds(end) - microseconds(firstSeconds);
    // Inside single quotes everything is literal; a quote ends them, stands for itself escaped, and begins them again.
    return `file '${resolve(path).replaceAll("'", "'\\''")}'\nduration ${(length / 1e6).toFixed(6)}\n`;
  });
  return `ffconcat version 1.0\n${lines.join('')}`;
}
