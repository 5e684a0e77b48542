import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrameRate } from './frame-rate.ts';

/** Shows frames 0, 1, 2 … of one rate at another; gives the frame at each tick. */
function shown(sourceFps: number, fps: number | undefined, count: number, breakAt?: number): number[] {
  let rate = createFrameRate(fps);
  const at: [time: number, frame: number][] = [];
  for (let frame = 0; frame < count; frame++) {
    if (frame === breakAt) {
      const next = createFrameRate(fps);
      next.restore(structuredClone(rate.save()));
      rate = next;
    }
    const placed = rate.place(5 + frame / sourceFps, frame !== breakAt && frame > 0);
    at.push(...placed.before.map((time): [number, number] => [time, frame - 1]));
    at.push(...placed.at.map((time): [number, number] => [time, frame]));
  }
  at.push(...rate.end(5 + count / sourceFps).map((time): [number, number] => [time, count - 1]));
  if (fps !== undefined) for (const [tick, [time]] of at.entries()) expect(time).toBeCloseTo(5 + tick / fps, 9);
  return at.map(([, frame]) => frame);
}

describe('createFrameRate', () => {
  it('leaves frames alone without a rate', () => {
    expect(shown(25, undefined, 4)).toEqual([0, 1, 2, 3]);
  });

  it('leaves frames alone at their own rate', () => {
    expect(shown(25, 25, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it('repeats frames for a higher rate', () => {
    expect(shown(10, 20, 3)).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it('drops frames for a lower rate', () => {
    expect(shown(20, 10, 6)).toEqual([0, 2, 4]);
  });

  it('fills a gap with the frame behind it where the one before is not at hand', () => {
    // Whole again, the ticks between frames 1 and 2 would show frame 1.
    expect(shown(10, 30, 3)).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(shown(10, 30, 3, 2)).toEqual([0, 0, 0, 1, 2, 2, 2, 2, 2]);
  });

  it('is as long as the target, and its ticks have no holes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 60 }),
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 200 }),
        (from, to, count) => {
          expect(Math.abs(shown(from, to, count).length / to - count / from)).toBeLessThanOrEqual(1.5 / to + 1 / from);
        },
      ),
    );
  });
});
