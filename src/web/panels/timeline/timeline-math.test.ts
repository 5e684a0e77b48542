import { describe, expect, it } from 'vitest';
import { cellsOf, frameAt, joinNear, ticksOf, tickText } from './timeline-math.ts';

describe('the ruler', () => {
  it('has marks of round numbers that do not touch', () => {
    expect(ticksOf(110, 720)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(ticksOf(3 * 3600, 720)).toEqual([0, 1800, 3600, 5400, 7200, 9000]);
    expect(ticksOf(0.4, 720)).toEqual([0]);
    expect(ticksOf(1e6, 720).length).toBeLessThan(200);
  });

  it('counts hours only where there are some', () => {
    expect([tickText(80, false), tickText(3725, true)]).toEqual(['01:20', '1:02:05']);
  });
});

describe('lanes', () => {
  it('draw a few hundred pieces at most, and lose no time', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => ({ start: index * 13, end: index * 13 + 9 }));
    const drawn = joinNear(many, 270);
    expect(drawn).toEqual([{ start: 0, end: 19_999 * 13 + 9 }]);
    expect(joinNear(many.slice(0, 3), 3)).toHaveLength(3);
  });
});

describe('the filmstrip', () => {
  it('has cells about as wide as a frame', () => {
    expect([cellsOf(720, 44, 16 / 9), cellsOf(50, 44, 16 / 9), cellsOf(9000, 44, 0.3)]).toEqual([10, 4, 200]);
  });

  it('leads from a place to a frame that there is', () => {
    expect([-1, 0, 0.5, 1, 2].map((share) => frameAt(share, 100))).toEqual([0, 0, 50, 99, 99]);
  });
});
