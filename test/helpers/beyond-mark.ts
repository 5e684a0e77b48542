/** Tells what a processor has changed from what the invisible mark has, which is in every output. */
import type { RgbImage } from '../../src/core/image.ts';

/** Strength 1.6 times the largest gain of 1.25, rounded up by the dither: see engine/watermark. */
export const LARGEST_MARK = 3;
/** The same in red, green and blue, where luma goes from 16 to 235. */
export const LARGEST_MARK_OF_VIDEO = 4;

/** The largest difference of two rows of samples. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let at = 0; at < a.length; at++) largest = Math.max(largest, Math.abs(a[at]! - b[at]!));
  return largest;
}

/**
 * Whether a pixel differs by more than a mark does. In a photo the mark adds the same to red, green and blue.
 * @param at index of its red
 */
export function isBeyondMark(before: ArrayLike<number>, after: ArrayLike<number>, at: number): boolean {
  const change = [0, 1, 2].map((channel) => after[at + channel]! - before[at + channel]!);
  if (change.some((value) => Math.abs(value) > LARGEST_MARK)) return true;
  // What was cut off at black or white changed less.
  const free = change.filter((_, channel) => after[at + channel]! > 0 && after[at + channel]! < 255);
  return free.some((value) => value !== free[0]);
}

/** Pixels that differ by more than the mark. */
export function pixelsBeyondMark(before: RgbImage, after: RgbImage): { x: number; y: number }[] {
  const found: { x: number; y: number }[] = [];
  for (let at = 0; at < before.data.length; at += 3) {
    if (!isBeyondMark(before.data, after.data, at)) continue;
    found.push({ x: (at / 3) % before.width, y: Math.floor(at / 3 / before.width) });
  }
  return found;
}
