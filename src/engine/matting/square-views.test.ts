import { describe, expect, it } from 'vitest';
import { paintPicture } from '../../../test/helpers/frame-processors.ts';
import { settleMask } from './settle-mask.ts';
import { cutView, joinViews, squareViews } from './square-views.ts';

describe('square views', () => {
  it.each([
    [64, 64, 1],
    [64, 60, 1],
    [64, 48, 2],
    [96, 54, 3],
    [54, 96, 3],
    [160, 32, 8],
    [640, 32, 1],
  ])('of %i x %i put together give back what each saw', (width, height, count) => {
    const picture = paintPicture(width, height, (x, y) => [(x * 3) % 256, (y * 5) % 256, 0]);
    const edge = Math.min(width, height);
    const views = squareViews(picture, edge);
    expect(views.offsets).toHaveLength(count);
    const parts = views.offsets.map((offset) => {
      const { data } = cutView(picture, views, offset);
      return Float32Array.from({ length: edge * edge }, (_, at) => data[at * 3]! + data[at * 3 + 1]! * 1000);
    });
    if (count === 1) return;
    const joined = joinViews(views, parts);
    expect(joined).toHaveLength(width * height);
    joined.forEach((value, at) => {
      expect(Math.abs(value - picture.data[at * 3]! - picture.data[at * 3 + 1]! * 1000)).toBeLessThan(0.05);
    });
  });
});

describe('a settled mask', () => {
  it('has whole people and no furniture', () => {
    const [width, height] = [40, 20];
    const data = Float32Array.from({ length: width * height }, (_, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      if (x < 15) return y === 10 && x === 7 ? 0.65 : 0.95;
      // Unsure everywhere, and apart from the person.
      return x > 20 ? 0.5 : 0;
    });
    const { data: settled } = settleMask({ data, width, height });
    expect(settled[10 * width + 7]).toBe(1);
    expect(settled[10 * width + 30]).toBe(0);
    expect(settled[10 * width + 17]).toBe(0);
  });
});
