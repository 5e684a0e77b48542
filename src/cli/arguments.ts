import { AppError } from '../core/errors.ts';

/** Long spellings beside the schema's own names; `arguments.test.ts` proves that they are the schema's aliases. */
export const LONG_ALIASES: Readonly<Record<string, string>> = {
  '--source': '--source-paths',
  '--target': '--target-path',
  '--output': '--output-path',
};

/**
 * Rewrites spellings that the parser below does not know into those it does: `--source=a` into `--source-paths=a`,
 * `--json=lines` into `--json-lines`. Everything after `--` is left as it is.
 * @throws OPTION_INVALID for another form of `--json`
 */
export function normaliseArguments(words: readonly string[]): string[] {
  const end = words.indexOf('--');
  const head = end < 0 ? words : words.slice(0, end);
  const tail = end < 0 ? [] : words.slice(end);
  const rewrite = (word: string): string => {
    if (word.startsWith('--json=')) return rewriteJson(word.slice('--json='.length));
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    return `${LONG_ALIASES[name] ?? name}${equals < 0 ? '' : word.slice(equals)}`;
  };
  return [...head.map(rewrite), ...tail];
}

function rewriteJson(form: string): string {
  if (form === 'lines') return '--json-lines';
  if (form === 'document') return '--json';
  throw new AppError('OPTION_INVALID', `Expected document or lines for --json, received ${form}.`, {
    hint: 'Write --json for one document at the end, --json=lines for events while it runs.',
  });
}

/** Reads a frame number or the like. @throws OPTION_INVALID */
export function parseCount(flag: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new AppError('OPTION_INVALID', `Expected a whole number of 0 or more for ${flag}, received ${text}.`);
}
