/** A clip of two people who sit side by side, change places, walk past each other, leave and come back. */
import { ffmpeg } from './make-media.ts';
import { samplePhotoPath, sampleVideoPath } from './sample-media.ts';

/** What happens in a scene, 640 x 300. The man talks; the woman is a photo that the camera moves over. */
export type Scene =
  /** The man on the left. */
  | 'man-woman'
  /** The woman on the left. */
  | 'woman-man'
  /** From those places each walks to the other's, the woman in front. */
  | 'crossing'
  /** The man on the left, nobody else. */
  | 'man-alone';

/** Frames of a scene, at 25 a second. */
export const SCENE_FRAMES = 50;

/** How far the two have walked in a frame of `crossing`, 0..1. */
export const walked = (frame: number): number => Math.min(1, Math.max(0, (frame - 6) / 38));
const WALKED = 'clip((n-6)/38,0,1)';

const MAN = 'crop=320:300:40:0';
/** The middle one of three women in the first sample photo, 110 pixels large. */
const WOMAN = "crop=640:600:'1248+24*sin(n/9)':'32+16*cos(n/13)',scale=320:300";

/** The woman's edge fades out, so that walking in front of somebody does not look like a cut. */
const FEATHER = "format=yuva420p,geq=lum='p(X,Y)':cb='p(X,Y)':cr='p(X,Y)':a='clip(min(X,W-1-X)*8,0,255)'";

const FILTERS: Readonly<Record<Scene, string>> = {
  'man-woman': `[0]${MAN}[m];[1]${WOMAN}[w];[m][w]hstack`,
  'woman-man': `[0]${MAN}[m];[1]${WOMAN}[w];[w][m]hstack`,
  crossing: [
    `[0]${MAN}[m]`,
    `[1]${WOMAN},${FEATHER}[w]`,
    `color=gray:size=640x300:rate=25[room]`,
    `[room][m]overlay=x='320*${WALKED}':y=0:shortest=1[half]`,
    `[half][w]overlay=x='320-320*${WALKED}':y=0`,
  ].join(';'),
  'man-alone': `[0]${MAN},pad=640:300:0:0:gray`,
};

/** Makes the clip of these scenes, one after the other. @param startSeconds where the man's video begins */
export async function makeTwoPeople(path: string, scenes: readonly Scene[], startSeconds = 4): Promise<string> {
  const parts: string[] = [];
  for (const [index, scene] of scenes.entries()) {
    const part = `${path}.${index}.mkv`;
    const begin = String(startSeconds + (index * SCENE_FRAMES) / 25);
    await ffmpeg(
      ...['-ss', begin, '-i', sampleVideoPath('cap12_edit'), '-loop', '1', '-framerate', '25'],
      ...['-i', samplePhotoPath(1), '-filter_complex', `${FILTERS[scene]},format=yuv420p`],
      ...['-frames:v', String(SCENE_FRAMES), '-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '12', part],
    );
    parts.push(part);
  }
  const inputs = parts.flatMap((part) => ['-i', part]);
  const joined = `${parts.map((_, index) => `[${index}:v]`).join('')}concat=n=${parts.length}`;
  await ffmpeg(
    ...[...inputs, '-filter_complex', joined, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '12', '-g', '50'],
    ...['-pix_fmt', 'yuv420p', path],
  );
  return path;
}
