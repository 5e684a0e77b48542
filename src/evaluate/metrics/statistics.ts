/** Median of a list that is not empty; the mean of the two middle values when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export interface Spread {
  readonly median: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  readonly count: number;
}

/** Median, extremes and mean of a list that is not empty. */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    mean: meanOf(values),
    count: values.length,
  };
}

/** Mean of a list that is not empty. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
