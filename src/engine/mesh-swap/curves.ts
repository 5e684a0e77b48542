/** Small scalar functions shared by the swapper's steps. */

export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

/** Hermite step: 0 at `from`, 1 at `to`, flat at both ends. `from` may be above `to`, then it falls. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
}

/** The middle of the sorted values (the upper one of two), 0 of nothing. */
export function median(values: ArrayLike<number>): number {
  const sorted = Float32Array.from(values).sort();
  return sorted.length ? sorted[sorted.length >> 1] : 0;
}

/** Added to 8-bit values before ratios and logarithms, so that noise in the dark does not become contrast. */
export const DARK_OFFSET = 8;
