import { describe, expect, it } from 'vitest';
import { TrackVote } from './track-vote.ts';

describe('TrackVote', () => {
  it('is looked at when it begins, and a few times later, but not in every frame', () => {
    const vote = new TrackVote(100);
    const looked: number[] = [];
    for (let frame = 100; frame < 5000; frame++) {
      if (!vote.isDue(frame, true)) continue;
      looked.push(frame);
      vote.add(frame, true);
    }
    expect(looked).toEqual([100, 106, 118, 145, 210]);
  });

  it('waits for a good frame, but not for ever', () => {
    const vote = new TrackVote(0);
    expect(vote.isDue(0, false)).toBe(false);
    expect(vote.isDue(5, true)).toBe(true);
    expect(vote.isDue(11, false)).toBe(false);
    expect(vote.isDue(12, false)).toBe(true);
  });

  it('does not ask again at once when the detector missed the face', () => {
    const vote = new TrackVote(0);
    vote.postpone(0);
    expect(vote.isDue(1, true)).toBe(false);
    expect(vote.isDue(12, true)).toBe(true);
    expect(vote.chosen).toBe(false);
  });

  it('follows the majority, and keeps its decision on a tie', () => {
    const vote = new TrackVote(0);
    const decisions = [true, false, false, true, true].map((qualifies, look) => {
      vote.add(look * 100, qualifies);
      return vote.chosen;
    });
    expect(decisions).toEqual([true, true, false, false, true]);
  });
});
