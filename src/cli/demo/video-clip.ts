/** The few things the demo does with ffmpeg itself: cut a clip, take a frame. */
import { AppError } from '../../core/errors.ts';
import { ffmpegFailure, runFfmpeg, toFfmpegFile } from '../../media/ffmpeg-process.ts';
import { findFfmpeg } from '../../media/find-ffmpeg.ts';

const QUIET = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-protocol_whitelist', 'file,pipe'];

async function ffmpeg(args: readonly string[], task: string, signal: AbortSignal): Promise<void> {
  const { ffmpegPath } = await findFfmpeg();
  const { exit, stderr } = await runFfmpeg(ffmpegPath, [...QUIET, ...args], { signal });
  if (exit.code !== 0) throw ffmpegFailure(exit, stderr, task);
}

/** Cuts the first seconds of a video, with its audio, so finely that the loss is invisible. */
export async function cutClip(input: string, output: string, seconds: number, signal: AbortSignal): Promise<void> {
  const args = [
    '-i',
    toFfmpegFile(input),
    '-t',
    String(seconds),
    '-c:v',
    'libx264',
    '-crf',
    '12',
    '-preset',
    'veryfast',
  ];
  await ffmpeg([...args, '-c:a', 'copy', toFfmpegFile(output)], 'cutting the clip', signal);
}

/** Writes the frame at this time as a PNG. */
export async function takeFrame(input: string, output: string, seconds: number, signal: AbortSignal): Promise<void> {
  const args = ['-ss', seconds.toFixed(3), '-i', toFfmpegFile(input), '-frames:v', '1', '-update', '1'];
  await ffmpeg([...args, toFfmpegFile(output)], 'taking a frame', signal);
}

/** @throws OUTPUT_FAILED, naming the folder */
export function folderError(folder: string, cause: unknown): AppError {
  return new AppError('OUTPUT_FAILED', `The folder ${JSON.stringify(folder)} could not be made.`, {
    hint: 'Choose another one with --output-dir.',
    cause,
  });
}
