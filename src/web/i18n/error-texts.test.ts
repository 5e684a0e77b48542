import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../core/errors.ts';
import { enErrors } from './en-errors.ts';
import { zhErrors } from './zh-errors.ts';

const HAN = /\p{Script=Han}/u;

describe('texts of errors', () => {
  it.each([
    ['English', enErrors],
    ['Chinese', zhErrors],
  ])('are there for every code in %s, in the order of the table', (_language, texts) => {
    expect(Object.keys(texts)).toEqual(Object.keys(ERRORS));
  });

  it.each(Object.keys(ERRORS) as (keyof typeof ERRORS)[])(
    'say of %s what happened, why, and what to do next',
    (code) => {
      for (const text of enErrors[code]) {
        expect(text).toMatch(/^[A-Z\p{Ll}]/u);
        expect(text).not.toMatch(HAN);
      }
      const [title, why, next] = enErrors[code];
      expect([title.endsWith('.'), why.endsWith('.'), next.endsWith('.')]).toEqual([false, true, true]);
      for (const text of zhErrors[code]) expect(text).toMatch(HAN);
      const [zhTitle, zhWhy, zhNext] = zhErrors[code];
      expect([zhTitle.endsWith('。'), zhWhy.endsWith('。'), zhNext.endsWith('。')]).toEqual([false, true, true]);
    },
  );
});
