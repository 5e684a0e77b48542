/** Tells a cut from motion, from a thumbnail of the luma. */
import type { Stateful } from '../../core/stateful.ts';
import { isI420, type Picture } from '../frames/picture.ts';

/** The thumbnail has 16 x 16 cells of 4 x 4 samples each: 4096 reads a frame. */
const CELLS = 16;
const SAMPLES = 4;
/** Mean difference of the cells, in code values, below which nothing was cut. */
const LEAST_DIFFERENCE = 14;
/** A cut differs this much more than the frames before it; a fast pan differs a lot too, but for a while. */
const ABOVE_USUAL = 4;
/** Share of a new frame in the usual difference. */
const USUAL_GAIN = 0.2;

/** Compares each frame with the one before. */
export interface SceneCutDetector extends Stateful {
  /** True where this frame does not continue the last one. The first frame is no cut. */
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
      let difference = 0;
      for (let i = 0; i < now.length; i++) difference += Math.abs(now[i]! - before[i]!) / now.length;
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
