/** Short videos of the sample media, made for one test file. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { MEDIA } from '../../e2e/support/cli.ts';

const ffmpeg = (words: readonly string[]): void => {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...words]);
};
/** Quick to make, and every frame is there exactly once. */
const ENCODE = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-r', '25', '-an'];

/** Squares of the frame's number, down the left edge, where nothing is written over the picture: the first is worth 1. */
export const CODE = { side: 16, top: 80, bits: 8, width: 400, height: 300 } as const;

/** One man talking; each frame carries its own number as black and white squares. 400x300, 25 fps. */
export function makeNumberedClip(folder: string, frames: number): string {
  const path = join(folder, 'numbered.mp4');
  const { side, top, bits } = CODE;
  const square = (bit: number, color: string, when: string): string =>
    `drawbox=x=0:y=${top + bit * side}:w=${side}:h=${side}:color=${color}:t=fill:enable='${when}'`;
  const filter = Array.from({ length: bits }, (_, bit) => [
    square(bit, 'black', '1'),
    square(bit, 'white', `mod(floor(n/${2 ** bit})\\,2)`),
  ]);
  ffmpeg([
    '-i',
    MEDIA.talkingMan,
    '-frames:v',
    String(frames),
    '-vf',
    filter.flat().join(','),
    '-crf',
    '12',
    ...ENCODE,
    path,
  ]);
  return path;
}

/** The three women, then the man, then the women again: people leave and come back. 640x450, 25 fps. */
export function makeScenesClip(folder: string, framesEach: number): string {
  const path = join(folder, 'scenes.mp4');
  const seconds = String(framesEach / 25);
  const look = 'scale=640:450,setsar=1,fps=25,format=yuv420p';
  const women = ['-loop', '1', '-framerate', '25', '-t', seconds, '-i', MEDIA.threeWomen];
  const man = ['-t', seconds, '-i', MEDIA.talkingMan];
  ffmpeg([
    ...[...women, ...man, ...women],
    ...['-filter_complex', `[0]${look}[a];[1]${look}[b];[2]${look}[c];[a][b][c]concat=n=3`],
    ...['-crf', '16', ...ENCODE, path],
  ]);
  return path;
}

/** The man alone. 400x300, 25 fps. */
export function makePlainClip(folder: string, frames: number): string {
  const path = join(folder, `plain-${frames}.mp4`);
  ffmpeg(['-i', MEDIA.talkingMan, '-frames:v', String(frames), '-crf', '20', ...ENCODE, path]);
  return path;
}

/** A photo of the man. @returns its path */
export function makeManPhoto(folder: string): string {
  const path = join(folder, 'man.jpg');
  ffmpeg(['-ss', '1', '-i', MEDIA.talkingMan, '-frames:v', '1', '-q:v', '2', path]);
  return path;
}

/** One frame of a video, as a picture. @returns its path */
export function frameOf(video: string, frame: number): string {
  const path = `${video}.${frame}.png`;
  ffmpeg(['-i', video, '-vf', `select=eq(n\\,${frame})`, '-frames:v', '1', path]);
  return path;
}
