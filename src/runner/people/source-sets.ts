/** The sets of source photos of a run: one for everybody, or one for each person of `--map`. */
import { AppError } from '../../core/errors.ts';
import { type ResolvedProcessOptions, toFlag } from '../../core/options.ts';
import { inOrder } from '../../core/ranges.ts';
import { type PersonRule, parsePersonMap } from './parse-map.ts';

type SourceOptions = Pick<ResolvedProcessOptions, 'map' | 'sourcePaths'> &
  Partial<Pick<ResolvedProcessOptions, 'ranges'>>;

/** Which set of sources serves whom. Sets count as in `sourceSetsOf`. */
export interface PersonPlan {
  /** By person; undefined for one who is kept. */
  readonly setOf: ReadonlyMap<string, number | undefined>;
  /** The set for everybody who is not named; undefined where they are kept. */
  readonly defaultSet: number | undefined;
}

/** The plan of a range of frames `[start, end)`. */
export interface RangePlan {
  readonly start: number;
  readonly end: number;
  readonly plan: PersonPlan;
}

/**
 * The files of each set, in order: those of `--source-paths`, where there are any, then those of each person of `--map`
 * who gets a face, then those that only a range names.
 * @throws OPTION_INVALID for a map of another form
 */
export function sourceSetsOf({ map, sourcePaths, ranges = [] }: SourceOptions): readonly (readonly string[])[] {
  const sets = [...(sourcePaths.length > 0 ? [sourcePaths] : []), ...photosOf(parsePersonMap(map))];
  // What a range names is often what somebody else has in the rest of the run.
  for (const range of inOrder(ranges)) {
    for (const photos of photosOf(parsePersonMap(range.map ?? []))) {
      if (!sets.some((set) => isSame(set, photos))) sets.push(photos);
    }
  }
  return sets.length > 0 ? sets : [sourcePaths];
}

const photosOf = (rules: readonly PersonRule[]): (readonly string[])[] =>
  rules.flatMap((rule) => (rule.sourcePaths.length > 0 ? [rule.sourcePaths] : []));

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((path, at) => path === b[at]);

/** Every source file of a run, each once. @throws OPTION_INVALID as `sourceSetsOf` */
export const allSourcePaths = (options: SourceOptions): readonly string[] => [...new Set(sourceSetsOf(options).flat())];

/**
 * Who gets which set, where no range says something else.
 * @throws OPTION_INVALID for a map of another form, and for one in which everybody is kept
 */
export function planPersons({ map, sourcePaths, ranges = [] }: SourceOptions): PersonPlan {
  const setOf = new Map<string, number | undefined>();
  const defaultSet = sourcePaths.length > 0 ? 0 : undefined;
  let next = sourcePaths.length > 0 ? 1 : 0;
  for (const rule of parsePersonMap(map)) setOf.set(rule.person, rule.sourcePaths.length > 0 ? next++ : undefined);
  if (next === 0 && photosOf(ranges.flatMap((range) => parsePersonMap(range.map ?? []))).length === 0) {
    throw new AppError('OPTION_INVALID', 'Expected a photo for at least one person in --map, received only keep.', {
      hint: 'Name a photo for somebody, or give everybody who is not named a face with --source.',
      details: { option: 'map' },
    });
  }
  return { setOf, defaultSet };
}

/** Who gets which set in each range, in order: whom a range does not name gets what the run gives. */
export function planRanges(options: SourceOptions): readonly RangePlan[] {
  const sets = sourceSetsOf(options);
  const { setOf, defaultSet } = planPersons(options);
  return inOrder(options.ranges ?? []).map(({ start, end, map = [] }) => {
    const own = parsePersonMap(map).map(({ person, sourcePaths }) => {
      const set = sets.findIndex((photos) => isSame(photos, sourcePaths));
      return [person, sourcePaths.length === 0 ? undefined : set] as const;
    });
    return { start, end, plan: { setOf: new Map([...setOf, ...own]), defaultSet } };
  });
}

/** Sets that a plan takes. */
export const setsOfPlan = ({ setOf, defaultSet }: PersonPlan): readonly number[] => [
  ...new Set([defaultSet, ...setOf.values()].filter((set) => set !== undefined)),
];

/** Options that choose faces in another way, with the values at which they say nothing. */
const SELECTORS = {
  faceSelectorMode: 'reference',
  faceSelectorGender: undefined,
  faceSelectorAgeStart: undefined,
  faceSelectorAgeEnd: undefined,
} as const satisfies Partial<ResolvedProcessOptions>;

/**
 * Checks all that can be known of a map before anything is opened; does nothing without one.
 * @throws OPTION_INVALID as `planPersons`, where the face selector is used beside the map, and where a range has a map and
 *   the run has none
 */
export function checkMap(options: ResolvedProcessOptions): void {
  if (options.map.length === 0) {
    if (options.ranges.every(({ map = [] }) => map.length === 0)) return;
    throw new AppError('OPTION_INVALID', 'Expected --map for a run in which a range has a map, received none.', {
      hint: 'Say of the persons that the range names what they get in the rest of the video, as in person1=keep.',
      details: { option: 'map' },
    });
  }
  planPersons(options);
  planRanges(options);
  for (const [name, silent] of Object.entries(SELECTORS)) {
    if (options[name as keyof typeof SELECTORS] === silent) continue;
    throw new AppError('OPTION_INVALID', `Expected either --map or ${toFlag(name)}, received both.`, {
      hint: '--map chooses by person; leave the face selector out.',
      details: { option: name },
    });
  }
}
