/** Presets that the user has imported: one JSON file each in a folder of the user's settings. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, extname, isAbsolute, join } from 'node:path';
import { isBuiltInPreset } from '../core/built-in-presets.ts';
import { AppError } from '../core/errors.ts';
import { type Preset, parsePreset } from '../core/presets.ts';
import { checkInputFile } from '../media/input-file.ts';
import { toOutputError } from '../media/output-file.ts';

/** The variables that say where settings are. */
export type PresetEnvironment = Readonly<Record<string, string | undefined>>;

const ENDING = '.json';
/** Far more than all options take. */
const LARGEST_BYTES = 1_000_000;
/** Also safe as a file name on every system. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u;

/** `XDG_CONFIG_HOME`, else the platform's own place. The folder need not exist. */
export function presetFolder(env: PresetEnvironment = process.env): string {
  const { XDG_CONFIG_HOME: xdg, APPDATA: appData } = env;
  // A relative path is to be ignored: https://specifications.freedesktop.org/basedir-spec/latest/
  if (xdg && isAbsolute(xdg)) return join(xdg, 'facefusion', 'presets');
  const home = env.HOME || homedir();
  if (process.platform === 'win32') {
    return join(appData || join(home, 'AppData', 'Roaming'), 'facefusion', 'presets');
  }
  const settings = process.platform === 'darwin' ? join(home, 'Library', 'Application Support') : join(home, '.config');
  return join(settings, 'facefusion', 'presets');
}

/** Names of the imported presets, in alphabetical order. */
export async function importedPresetNames(env: PresetEnvironment = process.env): Promise<readonly string[]> {
  const files = await readdir(presetFolder(env)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new AppError('INPUT_UNREADABLE', `The presets in ${presetFolder(env)} cannot be read.`, { cause: error });
  });
  return files
    .filter((file) => extname(file) === ENDING)
    .map((file) => basename(file, ENDING))
    .filter((name) => NAME.test(name) && !isBuiltInPreset(name))
    .sort();
}

/** Where an imported preset is. The name has been checked or listed. */
export const importedPresetPath = (name: string, env: PresetEnvironment = process.env): string =>
  join(presetFolder(env), name + ENDING);

/**
 * Reads a preset file.
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE, INPUT_TOO_LARGE; OPTION_INVALID for what is no JSON; and
 *   see `parsePreset`
 */
export async function readPresetFile(path: string): Promise<Preset> {
  if ((await checkInputFile(path)) > LARGEST_BYTES) {
    throw new AppError('INPUT_TOO_LARGE', `Expected a preset of at most ${LARGEST_BYTES} bytes: ${path}.`);
  }
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new AppError('INPUT_UNREADABLE', `${path} cannot be read: ${error.message}.`, { cause: error });
  });
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new AppError('OPTION_INVALID', `Preset ${JSON.stringify(path)} is no JSON: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  return parsePreset(content, path);
}

/**
 * Writes a preset to a file that is not there yet, as JSON.
 * @throws OUTPUT_UNSUPPORTED without the ending `.json`, OUTPUT_EXISTS, OUTPUT_FOLDER_MISSING, OUTPUT_FAILED
 */
export async function writePresetFile(path: string, preset: Preset): Promise<void> {
  if (extname(path) !== ENDING) {
    throw new AppError('OUTPUT_UNSUPPORTED', `Expected a file that ends in .json, received ${path}.`);
  }
  try {
    await writeFile(path, `${JSON.stringify(preset, null, 2)}\n`, { flag: 'wx' });
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case 'EEXIST':
        throw new AppError('OUTPUT_EXISTS', `${path} exists.`, { hint: 'Remove it first, or choose another name.' });
      case 'ENOENT':
        throw new AppError('OUTPUT_FOLDER_MISSING', `There is no folder for ${path}.`, { cause: error });
      default:
        throw toOutputError(error, path);
    }
  }
}

/**
 * Takes a preset file over into the user's folder.
 * @param name what it will be called; by default the file's name without its ending
 * @returns the name
 * @throws OPTION_INVALID for a name that cannot be one or is built in; OUTPUT_EXISTS where one has it already; and see
 *   `readPresetFile`
 */
export async function importPreset(
  path: string,
  name = basename(path, ENDING),
  env: PresetEnvironment = process.env,
): Promise<string> {
  if (!NAME.test(name)) {
    throw new AppError(
      'OPTION_INVALID',
      `Expected a name of letters, digits, - and _ for a preset, received ${JSON.stringify(name)}.`,
      { hint: 'Choose one with --name.' },
    );
  }
  if (isBuiltInPreset(name)) {
    throw new AppError('OPTION_INVALID', `The preset ${name} is built in.`, { hint: 'Choose another with --name.' });
  }
  const preset = await readPresetFile(path);
  if ((await importedPresetNames(env)).includes(name)) {
    throw new AppError('OUTPUT_EXISTS', `There is a preset ${name} already.`, {
      hint: `facefusion presets remove ${name}, or choose another name with --name.`,
    });
  }
  await mkdir(presetFolder(env), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw toOutputError(error, presetFolder(env));
  });
  await writePresetFile(importedPresetPath(name, env), preset);
  return name;
}

/** Removes an imported preset. The name has been found in the list. @throws OUTPUT_FAILED */
export async function removeImportedPreset(name: string, env: PresetEnvironment = process.env): Promise<void> {
  const path = importedPresetPath(name, env);
  await rm(path).catch((error: unknown) => {
    throw toOutputError(error, path);
  });
}
