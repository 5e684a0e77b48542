/** Frames a second of a whole 720p video beside a bare ffmpeg that decodes, pipes and encodes the same. */
import { spawn } from 'node:child_process';
import { median } from '../src/evaluate/metrics/statistics.ts';
import { findFfmpeg } from '../src/media/find-ffmpeg.ts';
import { qualityToCrf } from '../src/media/video-encoders.ts';
import { process as processMedia } from '../src/runner/process.ts';
import { AS_720P, ClipFolder } from './clips.ts';
import type { FaceLibrary } from './face-library.ts';
import { writeSourcePhoto } from './source-photo.ts';
import type { ExtraOptions } from './swap-still.ts';

export interface WholeVideoMeasures {
  readonly frames: number;
  readonly runs: number;
  /** Bare ffmpeg: decode | encode, two processes and a pipe, the encoder's settings equal to the run's. */
  readonly ffmpegFps: number;
  /** The frame loop of a run, and the whole run with models and sources. */
  readonly loopFps: number;
  readonly wholeFps: number;
  readonly loopShare: number;
  readonly wholeShare: number;
}

const MEDIA = 'cap12';
const SOURCE = 's6#3';
const FRAMES = 300;
const RUNS = 5;
const WIDTH = 1280;
const HEIGHT = 720;
const DEFAULT_QUALITY = 80;

/** Runs both in turn, so that they share whatever else the machine does; medians. */
export async function measureWholeVideo(library: FaceLibrary, extra: ExtraOptions): Promise<WholeVideoMeasures> {
  await using folder = await ClipFolder.create();
  const source = await writeSourcePhoto(library, SOURCE, folder);
  const target = await folder.make('target.mp4', library.mediaPath(MEDIA), { frames: FRAMES, filters: AS_720P });
  const bare: number[] = [];
  const loop: number[] = [];
  const whole: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    bare.push(FRAMES / (await bareSeconds(target, folder.path('bare.mp4'))));
    const outputPath = folder.path(`result-${run}.mp4`);
    const { timing } = await processMedia({ ...extra, sourcePaths: [source], targetPath: target, outputPath });
    if (timing.framesPerSecond === undefined) throw new Error('A video run must know its frames a second.');
    loop.push(timing.framesPerSecond);
    whole.push(FRAMES / timing.totalSeconds);
  }
  const ffmpegFps = median(bare);
  const loopFps = median(loop);
  const wholeFps = median(whole);
  return {
    frames: FRAMES,
    runs: RUNS,
    ffmpegFps,
    loopFps,
    wholeFps,
    loopShare: loopFps / ffmpegFps,
    wholeShare: wholeFps / ffmpegFps,
  };
}

async function bareSeconds(input: string, output: string): Promise<number> {
  const { ffmpegPath } = await findFfmpeg();
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p'];
  const crf = String(qualityToCrf('libx264', DEFAULT_QUALITY));
  const start = performance.now();
  const decoder = spawn(ffmpegPath, ['-v', 'error', '-nostdin', '-i', input, ...raw, '-'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const encoder = spawn(
    ffmpegPath,
    [
      ...['-v', 'error', '-y', '-thread_queue_size', '4', ...raw, '-s', `${WIDTH}x${HEIGHT}`, '-r', '25', '-i', '-'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', crf, '-pix_fmt', 'yuv420p', output],
    ],
    { stdio: [decoder.stdout, 'ignore', 'inherit'] },
  );
  // The encoder holds the pipe now. Left open here, it would never be seen to close.
  decoder.stdout.destroy();
  const exit = (child: typeof decoder | typeof encoder): Promise<number | null> =>
    new Promise((resolve) => child.once('exit', resolve));
  const codes = await Promise.all([exit(decoder), exit(encoder)]);
  if (codes.some((code) => code !== 0)) throw new Error(`The bare ffmpeg failed with ${codes.join(' and ')}.`);
  return (performance.now() - start) / 1000;
}
