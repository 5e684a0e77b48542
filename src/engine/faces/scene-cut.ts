/** Tells a cut from motion, from a thumbnail of the luma. */
import type { Stateful } from '../../core/stateful.ts';
import { isI420, type Picture } from '../frames/picture.ts';

/** The thumbnail has 16 x 16 cells of 4 x 4 samples each: 4096 reads a frame. */
const CELLS = 16;
const SAMPLES = 4;
/**
 * Mean difference of the cells, in code values, below which nothing was cut. Once light is accounted for, 21 changes
 * from one sample picture to another differ by 27 to 48, and 28 changes of their light by 0.1 to 18: by more than 14 in
 * the two where most highlights burn out.
 */
const LEAST_DIFFERENCE = 14;
/** A cut differs this much more than the frames before it; a fast pan differs a lot too, but for a while. */
const ABOVE_USUAL = 4;
/** A flash, a fade or the camera's exposure may change contrast so much, either way, and any change of brightness. */
const LARGEST_GAIN = 4;
/** Share of a new frame in the usual difference. */
const USUAL_GAIN = 0.2;

/** Compares each frame with the one before. */
export interface SceneCutDetector extends Stateful {
  /** True where this frame does not continue the last one, whatever the light did. The first frame is no cut. */
  step(picture: Picture): boolean;
}

interface SceneCutState {
  readonly thumbnail: Float32Array;
  readonly isFirst: boolean;
  readonly usual: number;
}

/** Creates a detector that has seen nothing. */
export function createSceneCutDetector(): SceneCutDetector {
  let before = new Float32Array(CELLS * CELLS);
  let now = new Float32Array(CELLS * CELLS);
  let isFirst = true;
  let usual = 0;
  return {
    step(picture) {
      [before, now] = [now, before];
      fillThumbnail(picture, now);
      if (isFirst) {
        isFirst = false;
        return false;
      }
      // Both ways: what is flat is close to anything that loses its contrast.
      const difference = Math.max(unexplained(before, now), unexplained(now, before));
      const isCut = difference > LEAST_DIFFERENCE && difference > ABOVE_USUAL * usual;
      if (!isCut) usual += USUAL_GAIN * (difference - usual);
      return isCut;
    },
    save: (): SceneCutState => ({ thumbnail: now.slice(), isFirst, usual }),
    restore(saved) {
      const from = saved as SceneCutState;
      now.set(from.thumbnail);
      isFirst = from.isFirst;
      usual = from.usual;
    },
  };
}

/** Mean difference that is left when `from` takes the gain and offset that bring it closest to `to`. */
function unexplained(from: Float32Array, to: Float32Array): number {
  const fromMean = meanOf(from);
  const toMean = meanOf(to);
  let variance = 0;
  let covariance = 0;
  for (let i = 0; i < from.length; i++) {
    const value = from[i]! - fromMean;
    variance += value * value;
    covariance += value * (to[i]! - toMean);
  }
  const gain = Math.min(LARGEST_GAIN, Math.max(1 / LARGEST_GAIN, variance > 0 ? covariance / variance : 1));
  let difference = 0;
  for (let i = 0; i < from.length; i++) {
    difference += Math.abs((from[i]! - fromMean) * gain - (to[i]! - toMean)) / from.length;
  }
  return difference;
}

function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function fillThumbnail(picture: Picture, out: Float32Array): void {
  const { data, width, height } = picture;
  // Green stands in for luma: it makes up most of it.
  const [stride, first] = isI420(picture) ? [1, 0] : [3, 1];
  const grid = CELLS * SAMPLES;
  out.fill(0);
  for (let y = 0; y < grid; y++) {
    const row = Math.floor(((y + 0.5) * height) / grid) * width;
    const cells = Math.floor(y / SAMPLES) * CELLS;
    for (let x = 0; x < grid; x++) {
      const value = data[(row + Math.floor(((x + 0.5) * width) / grid)) * stride + first]!;
      out[cells + Math.floor(x / SAMPLES)]! += value / (SAMPLES * SAMPLES);
    }
  }
}
