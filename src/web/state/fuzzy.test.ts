import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzyMatch } from './fuzzy.ts';

const best = (query: string, texts: readonly string[]): string | undefined =>
  texts
    .flatMap((text) => {
      const match = fuzzyMatch(text, query);
      return match ? [{ text, score: match.score }] : [];
    })
    .sort((a, b) => b.score - a.score)[0]?.text;

describe('finding by a few letters', () => {
  it('prefers a piece in one to letters apart, and the beginning of a word to its middle', () => {
    expect(best('face', ['Surface colour', 'Face mask blur', 'Frame enhancer scale'])).toBe('Face mask blur');
    expect(best('fmb', ['Frame enhancer model', 'Face mask blur'])).toBe('Face mask blur');
    expect(best('blur mask', ['Mask padding', 'Face mask blur'])).toBe('Face mask blur');
  });

  it('finds Chinese, and nothing where a letter is missing', () => {
    expect(fuzzyMatch('深色主题', '主题')?.ranges).toEqual([[2, 4]]);
    expect(fuzzyMatch('Undo', 'undoo')).toBeUndefined();
  });

  it('marks exactly the letters that were asked for, in order and without overlap', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]{1,12}$/),
        fc.array(fc.nat(11), { minLength: 1, maxLength: 5 }),
        (text, picks) => {
          const places = [...new Set(picks.filter((at) => at < text.length))].sort((a, b) => a - b);
          const query = places.map((at) => text.charAt(at)).join('');
          const match = fuzzyMatch(text, query);
          expect(match).toBeDefined();
          const marked = (match?.ranges ?? []).map(([start, end]) => text.slice(start, end)).join('');
          expect(marked).toBe(query);
        },
      ),
    );
  });
});
