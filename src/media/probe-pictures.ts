/** What is known of videos that are pictures: animated WebP and image sequences. */
import { basename } from 'node:path';
import { AppError } from '../core/errors.ts';
import { readWebpAnimation } from './animated-image.ts';
import { sequencePath } from './image-sequence.ts';
import { findSequence, type InputSequence } from './image-sequence-input.ts';
import { openInputFile } from './input-file.ts';
import { readImage } from './read-image.ts';

/** Pictures that are shown one after another. */
export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  /** When each is shown, in seconds, and how long all are. */
  readonly frameTimes: readonly number[];
  readonly durationSeconds: number;
  /** Ticks a second of which all times are multiples. */
  readonly ticks: number;
  /** Frames a second, average and of the grid on which all times lie, as `25000/1000`. */
  readonly averageRate: string;
  readonly baseRate: string;
  /** True when the file ends before its container does. */
  readonly isCutOff: boolean;
  readonly sequence?: InputSequence;
}

/** @throws INPUT_NOT_FOUND, INPUT_UNREADABLE */
export async function probeWebp(path: string): Promise<PictureFacts> {
  const { handle, sizeBytes } = await openInputFile(path);
  const animation = await readWebpAnimation(handle, sizeBytes).finally(() => handle.close());
  if (!animation) throw new AppError('INPUT_UNREADABLE', `${basename(path)} is damaged: it has no frames.`);
  const { width, height, delaysSeconds, endsEarly } = animation;
  const milliseconds = delaysSeconds.map((seconds) => Math.round(seconds * 1000));
  const total = milliseconds.reduce((sum, value) => sum + value, 0);
  let at = 0;
  return {
    ...{ width, height },
    frameTimes: milliseconds.map((value) => {
      at += value;
      return (at - value) / 1000;
    }),
    ...{ durationSeconds: total / 1000, ticks: 1000 },
    averageRate: `${milliseconds.length * 1000}/${total}`,
    baseRate: `1000/${milliseconds.reduce(greatestDivisor)}`,
    isCutOff: endsEarly,
  };
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/**
 * @param fps frames a second at which the photos are shown
 * @throws INPUT_NOT_FOUND, and what `readImage` says about the first photo
 */
export async function probeSequence(pattern: string, fps: number): Promise<PictureFacts> {
  const sequence = await findSequence(pattern);
  const { image } = await readImage(sequencePath(pattern, sequence.firstNumber));
  const ticks = Math.round(fps * 1000);
  return {
    ...{ width: image.width, height: image.height },
    frameTimes: Array.from({ length: sequence.count }, (_, index) => (index * 1000) / ticks),
    durationSeconds: (sequence.count * 1000) / ticks,
    ...{ ticks, averageRate: `${ticks}/1000`, baseRate: `${ticks}/1000`, isCutOff: false, sequence },
  };
}
