/** What a preset is called: those that come with the product have a name in each language. */
import { type TextKey, t } from '../../i18n/i18n.ts';

const NAMES: Readonly<Record<string, TextKey>> = {
  ...{ fast: 'preset.fast', balanced: 'preset.balanced', premium: 'preset.premium' },
};

export function presetName(name: string): string {
  const key = NAMES[name];
  return key ? t(key) : name;
}
