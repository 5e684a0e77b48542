/** Small scalar functions shared by the swapper's steps. */

export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

/** Hermite step: 0 at `from`, 1 at `to`, flat at both ends. `from` may be above `to`, then it falls. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

/** The middle of the sorted values (the upper one of two), 0 of nothing. None may be NaN. */
export function median(values: ArrayLike<number>): number {
  if (values.length === 0) return 0;
  const v = Float32Array.from(values);
  const middle = v.length >> 1;
  // Quickselect (Hoare 1961): sorting everything took most of the time of an outlier round.
  let low = 0;
  let high = v.length - 1;
  while (low < high) {
    const pivot = v[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (v[i] < pivot) i++;
      while (v[j] > pivot) j--;
      if (i > j) break;
      const swap = v[i];
      v[i++] = v[j];
      v[j--] = swap;
    }
    if (middle <= j) high = j;
    else if (middle >= i) low = i;
    else break;
  }
  return v[middle];
}

/** Added to 8-bit values before ratios and logarithms, so that noise in the dark does not become contrast. */
export const DARK_OFFSET = 8;

/** One step of a moving average, in place: `state` moves towards `next` by `share`, 0..1. */
export function blend(state: Float32Array, next: Float32Array, share: number): void {
  for (let i = 0; i < state.length; i++) state[i] += share * (next[i] - state[i]);
}
