/** Numbers of one kind, and what is wanted of them. */
export interface Figure {
  readonly what: string;
  readonly unit: 'ms' | 'kB' | 'MB' | 'fps' | 'share' | 'times';
  /** Of all runs. */
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
  readonly wanted?: string;
  readonly isMet?: boolean;
}

export interface Wanted {
  readonly below?: number;
  readonly atLeast?: number;
}

export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
};

const round = (value: number): number => Number(value.toPrecision(4));

/** @param values one a run, at least one */
export function toFigure(what: string, unit: Figure['unit'], values: readonly number[], wanted?: Wanted): Figure {
  if (values.length === 0) throw new Error(`Nothing was measured of: ${what}.`);
  const median = medianOf(values);
  const { below, atLeast } = wanted ?? {};
  return {
    what,
    unit,
    median: round(median),
    least: round(Math.min(...values)),
    most: round(Math.max(...values)),
    runs: values.length,
    ...(below === undefined ? {} : { wanted: `< ${below}`, isMet: median < below }),
    ...(atLeast === undefined ? {} : { wanted: `>= ${atLeast}`, isMet: median >= atLeast }),
  };
}
