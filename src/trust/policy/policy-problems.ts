/** What is said about mistakes in a policy. */
import { closest } from '../../core/suggest.ts';
import { findPolicyKey, POLICY_KEYS, POLICY_SECTIONS } from './policy-keys.ts';

/** One mistake. */
export interface PolicyProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
  readonly hint?: string;
}

/** What no policy can switch off, and what happens instead. */
const ALWAYS_ON: Readonly<Record<string, string>> = {
  moderation: 'every source and target is looked at',
  watermark: 'every output is marked',
  audit: 'every run is recorded',
  words: 'names and texts are checked in every run',
  blocklist: 'every face is compared with the listed persons',
  faceAge: 'faces of minors are never worked on',
};
const SWITCH = /^(?:no|skip|disable|without|enable|enabled|disabled|active|on|off)/i;

/** @param value undefined for what no value can be, such as an alias */
export function wrongValue(key: string, value: unknown, line: number): PolicyProblem {
  const { values, why } = findPolicyKey(key)!;
  const near = typeof value === 'string' ? closest(value, values.replace('list of ', '').split(' | ')) : undefined;
  const hint = near === undefined ? why : `Did you mean ${near}?`;
  return {
    line,
    message: `Expected ${values} for ${key}, received ${inWords(value)}.`,
    ...(hint === undefined ? {} : { hint }),
  };
}

function inWords(value: unknown): string {
  if (value === undefined) return 'something else';
  if (value === null) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A value where keys were expected: often somebody tries to switch the whole matter off. */
export function noSection(section: string, line: number): PolicyProblem {
  if (section in ALWAYS_ON) return alwaysOn(section, line);
  return { line, message: `Expected keys below ${section}: ${keysBelow(section).join(', ')}.` };
}

export function unknownKey(key: string, line: number): PolicyProblem {
  const [above, name] = key.includes('.') ? (key.split('.', 2) as [string, string]) : [undefined, key];
  const matter =
    SWITCH.test(name) &&
    Object.keys(ALWAYS_ON).find((known) =>
      above === undefined ? name.toLowerCase().includes(known.toLowerCase()) : above === known,
    );
  return matter ? alwaysOn(matter, line) : { line, message: `There is no key ${key}.`, hint: keyHint(key) };
}

function keyHint(key: string): string {
  const keys = POLICY_KEYS.map((known) => known.key);
  if (keys.includes(key)) {
    const [section, name] = key.split('.', 2);
    return `Write ${name}: on a line of its own below ${section}:`;
  }
  // The second is for a key that was written without its section.
  const near = closest(key, [...keys, ...POLICY_SECTIONS]) ?? keys.find((known) => known.endsWith(`.${key}`));
  return near === undefined ? 'See all of them: facefusion policy show' : `Did you mean ${near}?`;
}

function alwaysOn(section: string, line: number): PolicyProblem {
  return {
    line,
    message: `A policy cannot switch off ${section}: ${ALWAYS_ON[section]}.`,
    hint: `What it can set: ${keysBelow(section).join(', ')}.`,
  };
}

const keysBelow = (section: string): string[] =>
  POLICY_KEYS.flatMap(({ key }) => (key.startsWith(`${section}.`) ? [key] : []));
