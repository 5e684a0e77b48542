/** Medians and extremes of the pairs, and their checks. */
import { type Spread, spreadOf } from '../src/evaluate/metrics/statistics.ts';
import { PAIR_SETS, type PairSet } from './pairs.ts';
import type { PairMeasures } from './quality.ts';
import { atLeast, atMost, type Check, WANTED_IDENTITY, WANTED_PICTURE } from './wanted.ts';

const MEASURES = [
  'identity',
  'identityToTarget',
  'ownIdentity',
  'ownIdentityToTarget',
  'expression',
  'opening',
  'psnr',
  'ssim',
  'framePsnr',
  'frameSsim',
  'seam',
  'milliseconds',
] as const satisfies readonly (keyof PairMeasures)[];
type Measure = (typeof MEASURES)[number];

type SetSpreads = Readonly<Partial<Record<PairSet, Readonly<Record<Measure, Spread>>>>>;

/** So many pairs at the head of each set are those on which the algorithm was worked out; the others came later. */
const STUDY_PAIRS: Readonly<Record<PairSet, number>> = { clean: 11, hard: 10, turned: 4 };

export interface QualityReport {
  readonly sets: SetSpreads;
  /** The same of the study's pairs alone, to compare with figures from before the list was extended. */
  readonly studySets: SetSpreads;
  readonly checks: readonly Check[];
  readonly pairs: readonly PairMeasures[];
}

/** Summarises pairs. Sets that were not measured are left out, and so are their checks. */
export function reportQuality(pairs: readonly PairMeasures[]): QualityReport {
  const sets = spreadsBySet(pairs);
  const studySets = spreadsBySet(pairs, STUDY_PAIRS);
  return { sets, studySets, checks: [...identityChecks(sets), ...pictureChecks(pairs)], pairs };
}

function spreadsBySet(pairs: readonly PairMeasures[], heads?: Readonly<Record<PairSet, number>>): SetSpreads {
  const sets: Partial<Record<PairSet, Record<Measure, Spread>>> = {};
  for (const set of PAIR_SETS) {
    const members = pairs.filter((pair) => pair.set === set).slice(0, heads?.[set]);
    if (members.length > 0) sets[set] = spreadsOf(members);
  }
  return sets;
}

function spreadsOf(pairs: readonly PairMeasures[]): Record<Measure, Spread> {
  const entries = MEASURES.map((measure) => [measure, spreadOf(pairs.map((pair) => pair[measure]))] as const);
  return Object.fromEntries(entries) as Record<Measure, Spread>;
}

function identityChecks(sets: SetSpreads): Check[] {
  const { clean, hard, turned } = sets;
  const checks: Check[] = [];
  if (clean) {
    const wanted = WANTED_IDENTITY.clean;
    checks.push(
      atLeast('clean identity median', clean.identity.median, wanted.median),
      atLeast('clean identity minimum', clean.identity.minimum, wanted.minimum),
      atMost('clean identity to target median', clean.identityToTarget.median, wanted.toTargetMedian),
    );
  }
  if (hard) {
    const wanted = WANTED_IDENTITY.hard;
    checks.push(
      atLeast('hard identity median', hard.identity.median, wanted.median),
      atLeast('hard identity minimum', hard.identity.minimum, wanted.minimum),
    );
  }
  if (turned) checks.push(atLeast('turned identity median', turned.identity.median, WANTED_IDENTITY.turned.median));
  return checks;
}

function pictureChecks(pairs: readonly PairMeasures[]): Check[] {
  const all = spreadsOf(pairs);
  const wanted = WANTED_PICTURE;
  const smallFaces = pairs.filter(({ faceShare }) => faceShare <= wanted.largestFaceShare);
  const checks = [
    atMost('expression median', all.expression.median, wanted.expressionMedian),
    atMost('opening median', all.opening.median, wanted.openingMedian),
    atMost('seam median', all.seam.median, wanted.seamMedian),
    atMost('seam maximum', all.seam.maximum, wanted.seamMaximum),
  ];
  if (smallFaces.length === 0) return checks;
  const small = spreadsOf(smallFaces);
  return [
    ...checks,
    atLeast('whole-frame PSNR minimum', small.framePsnr.minimum, wanted.framePsnrMinimum),
    atLeast('whole-frame SSIM minimum', small.frameSsim.minimum, wanted.frameSsimMinimum),
  ];
}
