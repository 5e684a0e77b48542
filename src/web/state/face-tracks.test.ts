import { describe, expect, it } from 'vitest';
import { boxOn, matchBoxes } from './face-tracks.ts';

const boxAt = (x: number) => ({ x0: x, y0: 0, x1: x + 100, y1: 100 });
const spans = [
  { start: 10, end: 21, boxes: [10, 20].map((frame) => ({ frame, box: boxAt(frame * 10) })) },
  { start: 50, end: 51, boxes: [{ frame: 50, box: boxAt(0) }] },
];

describe('boxOn', () => {
  it('goes from place to place, and knows nothing outside', () => {
    expect(boxOn(spans, 15)).toEqual(boxAt(150));
    expect(boxOn(spans, 20)).toEqual(boxAt(200));
    expect(boxOn(spans, 50)).toEqual(boxAt(0));
    for (const frame of [0, 9, 21, 49, 51]) expect(boxOn(spans, frame)).toBeUndefined();
  });
});

describe('matchBoxes', () => {
  const still = (owner: string, x: number) => ({
    owner,
    spans: [{ start: 0, end: 9, boxes: [{ frame: 0, box: boxAt(x) }] }],
  });

  it('gives each box to who was followed there, and none to others', () => {
    const tracks = [still('a', 0), still('b', 60)];
    expect(matchBoxes([boxAt(65), boxAt(500), boxAt(10)], tracks, 3)).toEqual(['b', undefined, 'a']);
    expect(matchBoxes([boxAt(65)], tracks, 9)).toEqual([undefined]);
  });

  it('gives a person one face at most', () => {
    expect(matchBoxes([boxAt(20), boxAt(5)], [still('a', 0)], 0)).toEqual([undefined, 'a']);
  });
});
