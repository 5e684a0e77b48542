/** What looks are made from: the brightness and colour of a picture on a grid, and how to blur them. */
import type { RgbImage } from '../../core/image.ts';
import { averageColours, type CoarseGrid } from '../frames/coarse-grid.ts';
import { meanOfBoxes } from '../hands/guided-filter.ts';

/** Weights of brightness. ITU-R BT.601. */
export const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114] as const;

/** Brightness, and by how much red and blue are above it; all in 0..1. */
export interface TonePlanes {
  readonly tone: Float32Array;
  readonly red: Float32Array;
  readonly blue: Float32Array;
}

/** Owned by the caller. */
export function tonePlanes(picture: RgbImage, grid: CoarseGrid): TonePlanes {
  const [red, green, blue] = averageColours(picture, grid);
  const tone = green;
  for (let at = 0; at < tone.length; at++) {
    const value = RED * red[at]! + GREEN * green[at]! + BLUE * blue[at]!;
    tone[at] = value;
    red[at] = red[at]! - value;
    blue[at] = blue[at]! - value;
  }
  return { tone, red, blue };
}

/** A mean of square windows that keeps its scratch memory for a grid. Results are owned by the caller. */
export type BoxMean = (from: Float32Array, radius: number) => Float32Array;

export function createBoxMean({ width, height }: CoarseGrid): BoxMean {
  const rows = new Float32Array(width * height);
  const columns = new Float32Array(width);
  return (from, radius) => {
    const to = new Float32Array(width * height);
    meanOfBoxes(from, to, rows, columns, width, height, radius);
    return to;
  };
}

/** Two windows, one after the other, which comes close to a bell. */
export const blurTwice = (mean: BoxMean, from: Float32Array, radius: number): Float32Array =>
  mean(mean(from, radius), radius);

/** 0 below `low`, 1 above `high`, and smooth in between; `low` may be above `high`. */
export function smoothStep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
