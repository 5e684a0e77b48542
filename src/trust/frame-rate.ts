/**
 * Puts frames on the ticks of another frame rate, as they come: of two frames on one tick the first is kept, and a tick
 * that no frame meets shows the frame before it.
 */

import type { Stateful } from '../core/stateful.ts';

/** What to do with one frame. Times are seconds, rising. */
export interface FramePlacement {
  /** When the frame before this one is shown again. */
  readonly before: readonly number[];
  /** When this frame is shown; nothing where it is dropped. */
  readonly at: readonly number[];
}

export interface FrameRate extends Stateful {
  /**
   * @param seconds    when the frame is shown in the target; rises from call to call
   * @param hasFrameBefore false where the frame before is not at hand: then this one takes its place
   */
  place(seconds: number, hasFrameBefore: boolean): FramePlacement;
  /** When the last frame is shown again, so that the video ends with the target. @param seconds end of the target */
  end(seconds: number): readonly number[];
}

/** Every frame keeps its own time. */
const OWN_TIMES: FrameRate = {
  place: (seconds) => ({ before: [], at: [seconds] }),
  end: () => [],
  save: () => undefined,
  restore() {},
};

/** Times are sums of fractions: what is a tie on paper must be one here. */
const ROUNDING = 1e-6;

/** @param fps ticks a second, counted from time 0; absent: every frame is shown once, at its own time */
export function createFrameRate(fps: number | undefined): FrameRate {
  if (fps === undefined) return OWN_TIMES;
  let nextTick: number | undefined;
  /** The nearest tick, the earlier of two. */
  const tickOf = (seconds: number): number => Math.ceil(seconds * fps - 0.5 - ROUNDING);
  /** Takes the ticks before `tick` that nothing was shown at. */
  const takeUpTo = (tick: number): number[] => {
    const times: number[] = [];
    let next = nextTick ?? tick;
    for (; next < tick; next++) times.push(next / fps);
    nextTick = next;
    return times;
  };
  return {
    place(seconds, hasFrameBefore) {
      const tick = tickOf(seconds);
      if (nextTick !== undefined && tick < nextTick) return { before: [], at: [] };
      const gap = takeUpTo(tick);
      const own = takeUpTo(tick + 1);
      return hasFrameBefore ? { before: gap, at: own } : { before: [], at: [...gap, ...own] };
    },
    end: (seconds) => takeUpTo(tickOf(seconds)),
    save: () => nextTick,
    restore(state) {
      nextTick = state as number | undefined;
    },
  };
}
