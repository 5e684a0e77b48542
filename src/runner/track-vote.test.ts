import { describe, expect, it } from 'vitest';
import { TrackVote } from './track-vote.ts';

describe('TrackVote', () => {
  it('is looked at once when it begins, and a few times later, but not in every frame', () => {
    const vote = new TrackVote(100);
    const looked: number[] = [];
    for (let frame = 100; frame < 1000; frame++) {
      if (!vote.isDue(frame, true)) continue;
      looked.push(frame);
      vote.add(true);
    }
    expect(looked[0]).toBe(100);
    expect(looked.length).toBeGreaterThanOrEqual(3);
    expect(looked.length).toBeLessThanOrEqual(5);
  });

  it('waits for a good frame, but not for ever', () => {
    const vote = new TrackVote(0);
    expect(vote.isDue(0, false)).toBe(false);
    expect(vote.isDue(5, true)).toBe(true);
    expect(vote.isDue(11, false)).toBe(false);
    expect(vote.isDue(12, false)).toBe(true);
  });

  it('follows the majority, and keeps its decision on a tie', () => {
    const vote = new TrackVote(0);
    expect(vote.chosen).toBe(false);
    vote.add(true);
    expect(vote.chosen).toBe(true);
    vote.add(false);
    expect(vote.chosen).toBe(true);
    vote.add(false);
    expect(vote.chosen).toBe(false);
    vote.add(true);
    expect(vote.chosen).toBe(false);
    vote.add(true);
    expect(vote.chosen).toBe(true);
  });
});
