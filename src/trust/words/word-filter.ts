/** Finds listed words in names, titles, metadata and overlay texts, however they are spelled. */
import AhoCorasick from 'modern-ahocorasick';
import type { Policy } from '../policy/policy-schema.ts';
import { type Reading, readingsOf } from './readings.ts';
import { BUILT_IN_LISTS, type ListedTerm, readWordList } from './word-list.ts';

/** A listed word in a text. What stands around it is not repeated. */
export interface WordMatch {
  /** As the list has it. */
  readonly term: string;
  /** File name and line of the list. */
  readonly list: string;
  readonly line: number;
  /** Where it stands, in UTF-16 units: `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

export interface WordFilter {
  /** Number of listed words. */
  readonly size: number;
  /** Every listed word of a text, in order. Case, accents, width, spacing and look-alikes do not matter. */
  check(text: string): readonly WordMatch[];
}

/**
 * Opens the product's lists and those of the policy.
 * @throws POLICY_INVALID as `readWordList`
 */
export async function openWordFilter(policy: Pick<Policy, 'words'>): Promise<WordFilter> {
  const lists = await Promise.all([...BUILT_IN_LISTS, ...policy.words.files].map(readWordList));
  return createWordFilter(lists.flat());
}

/** A filter of terms that are at hand. */
export function createWordFilter(terms: readonly ListedTerm[]): WordFilter {
  const matcher = new AhoCorasick(terms.map(({ letters }) => letters));
  /** Words of other words do not count: a match begins and ends where words do, however many it takes. */
  const find = (reading: Reading): WordMatch[] => {
    const { starts, ends, isEdge } = reading;
    const hits = matcher
      .search(reading.letters)
      .map(({ patternIndex, start, end }) => ({ listed: terms[patternIndex]!, start, end }))
      .filter(({ listed, start, end }) => isEdge[start] && (listed.isBeginning || isEdge[end]));
    const innocent = hits.filter(({ listed }) => listed.isInnocent);
    const goesOn = (end: number): boolean => innocent.some((word) => word.start < end && word.end > end);
    return hits.flatMap(({ listed: { term, list, line, isInnocent }, start, end }) =>
      isInnocent || goesOn(end) ? [] : [{ term, list, line, start: starts[start]!, end: ends[end - 1]! }],
    );
  };
  return {
    size: terms.filter(({ isInnocent }) => !isInnocent).length,
    check(text) {
      const found = new Map<string, WordMatch>();
      for (const match of readingsOf(text).flatMap(find)) {
        found.set(`${match.list}:${match.line} ${match.start}`, match);
      }
      return [...found.values()].sort((a, b) => a.start - b.start || b.end - a.end);
    },
  };
}
