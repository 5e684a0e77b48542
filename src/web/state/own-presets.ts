/** Presets that somebody saved as theirs: kept by this browser, and carried as files. */
import { signal } from '@preact/signals';

export interface OwnPreset {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const STORED = 'facefusion.presets';

function stored(): readonly OwnPreset[] {
  try {
    const list: unknown = JSON.parse(localStorage.getItem(STORED) ?? '[]');
    return Array.isArray(list) ? list.filter(isPreset) : [];
  } catch {
    // What cannot be read is none: the file of somebody else's making, or cut off.
    return [];
  }
}

const isPreset = (value: unknown): value is OwnPreset =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'options' in value &&
  isOptions(value.options);

const isOptions = (value: unknown): value is OwnPreset['options'] =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const ownPresets = signal<readonly OwnPreset[]>(stored());

function keep(list: readonly OwnPreset[]): void {
  localStorage.setItem(STORED, JSON.stringify(list));
  ownPresets.value = list;
}

/** Takes the place of one with the same name. */
export const saveOwnPreset = (preset: OwnPreset): void =>
  keep([...ownPresets.value.filter(({ name }) => name !== preset.name), preset]);

export const removeOwnPreset = (name: string): void => keep(ownPresets.value.filter((preset) => preset.name !== name));

/** Of one run, not of a preset. */
const OF_ONE_RUN = ['sourcePaths', 'targetPath', 'outputPath', 'map', 'force', 'chunk', 'resume', 'preset'];

/**
 * A preset out of a file, in the form of `facefusion presets export`: an object of options.
 * @returns undefined for anything else, and for a file that names files or a preset
 */
export function parsePresetFile(content: string): OwnPreset['options'] | undefined {
  try {
    const options: unknown = JSON.parse(content);
    if (!isOptions(options) || Object.keys(options).some((name) => OF_ONE_RUN.includes(name))) return undefined;
    return options;
  } catch {
    return undefined;
  }
}
