/** Keeps a mask from shimmering in a video, without letting it lag behind what moves. */
import type { Stateful } from '../../core/stateful.ts';

/** Share of a new value where nothing moves. */
const LEAST_SHARE = 0.25;
/** Change of brightness, 0..1, that is noise, and that is motion. */
const [NOISE, MOTION] = [0.02, 0.07];
/** Change of the mask that may be a mistake of one frame, and that is none. */
const [DOUBT, SURE] = [0.25, 0.7];

export interface SteadyMask extends Stateful {
  /**
   * @param mask  0..1, changed in place
   * @param light brightness 0..1 of the same pixels
   */
  step(mask: Float32Array, light: Float32Array): void;
  /** Begins anew: after a cut. */
  forget(): void;
}

interface SteadyMaskState {
  readonly mask: Float32Array;
  readonly light: Float32Array;
}

/** Creates one that has seen nothing. */
export function createSteadyMask(): SteadyMask {
  let before: SteadyMaskState | undefined;
  return {
    step(mask, light) {
      if (before && before.mask.length === mask.length) {
        for (let at = 0; at < mask.length; at++) {
          const was = before.mask[at]!;
          const change = mask[at]! - was;
          const motion = ramp(NOISE, MOTION, Math.abs(light[at]! - before.light[at]!));
          const share = Math.max(LEAST_SHARE, motion, ramp(DOUBT, SURE, Math.abs(change)));
          mask[at] = was + change * share;
        }
      }
      before = { mask: mask.slice(), light: light.slice() };
    },
    forget() {
      before = undefined;
    },
    save: (): SteadyMaskState | undefined => before && { mask: before.mask.slice(), light: before.light.slice() },
    restore(saved) {
      const from = saved as SteadyMaskState | undefined;
      before = from && { mask: from.mask.slice(), light: from.light.slice() };
    },
  };
}

const ramp = (low: number, high: number, value: number): number =>
  Math.min(1, Math.max(0, (value - low) / (high - low)));
