/** A camera that Chromium reads from a file: one man talking, who carries the number of each frame above his head. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { RgbImage } from '../../../src/core/image.ts';
import { ffmpeg } from '../../helpers/make-media.ts';
import { sampleVideoPath } from '../../helpers/sample-media.ts';

/** Chromium shows MJPEG at so many frames a second, again and again. */
export const CAMERA_FPS = 30;
export const CAMERA_SIZE = { width: 640, height: 480 } as const;
/** Black and white squares along the top edge, the first worth 1; before and behind them it is black. */
const CODE = { bits: 10, side: 40, left: 40, rows: 32 } as const;

/** @returns path of an MJPEG of `frames` frames, below 1024 */
export async function makeCameraFile(folder: string, frames: number): Promise<string> {
  const path = join(folder, `camera-${frames}.mjpeg`);
  const { width, height } = CAMERA_SIZE;
  const { bits, side, left, rows } = CODE;
  const strip = `drawbox=x=0:y=0:w=${left + (bits + 1) * side}:h=${rows}:color=black:t=fill`;
  const squares = Array.from(
    { length: bits },
    (_, bit) =>
      `drawbox=x=${left + bit * side}:y=0:w=${side}:h=${rows}:color=white:t=fill:enable='mod(floor(n/${2 ** bit})\\,2)'`,
  );
  await ffmpeg(
    ...['-stream_loop', '-1', '-i', sampleVideoPath('cap12_edit'), '-an', '-frames:v', String(frames)],
    ...['-vf', [`scale=${width}:${height},setsar=1,fps=${CAMERA_FPS}`, strip, ...squares].join(',')],
    ...['-q:v', '2', '-pix_fmt', 'yuvj420p', '-f', 'mjpeg', path],
  );
  return path;
}

/** Flags with which Chromium has that camera, and asks nobody. */
export const cameraFlags = (path: string): readonly string[] => [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  `--use-file-for-fake-video-capture=${path}`,
];

/** The number that a picture carries; a picture in a mirror has none that makes sense. */
export function numberOf({ data, width }: RgbImage): number {
  const { bits, side, left, rows } = CODE;
  let number = 0;
  for (let bit = 0; bit < bits; bit++) {
    const at = ((rows / 2) * width + left + bit * side + side / 2) * 3;
    if (data[at]! + data[at + 1]! + data[at + 2]! > 3 * 128) number += 2 ** bit;
  }
  return number;
}

/** A frame of the file as it was before anybody worked on it. */
export async function readCameraFrame(path: string, number: number): Promise<RgbImage> {
  const { width, height } = CAMERA_SIZE;
  const one = `${path}.${number}.png`;
  await ffmpeg('-i', path, '-vf', `select=eq(n\\,${number})`, '-frames:v', '1', one);
  return toPixels(await sharp(one).toBuffer(), width, height);
}

async function toPixels(png: Buffer, width: number, height: number): Promise<RgbImage> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  if (info.width !== width || info.height !== height) throw new Error(`Received ${info.width} x ${info.height}.`);
  return { data: new Uint8Array(data), width, height };
}

/** What the live page shows now, pixel by pixel. */
export async function readLivePicture(page: Page): Promise<RgbImage> {
  const base64 = await page.locator('.stage canvas').evaluate(async (canvas) => {
    const bitmap = await createImageBitmap(canvas as HTMLCanvasElement);
    const copy = new OffscreenCanvas(bitmap.width, bitmap.height);
    copy.getContext('2d')?.drawImage(bitmap, 0, 0);
    const bytes = new Uint8Array(await (await copy.convertToBlob({ type: 'image/png' })).arrayBuffer());
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  });
  return toPixels(Buffer.from(base64, 'base64'), CAMERA_SIZE.width, CAMERA_SIZE.height);
}
