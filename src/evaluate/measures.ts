/** What is measured, what is wanted of it, and the one table of limits. `docs/quality.md` explains each. */

export type Verdict = 'good' | 'fair' | 'poor';

/** One measured value with its judgement. */
export interface Measure {
  readonly value: number;
  /** What counts as good, in words: `>= 0.92`. */
  readonly wanted: string;
  readonly verdict: Verdict;
  /** Judged by a model of undocumented origin: it does not count for the verdict of the report. */
  readonly secondOpinion?: true;
}

interface Limit {
  readonly better: 'high' | 'low';
  readonly good: number;
  readonly fair: number;
  readonly secondOpinion?: true;
}

/**
 * Limits of single results. They are wider than those of the bench, which hold for medians of many.
 * Identity: the recognisers' own thresholds (see `EQUAL_ERROR_COSINE`), the lower ones where strangers begin.
 */
export const LIMITS = {
  identity: { better: 'high', good: 0.92, fair: 0.9 },
  identityToTarget: { better: 'low', good: 0.92, fair: 0.94 },
  identitySecondOpinion: { better: 'high', good: 0.44, fair: 0.275, secondOpinion: true },
  identityToTargetSecondOpinion: { better: 'low', good: 0.275, fair: 0.44, secondOpinion: true },
  expression: { better: 'low', good: 0.025, fair: 0.04 },
  opening: { better: 'low', good: 0.025, fair: 0.045 },
  psnr: { better: 'high', good: 30, fair: 26 },
  ssim: { better: 'high', good: 0.92, fair: 0.88 },
  outsideChanged: { better: 'low', good: 0, fair: 0 },
  outsideMean: { better: 'low', good: 2, fair: 4 },
  seam: { better: 'low', good: 1.12, fair: 1.25 },
  jitter: { better: 'low', good: 1, fair: 1.25 },
  flicker: { better: 'low', good: 1, fair: 1.25 },
} as const satisfies Record<string, Limit>;

export type MeasureName = keyof typeof LIMITS;

/** Judges a value by the table. */
export function judge(name: MeasureName, value: number): Measure {
  const limit: Limit = LIMITS[name];
  const reaches = (bound: number): boolean => (limit.better === 'high' ? value >= bound : value <= bound);
  return {
    value,
    wanted: `${limit.better === 'high' ? '>=' : '<='} ${limit.good}`,
    verdict: reaches(limit.good) ? 'good' : reaches(limit.fair) ? 'fair' : 'poor',
    ...(limit.secondOpinion ? { secondOpinion: true } : {}),
  };
}

/** The worst verdict of a report, second opinions aside. */
export function worstVerdict(measures: Readonly<Partial<Record<MeasureName, Measure>>>): Verdict {
  const verdicts = Object.values(measures)
    .filter((measure) => !measure.secondOpinion)
    .map(({ verdict }) => verdict);
  return verdicts.includes('poor') ? 'poor' : verdicts.includes('fair') ? 'fair' : 'good';
}
