/** The sets of source photos of a run: one for everybody, or one for each person of `--map`. */
import { AppError } from '../../core/errors.ts';
import { type ResolvedProcessOptions, toFlag } from '../../core/options.ts';
import { parsePersonMap } from './parse-map.ts';

type SourceOptions = Pick<ResolvedProcessOptions, 'map' | 'sourcePaths'>;

/** Which set of sources serves whom. Sets count as in `sourceSetsOf`. */
export interface PersonPlan {
  /** By person; undefined for one who is kept. */
  readonly setOf: ReadonlyMap<string, number | undefined>;
  /** The set for everybody who is not named; undefined where they are kept. */
  readonly defaultSet: number | undefined;
}

/**
 * The files of each set, in order: those of `--source-paths`, where there are any, then those of each person of `--map`
 * who gets a face.
 * @throws OPTION_INVALID for a map of another form
 */
export function sourceSetsOf({ map, sourcePaths }: SourceOptions): readonly (readonly string[])[] {
  const own = parsePersonMap(map).flatMap((rule) => (rule.sourcePaths.length > 0 ? [rule.sourcePaths] : []));
  return sourcePaths.length > 0 || own.length === 0 ? [sourcePaths, ...own] : own;
}

/** Every source file of a run, each once. @throws OPTION_INVALID as `sourceSetsOf` */
export const allSourcePaths = (options: SourceOptions): readonly string[] => [...new Set(sourceSetsOf(options).flat())];

/**
 * Who gets which set.
 * @throws OPTION_INVALID for a map of another form, and for one in which everybody is kept
 */
export function planPersons({ map, sourcePaths }: SourceOptions): PersonPlan {
  const setOf = new Map<string, number | undefined>();
  const defaultSet = sourcePaths.length > 0 ? 0 : undefined;
  let next = sourcePaths.length > 0 ? 1 : 0;
  for (const rule of parsePersonMap(map)) setOf.set(rule.person, rule.sourcePaths.length > 0 ? next++ : undefined);
  if (next === 0) {
    throw new AppError('OPTION_INVALID', 'Expected a photo for at least one person in --map, received only keep.', {
      hint: 'Name a photo for somebody, or give everybody who is not named a face with --source.',
      details: { option: 'map' },
    });
  }
  return { setOf, defaultSet };
}

/** Options that choose faces in another way, with the values at which they say nothing. */
const SELECTORS = {
  faceSelectorMode: 'reference',
  faceSelectorGender: undefined,
  faceSelectorAgeStart: undefined,
  faceSelectorAgeEnd: undefined,
} as const satisfies Partial<ResolvedProcessOptions>;

/**
 * Checks all that can be known of a map before anything is opened; does nothing without one.
 * @throws OPTION_INVALID as `planPersons`, and where the face selector is used beside the map
 */
export function checkMap(options: ResolvedProcessOptions): void {
  if (options.map.length === 0) return;
  planPersons(options);
  for (const [name, silent] of Object.entries(SELECTORS)) {
    if (options[name as keyof typeof SELECTORS] === silent) continue;
    throw new AppError('OPTION_INVALID', `Expected either --map or ${toFlag(name)}, received both.`, {
      hint: '--map chooses by person; leave the face selector out.',
      details: { option: name },
    });
  }
}
