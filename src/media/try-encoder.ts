/** Whether an encoder works here: drivers and devices show themselves only when it is used. */
import { VIDEO_ENCODERS } from '../core/output-options.ts';
import { quoteStderr, runFfmpeg } from './ffmpeg-process.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import { type ChunkEncoder, factsOf, ffmpegName, usesHardware, type VideoEncoder } from './video-encoders.ts';

/** A driver that has not encoded one frame within this time hangs. */
const TRIAL_LIMIT_SECONDS = 20;
/** Large enough for every encoder: NVENC refuses pictures below 145 pixels. */
const TRIAL_SIZE = 256;

const trials = new Map<string, Promise<string | undefined>>();

/** The frame that is tried. */
export interface Trial {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: 8 | 10;
}

/**
 * Encodes one black frame. The answer is kept for as long as this process lives.
 * @returns undefined when it worked, else why not, as ffmpeg says it
 * @throws FFMPEG_NOT_FOUND, FFMPEG_TOO_OLD
 */
export async function tryEncoder(
  encoder: VideoEncoder | ChunkEncoder,
  { width, height, bitDepth }: Trial = { width: TRIAL_SIZE, height: TRIAL_SIZE, bitDepth: 8 },
): Promise<string | undefined> {
  const { ffmpegPath } = await findFfmpeg();
  const { pixels, deepPixels } = factsOf(encoder);
  const format = bitDepth === 10 ? (deepPixels ?? pixels) : pixels;
  const args = [
    ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', `color=black:s=${width}x${height}:r=25`, '-frames:v', '1'],
    ...['-c:v', ffmpegName(encoder), '-pix_fmt', format, '-f', 'null', '-'],
  ];
  const key = JSON.stringify([ffmpegPath, args]);
  let trial = trials.get(key);
  if (!trial) {
    trial = runTrial(ffmpegPath, args);
    trials.set(key, trial);
    trial.catch(() => trials.delete(key));
  }
  return trial;
}

async function runTrial(ffmpegPath: string, args: readonly string[]): Promise<string | undefined> {
  const { exit, stderr } = await runFfmpeg(ffmpegPath, args, { timeoutSeconds: TRIAL_LIMIT_SECONDS });
  if (exit.code === 0) return undefined;
  return quoteStderr(stderr) || `it ended with ${exit.signal ?? `exit code ${exit.code}`}`;
}

/** The encoders of FaceFusion's list that work here: those of software that this ffmpeg has, those of hardware tried. */
export async function workingEncoders(): Promise<VideoEncoder[]> {
  const existing = await (await findFfmpeg()).encoders();
  const working: VideoEncoder[] = [];
  for (const encoder of VIDEO_ENCODERS) {
    if (!existing.has(encoder)) continue;
    if (!usesHardware(encoder) || (await tryEncoder(encoder)) === undefined) working.push(encoder);
  }
  return working;
}
