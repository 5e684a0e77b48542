/** Small clips and photos for tests, made on the spot by the real ffmpeg and sharp. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type AppError, isAppError } from '../../src/core/errors.ts';
import { findFfmpeg } from '../../src/media/find-ffmpeg.ts';

const run = promisify(execFile);

/** A folder of its own for a test file. Remove it with `removeFolder` when the tests are over. */
export const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'facefusion-test-'));

export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** The AppError that this ends with. Fails where it ends otherwise. */
export async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isAppError(error)) return error;
  throw new Error(`expected an AppError, got ${String(error)}`);
}

/** Runs ffmpeg with these arguments. Fails with its stderr. */
export async function ffmpeg(...args: readonly string[]): Promise<void> {
  const { ffmpegPath } = await findFfmpeg();
  await run(ffmpegPath, ['-nostdin', '-v', 'error', '-y', ...args]);
}

/** Runs ffprobe and gives the entries of the first video stream that were asked for, as text by name. */
export async function probeEntries(path: string, entries: string, stream = 'v:0'): Promise<Record<string, string>> {
  const { ffprobePath } = await findFfmpeg();
  const what = [
    '-v',
    'error',
    '-select_streams',
    stream,
    '-show_entries',
    entries,
    '-of',
    'default=noprint_wrappers=1',
  ];
  const { stdout } = await run(ffprobePath, [...what, '-i', `file:${path}`]);
  const pairs = stdout.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}

/** Presentation times of all packets of a stream, sorted, in seconds. */
export async function packetTimes(path: string, stream = 'v:0'): Promise<number[]> {
  const { ffprobePath } = await findFfmpeg();
  const entries = 'packet=pts_time,dts_time';
  const what = ['-v', 'error', '-select_streams', stream, '-show_entries', entries, '-of', 'csv=p=0'];
  const { stdout } = await run(ffprobePath, [...what, '-i', `file:${path}`]);
  return (
    stdout
      .split('\n')
      .filter((line) => /\d/.test(line))
      // AVI has decoding times only.
      .map((line) => Number.parseFloat(line.replace(/^N\/A,/, '')))
      .sort((a, b) => a - b)
  );
}

/** Presentation times of all frames that a player shows, in seconds, and the time at which the file begins. */
export async function shownTimes(path: string): Promise<{ times: number[]; start: number }> {
  const { ffprobePath } = await findFfmpeg();
  const what = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'frame=best_effort_timestamp_time', '-of'];
  const { stdout } = await run(ffprobePath, [...what, 'csv=p=0', '-i', `file:${path}`]);
  const start = Number((await probeEntries(path, 'format=start_time')).start_time);
  const lines = stdout.split('\n').filter((line) => /\d/.test(line));
  return { times: lines.map((line) => Number.parseFloat(line)), start };
}

/** Codecs of all streams, as in `video:h264`. */
export async function streamCodecs(path: string): Promise<string[]> {
  const { ffprobePath } = await findFfmpeg();
  const what = ['-v', 'error', '-show_entries', 'stream=codec_type,codec_name', '-of', 'csv=p=0', '-i', `file:${path}`];
  const { stdout } = await run(ffprobePath, what);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(',').reverse().join(':'));
}

/** Mean of each plane, and PSNR of luma of one file against another, as ffmpeg measures it. Infinity when equal. */
export async function lumaPsnr(one: string, other: string): Promise<number> {
  const { ffmpegPath } = await findFfmpeg();
  const inputs = ['-i', `file:${one}`, '-i', `file:${other}`];
  const { stderr } = await run(ffmpegPath, ['-nostdin', '-v', 'info', ...inputs, '-lavfi', 'psnr', '-f', 'null', '-']);
  const value = /PSNR y:(\S+)/.exec(stderr)?.[1];
  if (value === undefined) throw new Error(`ffmpeg printed no PSNR: ${stderr.slice(-500)}`);
  return value === 'inf' ? Number.POSITIVE_INFINITY : Number(value);
}

export interface ClipOptions {
  readonly size?: string;
  readonly fps?: number;
  readonly seconds?: number;
  /** Adds a sine tone, of this length when a number is given. */
  readonly audio?: boolean | number;
  /** Output options; default: fast H.264 and AAC. */
  readonly output?: readonly string[];
  /** Filter behind the test pattern. */
  readonly filter?: string;
}

/** A moving test pattern of 320x240, 25 fps, one second, without sound. */
export async function makeClip(path: string, options: ClipOptions = {}): Promise<string> {
  const { size = '320x240', fps = 25, seconds = 1, audio = false, output = [], filter } = options;
  const pattern = `testsrc2=size=${size}:rate=${fps}:duration=${seconds}`;
  const sound = ['-f', 'lavfi', '-i', `sine=frequency=440:duration=${audio === true ? seconds : audio}`];
  await ffmpeg(
    ...['-f', 'lavfi', '-i', filter === undefined ? pattern : `${pattern},${filter}`],
    ...(audio === false ? [] : sound),
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-crf', '12', ...output],
    `file:${path}`,
  );
  return path;
}

/** A clip whose frames come at irregular times: every frame of 25 fps whose number is no multiple of 3 or 7. */
export const makeVariableClip = (path: string): Promise<string> =>
  makeClip(path, {
    seconds: 2,
    audio: true,
    filter: "select='mod(n\\,3)*mod(n\\,7)'",
    output: ['-fps_mode', 'vfr', '-enc_time_base', '1/90000', '-c:a', 'aac'],
  });
