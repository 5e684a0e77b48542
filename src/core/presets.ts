/** Presets: values for many options of a run at once. No I/O; `runner/read-preset.ts` reads their files. */
import type { z } from 'zod';
import { AppError } from './errors.ts';
import { processOptionsSchema, type ResolvedProcessOptions } from './options.ts';
import { closest } from './suggest.ts';

/** Options that belong to one run and not to a preset. */
const OF_ONE_RUN = {
  sourcePaths: true,
  targetPath: true,
  outputPath: true,
  map: true,
  ranges: true,
  force: true,
  chunk: true,
  resume: true,
  publishPartial: true,
  preset: true,
} as const satisfies Partial<Record<keyof ResolvedProcessOptions, true>>;

const presetSchema = processOptionsSchema.omit(OF_ONE_RUN).partial();

/** Options with their values, as a preset holds them; those that are left out keep their defaults. */
export type Preset = Readonly<z.input<typeof presetSchema>>;

/**
 * Turns unknown input, as the content of a file, into a preset.
 * @param label how messages call it: a name or a path
 * @throws OPTION_INVALID for anything but an object, and for a value out of its range; OPTION_UNKNOWN for an option that
 *   does not exist or belongs to one run, as paths do
 */
export function parsePreset(input: unknown, label: string): Preset {
  const result = presetSchema.safeParse(input);
  const where = `Preset ${JSON.stringify(label)}`;
  if (result.success) {
    // The schema has filled in defaults, which a preset must not: flags that it does not name stay as they are.
    const named = Object.entries(result.data).filter(([name]) => Object.hasOwn(input as object, name));
    return Object.freeze(Object.fromEntries(named));
  }
  const issue = result.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') throw unknownOption(where, issue.keys[0]!);
  if (issue.path.length === 0) {
    throw new AppError('OPTION_INVALID', `${where}: expected an object of options.`, {
      hint: 'See what one looks like: facefusion presets show balanced --json',
    });
  }
  const option = String(issue.path[0]);
  throw new AppError('OPTION_INVALID', `${where}: ${issue.path.join('.')}: ${issue.message}.`, { details: { option } });
}

function unknownOption(where: string, option: string): AppError {
  if (Object.hasOwn(OF_ONE_RUN, option)) {
    return new AppError('OPTION_UNKNOWN', `${where}: ${option} belongs to one run, not to a preset.`, {
      hint: 'Take it out of the preset and give it with the run.',
      details: { option },
    });
  }
  const near = closest(option, Object.keys(presetSchema.shape));
  return new AppError('OPTION_UNKNOWN', `${where}: there is no option ${option}.`, {
    hint: near === undefined ? 'Presets name options as in docs/options.md, in camelCase.' : `Did you mean ${near}?`,
    details: { option },
  });
}
