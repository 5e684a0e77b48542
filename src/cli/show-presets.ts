import { isBuiltInPreset } from '../core/built-in-presets.ts';
import { toAppError } from '../core/errors.ts';
import { toFlag } from '../core/options.ts';
import type { Preset } from '../core/presets.ts';
import { importedPresetPath, importPreset, writePresetFile } from '../runner/preset-folder.ts';
import { presetNames, readPreset, removePreset } from '../runner/read-preset.ts';
import { formatTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** One line of the list. */
interface Listed {
  readonly name: string;
  readonly origin: 'built in' | 'imported';
  readonly options?: Preset;
  /** Why a file, which was good when it was imported, cannot be used now. */
  readonly problem?: string;
}

/** Lists all presets with the options that they set. */
export async function showPresets(terminal: Terminal): Promise<void> {
  const presets = await Promise.all((await presetNames()).map(look));
  terminal.result('presets list', { presets }, () => {
    const rows = presets.map(({ name, origin, options, problem }) => [
      name,
      origin,
      problem ??
        Object.entries(options ?? {})
          .map(asWords)
          .join(' '),
    ]);
    for (const line of formatTable([['NAME', 'ORIGIN', 'OPTIONS'], ...rows])) terminal.data(line);
  });
}

/** Prints the options of one preset, as flags; with `--json` as they stand in a preset file. @throws see `readPreset` */
export async function showPreset(terminal: Terminal, name: string): Promise<void> {
  const options = await readPreset(name);
  terminal.result('presets show', { name, options }, () => {
    for (const line of formatTable(Object.entries(options).map(([key, value]) => [toFlag(key), words(value)]))) {
      terminal.data(line);
    }
  });
}

/** @throws see `readPreset` and `writePresetFile` */
export async function exportPreset(terminal: Terminal, name: string, path: string): Promise<void> {
  const options = await readPreset(name);
  await writePresetFile(path, options);
  terminal.result('presets export', { name, path, options }, () => {
    terminal.say(`Wrote the preset ${name}. Use it: facefusion process --preset ${path} …`);
    terminal.data(path);
  });
}

/** @throws see `importPreset` */
export async function takePreset(terminal: Terminal, path: string, wanted: string | undefined): Promise<void> {
  const name = await importPreset(path, wanted);
  terminal.result('presets import', { name, path: importedPresetPath(name) }, () => {
    terminal.say(`Imported. Use it: facefusion process --preset ${name} …`);
    terminal.data(name);
  });
}

/** @throws see `removePreset` */
export async function dropPreset(terminal: Terminal, name: string): Promise<void> {
  await removePreset(name);
  terminal.result('presets remove', { name }, () => terminal.say(`Removed the preset ${name}.`));
}

async function look(name: string): Promise<Listed> {
  const origin = isBuiltInPreset(name) ? 'built in' : 'imported';
  try {
    return { name, origin, options: await readPreset(name) };
  } catch (error) {
    // One bad file must not hide the others.
    return { name, origin, problem: toAppError(error).message };
  }
}

const asWords = ([name, value]: readonly [string, unknown]): string => `${toFlag(name)} ${words(value)}`;

const words = (value: unknown): string => (Array.isArray(value) ? value.join(' ') : String(value));
