import { expect, it } from 'vitest';
import { judgeAge } from './age-gate.ts';

it.each([
  [11.9, 'young'],
  [12, 'unsure'],
  [17.9, 'unsure'],
  [18, 'grown'],
  [60, 'grown'],
  [Number.NaN, 'unsure'],
])('an estimate of %d years where nobody may look younger than 18: %s', (years, verdict) => {
  expect(judgeAge(years, 18)).toBe(verdict);
});

it('goes by the policy', () => {
  expect(judgeAge(20, 25)).toBe('unsure');
  expect(judgeAge(18.9, 25)).toBe('young');
});
