/** Options as they come from afar: nothing in them may name a file of this machine. */
import { AppError } from '../core/errors.ts';
import { parseProcessOptions, type ResolvedProcessOptions, withPreset } from '../core/options.ts';
import type { PresetEnvironment } from '../runner/preset-folder.ts';
import { presetNames, readPreset } from '../runner/read-preset.ts';

/** Options that a job of the API cannot set, and what takes their place. */
export const REFUSED_OPTIONS = {
  sourcePaths: 'Name uploads as sources.',
  targetPath: 'Name an upload as target.',
  outputPath: 'Name the output.',
  map: 'Name persons and uploads in the map of the request.',
  ranges: 'Name ranges beside the options of the request.',
  force: 'A job never overwrites anything.',
  chunk: 'A service makes chunks by itself.',
  resume: 'A service goes on by itself: retry the job.',
  publishPartial: 'Cancel the job, then ask for what it had done: POST /v1/jobs/{id}/keep.',
  modelFolder: 'Models are added by whoever runs the service.',
  stylizerLut: 'It names a file of the machine.',
} as const satisfies Partial<Record<keyof ResolvedProcessOptions, string>>;

export interface ApiOptions {
  /** As they were given, with the values of the preset that was named: another machine need not have it. */
  readonly given: Readonly<Record<string, unknown>>;
  /** Complete, with the paths that stand for media. */
  readonly resolved: ResolvedProcessOptions;
}

/** Paths that stand for media while options are checked. */
export interface Placeholders {
  readonly sourcePaths: readonly string[];
  readonly map: readonly string[];
  /** With maps as `map`. */
  readonly ranges?: readonly object[];
  readonly targetPath: string;
  readonly outputPath: string;
}

/**
 * Checks options of a request.
 * @throws OPTION_INVALID for those in `REFUSED_OPTIONS` and for a preset that is a file; what `parseProcessOptions` and
 *   `readPreset` throw
 */
export async function readApiOptions(
  options: Readonly<Record<string, unknown>>,
  placeholders: Placeholders,
  environment?: PresetEnvironment,
): Promise<ApiOptions> {
  for (const [option, instead] of Object.entries(REFUSED_OPTIONS)) {
    if (options[option] === undefined) continue;
    throw new AppError('OPTION_INVALID', `The option ${option} cannot be set from the API.`, {
      hint: instead,
      details: { option },
    });
  }
  const { preset, ...rest } = options;
  const given = preset === undefined ? rest : withPreset(rest, await namedPreset(preset, environment));
  return { given: { ...given }, resolved: parseProcessOptions({ ...given, ...placeholders }) };
}

async function namedPreset(name: unknown, environment?: PresetEnvironment): Promise<object> {
  if (typeof name !== 'string' || name === '' || /[/\\.]/.test(name)) {
    throw new AppError('OPTION_INVALID', 'Expected the name of a preset, received something else.', {
      hint: `Presets: ${(await presetNames(environment)).join(', ')}.`,
      details: { option: 'preset' },
    });
  }
  const preset = await readPreset(name, environment);
  const foreign = Object.keys(preset).find((option) => Object.hasOwn(REFUSED_OPTIONS, option));
  if (foreign === undefined) return preset;
  throw new AppError('OPTION_INVALID', `The preset ${name} sets ${foreign}, which names files of one machine.`, {
    hint: 'Use another preset, or give its other options.',
    details: { option: 'preset' },
  });
}
