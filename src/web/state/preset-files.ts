/** Presets as files: the same that `facefusion presets` reads and writes. */
import { t } from '../i18n/i18n.ts';
import { currentPreset, optionSpecs } from './catalogue.ts';
import { project } from './document.ts';
import { expectedInstead } from './option-spec.ts';
import { toName } from './output-name.ts';
import { parsePresetFile, saveOwnPreset } from './own-presets.ts';
import { pickFiles } from './pick-files.ts';
import { choosePreset, presetOfProject } from './presets.ts';
import { showToast } from './toasts.ts';

/** Saves a file from the page. */
export function download(fileName: string, content: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type: 'application/json' }));
  link.download = fileName;
  link.click();
  // The browser has taken the address by the next turn.
  setTimeout(() => URL.revokeObjectURL(link.href));
}

export const exportPreset = (): void =>
  download(
    `${toName(currentPreset.value.name) || 'preset'}.json`,
    `${JSON.stringify(presetOfProject(project.value.value), undefined, 2)}\n`,
  );

/** Whether the service knows an option of this name; until it has told which there are, it says so itself. */
const isOption = (name: string): boolean =>
  name === 'processors' || optionSpecs.value.length === 0 || optionSpecs.value.some((spec) => spec.name === name);

/** Asks for a file; what is none of a preset is told. */
export async function importPreset(): Promise<void> {
  const [file] = await pickFiles('.json,application/json', false);
  if (!file) return;
  const options = parsePresetFile(await file.text());
  if (!options) {
    showToast({ kind: 'danger', text: t('preset.invalid', { file: file.name }) });
    return;
  }
  const unknown = Object.keys(options).find((option) => !isOption(option));
  if (unknown !== undefined) {
    showToast({ kind: 'danger', text: t('preset.unknownOption', { file: file.name, option: unknown }) });
    return;
  }
  for (const spec of optionSpecs.value) {
    const value = options[spec.name];
    const expected = value === undefined ? undefined : expectedInstead(spec, value);
    if (expected === undefined) continue;
    const found = { file: file.name, option: spec.name, value: JSON.stringify(value), expected };
    showToast({ kind: 'danger', text: t('preset.wrongValue', found) });
    return;
  }
  const name = file.name.replace(/\.json$/i, '');
  saveOwnPreset({ name, options });
  choosePreset({ name, options, origin: 'own' });
  showToast({ kind: 'success', text: t('preset.saved', { name }) });
}
