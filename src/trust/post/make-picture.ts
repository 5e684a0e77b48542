/** A photo of the published one, or a frame of a video as a photo. */

import { AppError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import { i420ToRgb } from '../../engine/frames/yuv.ts';
import { indexFrames } from '../../media/packet-index.ts';
import { cleanPhoto, type PixelRegion } from '../../media/post/clean-photo.ts';
import { probeVideo, type VideoInfo } from '../../media/probe.ts';
import { readImage, type SourceImage } from '../../media/read-image.ts';
import { resizeImage } from '../../media/resize-image.ts';
import { readVideoFrame } from '../../media/video-reader.ts';
import { writeImage } from '../../media/write-image.ts';
import type { LayOn, MadeFacts } from './make-verified.ts';
import type { PublishedSource } from './published-source.ts';

export interface PictureWork {
  readonly source: PublishedSource;
  /** Which frame of a video: `first`, `middle`, or seconds from its beginning. */
  readonly at: 'first' | 'middle' | number;
  /** Width in pixels, or size relative to the source. */
  readonly size: { readonly width: number } | { readonly scale: number };
  /** 0..100 */
  readonly quality: number;
  readonly regions: readonly PixelRegion[];
  /** Its ending chooses the format. */
  readonly path: string;
  readonly layOn: LayOn;
  readonly signal: AbortSignal | undefined;
}

/** @throws OPTION_INVALID for a time behind the end, OUTPUT_FAILED, and what reading throws */
export async function makePicture(work: PictureWork): Promise<MadeFacts> {
  const { source, path, layOn, regions, signal } = work;
  const taken = source.kind === 'image' ? await readImage(source.path) : await takeFrame(work);
  for (const region of regions) await cleanPhoto(taken.image, region, signal);
  const out = await sized(taken, work.size);
  layOn(out);
  const { width, height } = out;
  await writeImage(
    { path, partialPath: path },
    out,
    { ...taken, ...(out.alpha ? { alpha: out.alpha } : {}) },
    { quality: work.quality, aigc: source.aigc },
  );
  return { width, height };
}

async function sized(
  { image, alpha }: SourceImage,
  size: PictureWork['size'],
): Promise<RgbImage & { readonly alpha?: Uint8Array | undefined }> {
  const factor = 'width' in size ? size.width / image.width : size.scale;
  const width = 'width' in size ? size.width : Math.max(1, Math.round(image.width * factor));
  const height = Math.max(1, Math.round(image.height * factor));
  if (width === image.width && height === image.height) return { ...image, ...(alpha ? { alpha } : {}) };
  return resizeImage({ ...image, ...(alpha ? { alpha } : {}) }, width, height);
}

async function takeFrame({ source, at, signal }: PictureWork): Promise<SourceImage> {
  // As screens without high range show it.
  const info = await probeVideo(source.path);
  const frame = await readVideoFrame(source.path, info, await frameAt(source.path, info, at, signal), signal);
  const { width, height } = frame;
  const whole = { data: new Uint8Array(width * height * 3), width, height };
  i420ToRgb(frame, whole, { x0: 0, y0: 0, x1: width, y1: height });
  return {
    path: source.path,
    image: cut(whole, info),
    metadata: { format: 'png', channels: 3, bitsPerChannel: 8, colourSpace: 'srgb' },
    notes: [],
  };
}

/** Without what was added to make the edges of a frame even. */
function cut(image: RgbImage, { width, height }: VideoInfo): RgbImage {
  if (image.width === width && image.height === height) return image;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    data.set(image.data.subarray(y * image.width * 3, (y * image.width + width) * 3), y * width * 3);
  }
  return { data, width, height };
}

async function frameAt(
  path: string,
  info: VideoInfo,
  at: PictureWork['at'],
  signal: AbortSignal | undefined,
): Promise<number> {
  if (at === 'first') return 0;
  const { times } = await indexFrames(path, info, signal);
  const count = times.length > 0 ? times.length : Math.max(1, info.frameCountEstimate);
  if (at === 'middle') return Math.floor(count / 2);
  if (at > info.durationSeconds) {
    throw new AppError('OPTION_INVALID', `Expected at most ${info.durationSeconds} seconds, received ${at}.`, {
      hint: 'Name a time inside the video, or first or middle.',
      details: { option: 'at' },
    });
  }
  if (times.length === 0) return Math.min(count - 1, Math.floor(at * info.fps));
  // The frame that is shown then: the last that does not come later.
  let frame = 0;
  while (frame + 1 < times.length && times[frame + 1]! - info.startSeconds <= at + ROUNDING_SECONDS) frame++;
  return frame;
}

/** Containers round times. */
const ROUNDING_SECONDS = 0.0005;
