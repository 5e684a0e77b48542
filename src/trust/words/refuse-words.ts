import { AppError } from '../../core/errors.ts';
import type { WordFilter } from './word-filter.ts';

/** A text of a run. */
export interface RunText {
  /** What it is, for the message: `name of the output`, `title of the target`. */
  readonly what: string;
  readonly text: string;
}

/**
 * Looks through names, titles, metadata and overlay texts of a run. Of a path give the name alone: folders are not the
 * run's to choose.
 * @throws CONTENT_BLOCKED for the first text with a listed word; it says which word, and nothing else of the text
 */
export function refuseWords(filter: WordFilter, texts: readonly RunText[]): void {
  for (const { what, text } of texts) {
    const matches = filter.check(text);
    const [first] = matches;
    if (!first) continue;
    const { term, list, line } = first;
    throw new AppError('CONTENT_BLOCKED', `The ${what} has a word that is not allowed: ${term.replace(/\*$/, '')}.`, {
      hint: `It is on line ${line} of the word list ${list}.`,
      details: { category: 'listed-word', policyKey: 'words.files', what, matches },
    });
  }
}
