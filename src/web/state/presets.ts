/** The preset that is chosen, and what differs from it. */
import { computed } from '@preact/signals';
import { currentPreset, optionSpecs, PROCESSOR_IDS, type Preset, type ProcessorId } from './catalogue.ts';
import { type ProjectDocument, project } from './document.ts';
import { saveOwnPreset } from './own-presets.ts';

/** What the service runs where nothing is named. */
const DEFAULT_PROCESSORS: readonly ProcessorId[] = ['face_swapper'];

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What an option is where the project says nothing. */
export const baseOf = (name: string): unknown =>
  currentPreset.value.options[name] ??
  (name === 'processors' ? DEFAULT_PROCESSORS : optionSpecs.value.find((spec) => spec.name === name)?.fallback);

/** What an option is. */
export const optionValue = (name: string): unknown => project.value.value.options[name] ?? baseOf(name);

export const changedOptions = computed<readonly string[]>(() => Object.keys(project.value.value.options));
export const isModified = computed(() => changedOptions.value.length > 0);

export const processors = computed<readonly ProcessorId[]>(() => {
  const list = optionValue('processors');
  return Array.isArray(list) ? PROCESSOR_IDS.filter((id) => list.includes(id)) : DEFAULT_PROCESSORS;
});

/** Says nothing of what is as the preset has it. */
export function setOption(name: string, value: unknown, merge?: string): void {
  project.change(
    'change.option',
    (document) => {
      if (isSame(document.options[name] ?? baseOf(name), value)) return document;
      const { [name]: _, ...rest } = document.options;
      return { ...document, options: isSame(value, baseOf(name)) ? rest : { ...rest, [name]: value } };
    },
    merge,
  );
}

export const resetOption = (name: string): void =>
  project.change('change.option.reset', (document) => {
    const { [name]: _, ...rest } = document.options;
    return { ...document, options: rest };
  });

export const resetOptions = (): void =>
  project.change('change.option.reset', (document) => ({ ...document, options: {} }));

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
