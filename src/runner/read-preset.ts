/** Finds presets by what a user calls them, and fills their values into the options of a run. */
import { BUILT_IN_PRESETS, isBuiltInPreset } from '../core/built-in-presets.ts';
import { AppError } from '../core/errors.ts';
import { parseProcessOptions, type ResolvedProcessOptions, withPreset } from '../core/options.ts';
import type { Preset } from '../core/presets.ts';
import { closest } from '../core/suggest.ts';
import {
  importedPresetNames,
  importedPresetPath,
  type PresetEnvironment,
  readPresetFile,
  removeImportedPreset,
} from './preset-folder.ts';

/** Names of all presets: those that are built in, then the user's. */
export const presetNames = async (env: PresetEnvironment = process.env): Promise<readonly string[]> => [
  ...Object.keys(BUILT_IN_PRESETS),
  ...(await importedPresetNames(env)),
];

/**
 * Reads one preset.
 * @param name of a built-in or an imported one, or the path of a file that ends in `.json`
 * @throws OPTION_INVALID with the nearest name and all of them where there is none; and see `readPresetFile`
 */
export async function readPreset(name: string, env: PresetEnvironment = process.env): Promise<Preset> {
  if (isBuiltInPreset(name)) return BUILT_IN_PRESETS[name];
  if (name.endsWith('.json')) return readPresetFile(name);
  if ((await importedPresetNames(env)).includes(name)) return readPresetFile(importedPresetPath(name, env));
  throw await unknownPreset(name, env);
}

/**
 * Removes a preset of the user's.
 * @throws OPTION_INVALID for one that is built in or not there; OUTPUT_FAILED
 */
export async function removePreset(name: string, env: PresetEnvironment = process.env): Promise<void> {
  if (isBuiltInPreset(name)) {
    throw new AppError('OPTION_INVALID', `The preset ${name} is built in and cannot be removed.`);
  }
  if (!(await importedPresetNames(env)).includes(name)) throw await unknownPreset(name, env);
  await removeImportedPreset(name, env);
}

/**
 * `parseProcessOptions` for options that may name a preset, whose values they then take, unless they say otherwise. The
 * result names no preset any more: it is complete without the file, and may be read again with the same outcome.
 * @throws see `parseProcessOptions` and `readPreset`
 */
export async function readOptions(
  input: unknown,
  env: PresetEnvironment = process.env,
): Promise<ResolvedProcessOptions> {
  const name = (input as { readonly preset?: unknown } | null | undefined)?.preset;
  const preset = typeof name === 'string' && name !== '' ? await readPreset(name, env) : undefined;
  return parseProcessOptions(preset ? withPreset(input as object, preset) : input);
}

async function unknownPreset(name: string, env: PresetEnvironment): Promise<AppError> {
  const names = await presetNames(env);
  const near = closest(name, names);
  const list = `Presets: ${names.join(', ')}, or a file that ends in .json.`;
  return new AppError('OPTION_INVALID', `There is no preset ${name}.`, {
    hint: near === undefined ? list : `Did you mean ${near}? ${list}`,
    details: { option: 'preset', presets: names },
  });
}
