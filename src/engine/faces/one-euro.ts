/**
 * A low-pass filter that opens up with speed: still things do not tremble and fast ones do not lag.
 * @see Casiez, Roussel, Vogel, "1€ Filter: a simple speed-based low-pass filter for noisy input", CHI 2012
 */
import type { Stateful } from '../../core/stateful.ts';

/** Lowest cut-off in hertz, and how much of it a speed of one unit a second adds. */
export interface OneEuroSettings {
  readonly minimumCutoff: number;
  readonly beta: number;
}

/** Cut-off of the speed estimate in hertz, as in the paper. */
const SPEED_CUTOFF = 1;

/** A bank of filters, one a value. */
export interface OneEuro extends Stateful {
  /** Returns the filter's own state: read it before the next step. */
  step(values: ArrayLike<number>, elapsedSeconds: number): Float64Array;
  reset(): void;
}

interface OneEuroState {
  readonly values: Float64Array;
  readonly speed: Float64Array;
  readonly isFresh: boolean;
}

/** Creates `count` filters that have seen nothing. */
export function createOneEuro(count: number, { minimumCutoff, beta }: OneEuroSettings): OneEuro {
  const state = new Float64Array(count);
  const speed = new Float64Array(count);
  let isFresh = true;
  return {
    reset() {
      isFresh = true;
    },
    step(values, elapsedSeconds) {
      if (isFresh) {
        state.set(values);
        speed.fill(0);
        isFresh = false;
        return state;
      }
      // A low-pass of cut-off f moves by r / (r + 1) of the distance, r = 2 pi f dt.
      const turn = 2 * Math.PI * elapsedSeconds;
      const speedGain = (SPEED_CUTOFF * turn) / (SPEED_CUTOFF * turn + 1);
      for (let i = 0; i < count; i++) {
        const distance = values[i]! - state[i]!;
        speed[i]! += speedGain * (distance / elapsedSeconds - speed[i]!);
        const r = (minimumCutoff + beta * Math.abs(speed[i]!)) * turn;
        state[i]! += (r / (r + 1)) * distance;
      }
      return state;
    },
    save: (): OneEuroState => ({ values: state.slice(), speed: speed.slice(), isFresh }),
    restore(saved) {
      const from = saved as OneEuroState;
      state.set(from.values);
      speed.set(from.speed);
      isFresh = from.isFresh;
    },
  };
}
