/** Small files that tests give to the page: quick to look through, or wrong in one way each. */
import { join } from 'node:path';
import sharp from 'sharp';
import { ffmpeg } from '../../helpers/make-media.ts';
import { samplePhotoPath, sampleVideoPath } from '../../helpers/sample-media.ts';

/** As a file chooser takes it. */
export interface GivenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** The middle one of three women in the first sample photo, face about 110 pixels wide. */
const WOMAN = { left: 1248, top: 32, width: 640, height: 600 } as const;

/** One face, 320 pixels wide. @param type what the browser is told, whatever the bytes are */
export const portrait = async (name = 'portrait.jpg', type = 'image/jpeg'): Promise<GivenFile> => ({
  name,
  mimeType: type,
  buffer: await sharp(samplePhotoPath(1)).extract(WOMAN).resize(320).jpeg().toBuffer(),
});

/** A wall without anybody. */
export const emptyRoom = async (name = 'room.png'): Promise<GivenFile> => ({
  name,
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 320, height: 240, channels: 3, background: '#8899aa' } })
    .png()
    .toBuffer(),
});

/** Words that call themselves something else. */
export const words = (name: string, type: string): GivenFile => ({
  name,
  mimeType: type,
  buffer: Buffer.from('Dear diary, today nothing happened. '.repeat(40)),
});

export const nothing = (name: string): GivenFile => ({ name, mimeType: 'image/jpeg', buffer: Buffer.alloc(0) });

/**
 * One man talking, 200 x 150, from the sample video.
 * @param frames at 25 a second
 * @returns its path
 */
export async function makeTalk(folder: string, frames: number, name = 'talk.mp4'): Promise<string> {
  const path = join(folder, name);
  await ffmpeg(
    ...['-ss', '4', '-i', sampleVideoPath('cap12_edit'), '-frames:v', String(frames), '-vf', 'scale=200:150', '-an'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-g', '25', '-pix_fmt', 'yuv420p', path],
  );
  return path;
}
