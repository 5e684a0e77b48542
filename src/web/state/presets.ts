/** The preset that is chosen, and what differs from it. */
import { computed } from '@preact/signals';
import type { TextKey } from '../i18n/i18n.ts';
import { currentPreset, optionSpecs, PROCESSOR_IDS, type Preset, type ProcessorId } from './catalogue.ts';
import { type ProjectDocument, project, type RangeSettings } from './document.ts';
import type { OptionSpec } from './option-spec.ts';
import { saveOwnPreset } from './own-presets.ts';
import { changeRange } from './range-edits.ts';
import { scope } from './range-settings.ts';

/** What the service runs where nothing is named. */
const DEFAULT_PROCESSORS: readonly ProcessorId[] = ['face_swapper'];

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What an option is in the whole video where the project says nothing. */
const presetValue = (name: string): unknown =>
  currentPreset.value.options[name] ??
  (name === 'processors' ? DEFAULT_PROCESSORS : optionSpecs.value.find((spec) => spec.name === name)?.fallback);

const wholeValue = (name: string): unknown => project.value.value.options[name] ?? presetValue(name);

/** The range that an option is set for: the one that is being set, where ranges may have this option. */
const scopeOf = (name: string): RangeSettings | undefined =>
  name === 'processors' || optionSpecs.value.some((spec) => spec.name === name && spec.isRanged)
    ? scope.value
    : undefined;

/** What an option is where nothing is set for it: in a range as in the whole video. */
export const baseOf = (name: string): unknown => (scopeOf(name) ? wholeValue(name) : presetValue(name));

/** What an option is, in the range that is being set or in the whole video. */
export const optionValue = (name: string): unknown => scopeOf(name)?.options[name] ?? wholeValue(name);

export const changedOptions = computed<readonly string[]>(() =>
  Object.keys((scope.value ?? project.value.value).options),
);
/** Options that can be set now: those of ranges, while one is being set. */
export const shownSpecs = computed<readonly OptionSpec[]>(() =>
  scope.value ? optionSpecs.value.filter(({ isRanged }) => isRanged) : optionSpecs.value,
);
export const isModified = computed(() => changedOptions.value.length > 0);

export const processors = computed<readonly ProcessorId[]>(() => {
  const list = optionValue('processors');
  return Array.isArray(list) ? PROCESSOR_IDS.filter((id) => list.includes(id)) : DEFAULT_PROCESSORS;
});

type Options = ProjectDocument['options'];

/** Changes the options of the range that is being set, or those of the whole video. */
function changeOptions(
  label: TextKey,
  range: RangeSettings | undefined,
  next: (options: Options) => Options,
  merge?: string,
): void {
  const changed = <T extends { readonly options: Options }>(one: T): T => {
    const options = next(one.options);
    return options === one.options ? one : { ...one, options };
  };
  if (range) changeRange(range.id, label, changed, merge && `${range.id} ${merge}`);
  else project.change(label, changed, merge);
}

/** Says nothing of what is as the preset has it, or in a range as the whole video has it. */
export function setOption(name: string, value: unknown, merge?: string): void {
  const base = baseOf(name);
  const next = (options: Options): Options => {
    if (isSame(options[name] ?? base, value)) return options;
    const { [name]: _, ...rest } = options;
    return isSame(value, base) ? rest : { ...rest, [name]: value };
  };
  changeOptions('change.option', scopeOf(name), next, merge);
}

export const resetOption = (name: string): void =>
  changeOptions('change.option.reset', scopeOf(name), ({ [name]: _, ...rest }) => rest);

export const resetOptions = (): void => changeOptions('change.option.reset', scope.value, () => ({}));

export function setProcessor(id: ProcessorId, on: boolean): void {
  const wanted = on ? [...processors.value, id] : processors.value.filter((one) => one !== id);
  setOption(
    'processors',
    PROCESSOR_IDS.filter((one) => wanted.includes(one)),
  );
}

/** What was changed stays changed. */
export const choosePreset = ({ name }: Preset): void =>
  project.change('change.preset', (document) => {
    if (document.preset === name) return document;
    return { ...document, preset: name };
  });

/** All that the project says beyond defaults, as a preset holds it. */
export const presetOfProject = (document: ProjectDocument): Readonly<Record<string, unknown>> => ({
  ...currentPreset.value.options,
  ...document.options,
});

/** Saves what is set now under a name of one's own, and chooses it. */
export function saveAsPreset(name: string): void {
  saveOwnPreset({ name, options: presetOfProject(project.value.value) });
  project.change('change.preset', (document) => ({ ...document, preset: name, options: {} }));
}
