/** Files of words that names and texts may not have. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../core/errors.ts';
import { readingsOf } from './readings.ts';

/** One line of a list. */
export interface ListedTerm {
  /** As the list has it. */
  readonly term: string;
  /** File name of the list, and line from 1. */
  readonly list: string;
  readonly line: number;
  /** As it is compared. */
  readonly letters: string;
  /** True where the word may go on: the line ends with `*`. */
  readonly isBeginning: boolean;
  /** True for an innocent word that begins like a listed one. */
  readonly isInnocent: boolean;
}

/** Lists that come with the product. */
export const BUILT_IN_LISTS: readonly string[] = ['en.txt', 'zh.txt'].map((name) =>
  fileURLToPath(new URL(`../../../words/${name}`, import.meta.url)),
);

/** Shorter terms would be found in initials and parts of other words. */
const LEAST_LETTERS = 4;
const LEAST_HAN = 2;
const LARGEST_BYTES = 4_000_000;

/**
 * Reads a list: one word or phrase a line, `#` begins a comment. In a list of the product `!` begins an innocent word; no
 * other list may have one, since it could take back what the product lists.
 * @throws POLICY_INVALID for a list that is not there or no text, and for a word of fewer than four letters or two
 *   Chinese characters, with its line
 */
export async function readWordList(path: string): Promise<readonly ListedTerm[]> {
  let text: string;
  try {
    const bytes = await readFile(path);
    if (bytes.length > LARGEST_BYTES) throw new Error(`it has more than ${LARGEST_BYTES} bytes`);
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('POLICY_INVALID', `The word list ${path} cannot be read: ${(cause as Error).message}.`, {
      hint: 'No run begins without it. See: facefusion policy show --origin',
      cause,
    });
  }
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const term = raw.replace(/#.*/, '').trim();
    return term === '' ? [] : [toTerm(path, term, index + 1)];
  });
}

function toTerm(path: string, term: string, line: number): ListedTerm {
  const isBeginning = term.endsWith('*');
  const isInnocent = term.startsWith('!');
  if (isInnocent && !BUILT_IN_LISTS.includes(path)) {
    throw new AppError('POLICY_INVALID', `${path}:${line}: A list of a policy cannot take words back.`, {
      hint: 'It can list more words. Leave the line out.',
    });
  }
  const letters = readingsOf(term.replace(/^!|\*$/g, ''))[0]!.letters;
  const hasHan = /\p{Script=Han}/u.test(letters);
  if (letters.length < (hasHan ? LEAST_HAN : LEAST_LETTERS)) {
    throw new AppError('POLICY_INVALID', `${path}:${line}: Expected a word of ${LEAST_LETTERS} letters or more.`, {
      hint: 'Shorter ones would be found in initials and in parts of other words. Write a phrase.',
    });
  }
  return { term, list: basename(path), line, letters, isBeginning, isInnocent };
}
