/** The words of the page, as its users read them: what tests look for is what people look for. */

import type { TextKey, Texts } from '../../../src/web/i18n/en.ts';
import { en } from '../../../src/web/i18n/en.ts';
import { zh } from '../../../src/web/i18n/zh.ts';

export type Language = 'en' | 'zh';
export type Words = (key: TextKey, values?: Readonly<Record<string, string | number>>) => string;

export function wordsOf(language: Language): Words {
  const texts: Texts = language === 'zh' ? zh : en;
  return (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
