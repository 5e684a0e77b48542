import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT, nextTry } from './next-try.ts';

describe('after a try', () => {
  it.each([200, 204, 299])('that was answered with %d nothing more is sent', (status) => {
    expect(nextTry({ status }, 1, 8, 0.5).state).toBe('delivered');
  });

  it.each([{ status: 410 }, { error: 'ADDRESS_FORBIDDEN' }])('that can never succeed it is given up: %o', (outcome) => {
    expect(nextTry(outcome, 1, 8, 0.5).state).toBe('dead');
  });

  it.each([{ status: 302 }, { status: 404 }, { status: 500 }, { error: 'REMOTE_FAILED' }])(
    'that failed the waits grow, and end: %o',
    (outcome) => {
      const waits = [1, 2, 3, 4, 5, 6, 7].map((tries) => nextTry(outcome, tries, 8, 0.5).waitMilliseconds);
      expect(waits.slice(0, 3)).toEqual([10_000, 40_000, 160_000]);
      expect(waits.at(-1)).toBe(LONGEST_WAIT);
      expect(nextTry(outcome, 8, 8, 0.5).state).toBe('dead');
    },
  );

  it('waits differ by a fifth, and last as long as was asked for', () => {
    const wait = (random: number, retryAfterSeconds?: number) =>
      nextTry({ status: 503, retryAfterSeconds }, 1, 8, random).waitMilliseconds;
    expect([wait(0), wait(1)]).toEqual([8_000, 12_000]);
    expect(wait(0.5, 60)).toBe(60_000);
    expect(wait(0.5, 10_000_000)).toBe(LONGEST_WAIT);
  });
});
