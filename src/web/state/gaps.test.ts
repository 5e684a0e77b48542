import { describe, expect, it } from 'vitest';
import { gapsOf, nextGap } from './gaps.ts';

describe('gaps', () => {
  it('are what no span covers, also where spans overlap or lie in any order', () => {
    const spans = [
      { start: 40, end: 60 },
      { start: 10, end: 30 },
      { start: 20, end: 45 },
    ];
    expect(gapsOf(spans, 100)).toEqual([
      { start: 0, end: 10 },
      { start: 60, end: 100 },
    ]);
    expect(gapsOf([], 7)).toEqual([{ start: 0, end: 7 }]);
    expect(gapsOf([{ start: 0, end: 7 }], 7)).toEqual([]);
  });

  it('are gone through one after another, and again', () => {
    const gaps = gapsOf([{ start: 10, end: 20 }], 30);
    expect([nextGap(gaps, -1), nextGap(gaps, 0), nextGap(gaps, 20), nextGap([], 5)]).toEqual([0, 20, 0, undefined]);
  });
});
