/** Frames of a video as pictures: the same frames, counted the same way, as runs and previews work on. */
import type { RgbImage } from '../../core/image.ts';
import { toRgb } from '../../engine/frames/yuv.ts';
import { SHORT_SEEK_FRAMES } from '../../media/locate-frame.ts';
import { indexFrames } from '../../media/packet-index.ts';
import type { VideoInfo } from '../../media/probe.ts';
import { readKeyFrame } from '../../media/read-key-frame.ts';
import { resizeImage } from '../../media/resize-image.ts';
import { openVideoReader, readVideoFrame } from '../../media/video-reader.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const even = (pixels: number): number => Math.max(2, 2 * Math.round(pixels / 2));

/** As wide as asked, but no wider than the video; undefined for its own size. */
export function sizeByWidth({ width: own, height }: PictureSize, width: number | undefined): PictureSize | undefined {
  if (width === undefined || width >= own) return undefined;
  return { width: even(width), height: even((height * width) / own) };
}

export function sizeByHeight({ width, height: own }: PictureSize, height: number): PictureSize {
  const least = Math.min(height, own);
  return { width: even((width * least) / own), height: even(least) };
}

/** @throws what `readVideoFrame` throws; OPTION_INVALID where there is no such frame */
export async function framePicture(
  path: string,
  info: VideoInfo,
  frame: number,
  size: PictureSize | undefined,
  signal: AbortSignal,
): Promise<RgbImage> {
  // Every later frame needs the index, too: it is not given up where this caller leaves.
  if (frame > SHORT_SEEK_FRAMES) await indexFrames(path, info);
  const picture = toRgb(await readVideoFrame(path, info, frame, signal, size));
  return size === undefined ? withoutPadding(picture, info) : inSize(picture, size);
}

/** Frames of odd size come with their last row and column twice. */
function withoutPadding(picture: RgbImage, { width, height }: VideoInfo): RgbImage {
  if (picture.width === width && picture.height === height) return picture;
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const start = y * picture.width * 3;
    data.set(picture.data.subarray(start, start + width * 3), y * width * 3);
  }
  return { data, width, height };
}

/** Pictures that ffmpeg does not decode come in their own size. */
const inSize = async (picture: RgbImage, { width, height }: PictureSize): Promise<RgbImage> =>
  picture.width === width && picture.height === height ? picture : resizeImage(picture, width, height);

/** Frames from one cell to the next up to which reading through is quicker than to begin anew for each cell. */
const READ_THROUGH_FRAMES = 24;
/** Seconds from one cell to the next from which on a key frame stands for a cell: films have one every ten at most. */
const KEY_FRAME_SECONDS = 20;

export interface Filmstrip {
  /** Cells side by side, all of the same size. */
  readonly count: number;
  readonly cell: PictureSize;
  /** Frames that the video is said to have. */
  readonly frames: number;
}

/** The frame that a cell shows: the middle one of its share. */
export const frameOfCell = (cell: number, count: number, frames: number): number =>
  Math.floor(((cell + 0.5) * frames) / count);

/**
 * @param one does a piece of work that needs an ffmpeg
 * @throws what reading throws, where not one frame can be had
 */
export async function filmstripPicture(
  path: string,
  info: VideoInfo,
  { count, cell, frames }: Filmstrip,
  one: <T>(work: () => Promise<T>) => Promise<T>,
  signal: AbortSignal,
): Promise<RgbImage> {
  const width = cell.width * count;
  const strip = { data: new Uint8Array(width * cell.height * 3), width, height: cell.height };
  const isFilled = new Array<boolean>(count).fill(false);
  const fill = (index: number, picture: RgbImage): void => {
    pasteCell(picture, strip, index * cell.width);
    isFilled[index] = true;
  };
  /** As many as there are slots are made at once. */
  const eachCell = async (picture: (index: number) => Promise<RgbImage>): Promise<void> => {
    const made = await Promise.allSettled(
      Array.from({ length: count }, (_, index) => one(async () => fill(index, await picture(index)))),
    );
    const failed = made.find((result) => result.status === 'rejected');
    if (failed && (signal.aborted || !isFilled.includes(true))) throw failed.reason;
  };

  if (!info.frameTimes && info.durationSeconds / count >= KEY_FRAME_SECONDS) {
    await eachCell(async (index) => {
      const seconds = ((index + 0.5) * info.durationSeconds) / count;
      return inSize(toRgb(await readKeyFrame(path, info, seconds, cell, signal)), cell);
    });
    fillGaps(strip, isFilled, cell.width);
    return strip;
  }
  const { times } = await one(() => indexFrames(path, info));
  // Headers are wrong at times: the last frames of those that are there stand for the rest.
  const last = times.length > 0 ? times.length - 1 : Number.POSITIVE_INFINITY;
  const wanted = Array.from({ length: count }, (_, index) => Math.min(last, frameOfCell(index, count, frames)));
  if (frames / count < READ_THROUGH_FRAMES) {
    await one(() => readThrough(path, info, wanted, cell, fill, signal));
  } else {
    await eachCell((index) => framePicture(path, info, wanted[index] ?? 0, cell, signal));
  }
  fillGaps(strip, isFilled, cell.width);
  return strip;
}

async function readThrough(
  path: string,
  info: VideoInfo,
  wanted: readonly number[],
  size: PictureSize,
  fill: (index: number, picture: RgbImage) => void,
  signal: AbortSignal,
): Promise<void> {
  const [first = 0] = wanted;
  const endFrame = (wanted.at(-1) ?? first) + 1;
  let next = 0;
  try {
    for await (const frame of openVideoReader(path, info, { startFrame: first, endFrame, size, signal })) {
      if (frame.index !== wanted[next]) continue;
      const picture = await inSize(toRgb(frame), size);
      while (wanted[next] === frame.index) fill(next++, picture);
    }
  } catch (error) {
    // What there is of a truncated video is shown.
    if (next === 0 || signal.aborted) throw error;
  }
}

function pasteCell({ data, width, height }: RgbImage, strip: RgbImage, left: number): void {
  for (let y = 0; y < height; y++) {
    strip.data.set(data.subarray(y * width * 3, (y + 1) * width * 3), (y * strip.width + left) * 3);
  }
}

/** Cells without a picture show that of the cell before, or the first one that has one. */
function fillGaps(strip: RgbImage, isFilled: readonly boolean[], cellWidth: number): void {
  let from = isFilled.indexOf(true);
  for (const [index, filled] of isFilled.entries()) {
    if (filled) {
      from = index;
      continue;
    }
    for (let y = 0; y < strip.height; y++) {
      const row = y * strip.width;
      const start = (row + from * cellWidth) * 3;
      strip.data.copyWithin((row + index * cellWidth) * 3, start, start + cellWidth * 3);
    }
  }
}
