import { describe, expect, it } from 'vitest';
import { FacePath, spansOf } from './face-path.ts';

const boxAt = (x: number) => ({ x0: x, y0: 10, x1: x + 100, y1: 130 });

function pathOf(from: number, to: number, x: (frame: number) => number): FacePath {
  const path = new FacePath();
  for (let frame = from; frame < to; frame++) path.add(frame, boxAt(x(frame)));
  return path;
}

describe('FacePath', () => {
  it('notes only the ends of a face that stays', () => {
    expect(pathOf(5, 900, () => 40).places.map(({ frame }) => frame)).toEqual([5, 899]);
  });

  it('notes moves, so that the way between two places leads along the face', () => {
    const { places } = pathOf(0, 100, (frame) => frame * 5);
    expect(places.length).toBeGreaterThan(10);
    for (const [index, { frame, box }] of places.entries()) {
      expect(box.x0).toBe(frame * 5);
      if (index > 0) expect(frame).toBeGreaterThan(places[index - 1]!.frame);
    }
  });

  it('keeps few places of a long and wild piece, the first and the last among them', () => {
    const { places } = pathOf(0, 20_000, (frame) => (frame % 2) * 300);
    expect(places.length).toBeLessThanOrEqual(129);
    expect([places[0]?.frame, places.at(-1)?.frame]).toEqual([0, 19_999]);
  });
});

describe('spansOf', () => {
  it('puts pieces in order and joins those that nearly touch', () => {
    const paths = [pathOf(50, 60, () => 0), pathOf(0, 10, () => 0), pathOf(11, 20, () => 300.4), new FacePath()];
    expect(spansOf(paths).map(({ start, end, boxes }) => [start, end, boxes.length])).toEqual([
      [0, 20, 4],
      [50, 60, 2],
    ]);
    expect(spansOf(paths)[0]!.boxes[2]).toEqual({ frame: 11, box: { x0: 300, y0: 10, x1: 400, y1: 130 } });
  });
});
