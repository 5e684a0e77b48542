/** Whether a face may be that of a minor. Pure. */

/**
 * What an estimate of the embedded classifier may be wrong by, in years, before a run is refused for it alone. It cannot
 * tell 17 from 20: the 22 grown faces of the sample photos are estimated at 19 to 37.
 */
export const AGE_MARGIN_YEARS = 6;

/** `young`: younger even if the estimate is wrong; `unsure`: may be, so that everything else is judged more strictly. */
export type AgeVerdict = 'young' | 'unsure' | 'grown';

/** @param lowest age in years below which nobody may look, from the policy */
export function judgeAge(estimatedYears: number, lowest: number): AgeVerdict {
  // An estimate that is no number has not said that somebody is grown.
  if (!Number.isFinite(estimatedYears)) return 'unsure';
  if (estimatedYears < lowest - AGE_MARGIN_YEARS) return 'young';
  return estimatedYears < lowest ? 'unsure' : 'grown';
}
