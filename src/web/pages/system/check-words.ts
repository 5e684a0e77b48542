/** What the service found of its machine, in the words of the page: English is what it said itself. */
import { formatBytes, formatNumber, language } from '../../i18n/i18n.ts';
import { ZH_CHECKS, ZH_FAULTS, ZH_HOW_TO_GET } from '../../i18n/zh-checks.ts';
import type { Schemas } from '../../state/api.ts';
import { errorWords } from '../../state/error-words.ts';

type Check = Schemas['System']['checks'][number];
type Provider = Schemas['System']['providers'][number];

export interface Words {
  readonly text: string;
  /** What to do. */
  readonly fix: string | undefined;
  /** True where it is what the service said, in English. */
  readonly isOriginal: boolean;
  /** The same of `fix`, where that differs. */
  readonly isFixOriginal?: boolean;
}

export function checkWords({ status, code, message, fix, facts = {} }: Check): Words {
  const original = { text: message, fix, isOriginal: true };
  if (language.value === 'en') return original;
  if (status === 'FAIL') {
    const { title, why, isOriginal } = errorWords({ code, message });
    // What to do is mostly a command: the service knows it better than the texts of errors do.
    return isOriginal ? original : { text: `${title}：${why}`, fix, isOriginal, isFixOriginal: true };
  }
  const [text, then] = ZH_CHECKS[code] ?? [];
  return text === undefined ? original : { text: filled(text, facts), fix: then, isOriginal: false };
}

/** Why a provider does not work, and how it can be had. */
export function providerWords({ id, reason = '', fault, library = '', howToGet }: Provider): Words {
  const original = { text: reason, fix: howToGet, isOriginal: true };
  if (language.value === 'en') return original;
  const text = fault && ZH_FAULTS[fault];
  const fix = ZH_HOW_TO_GET[id];
  // What only ONNX Runtime can say is told as it said it.
  if (text === undefined || fix === undefined) return original;
  return { text: filled(text, { library }), fix, isOriginal: false };
}

const filled = (text: string, facts: NonNullable<Check['facts']>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = facts[name] ?? '';
    if (typeof value === 'string') return value.replaceAll(', ', '、');
    return name.endsWith('Bytes') ? formatBytes(value) : formatNumber(value);
  });
