import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../../test/helpers/aligned-face.ts';
import { equaliseAdaptively, equaliseDark } from './equalise-dark.ts';

describe('adaptive equalisation', () => {
  // A tile of 1024 pixels of one level: 8 stay, 1016 are spread: 3 a level and one more for the first 248.
  // Up to level 10 that makes 10 * 4 + 12 = 52, and 52 * 255 / 1024 = 12.9.
  it('gives a flat plane the level that the cut histogram gives', () => {
    const out = equaliseAdaptively(new Uint8Array(256 * 256).fill(10), 256, 256);
    expect(new Set(out)).toEqual(new Set([13]));
  });

  // Half of each tile 10 and half 20: 8 stay of each, 1008 are spread: 3 a level and one more for the first 240.
  // Level 10: 10 * 4 + 12 = 52, 13; level 20: 20 * 4 + 8 + 12 = 100, 24.9.
  it('spreads two levels apart, by no more than the limit lets it', () => {
    const plane = Uint8Array.from({ length: 256 * 256 }, (_, at) => (at % 2 === 0 ? 10 : 20));
    const out = equaliseAdaptively(plane, 256, 256);
    expect([out[0], out[1], out.at(-2), out.at(-1)]).toEqual([13, 25, 13, 25]);
  });

  it('mixes the curves of neighbours between the middles of tiles', () => {
    const plane = Uint8Array.from({ length: 256 * 256 }, (_, at) => (at % 256 < 128 ? 10 : 200));
    const out = equaliseAdaptively(plane, 256, 256);
    const row = Array.from({ length: 16 }, (_, at) => out[128 * 256 + 112 + at]!);
    // Level 10 becomes 13 by the dark tile, and 11 * 4 * 255 / 1024 = 11 by the bright one.
    expect(row).toEqual(row.toSorted((a, b) => b - a));
    expect([row[0], row.at(-1)]).toEqual([13, 12]);
  });
});

describe('equaliseDark', () => {
  it('leaves a picture that is bright enough, the same object', () => {
    const image = pictureOf(256, 256, () => 90);
    expect(equaliseDark(image)).toBe(image);
  });

  it('brings out a dark one and keeps its greys grey', () => {
    const image = pictureOf(256, 256, (x) => 4 + (x % 8) * 3);
    const out = equaliseDark(image);
    const spread = (data: Uint8Array): number => {
      const sorted = data.toSorted();
      return sorted.at(-1)! - sorted[0]!;
    };
    expect(spread(out.data)).toBeGreaterThan(spread(image.data) * 1.3);
    for (let at = 0; at < out.data.length; at += 3) {
      expect(
        Math.max(Math.abs(out.data[at]! - out.data[at + 1]!), Math.abs(out.data[at + 1]! - out.data[at + 2]!)),
      ).toBeLessThanOrEqual(2);
    }
  });

  it('reads blue as red, as FaceFusion does', () => {
    // Blue of 110, read as red, has a lightness of 54 of 255; red, read as blue, of 26.
    const [blue, red] = [2, 0].map((lit) => pictureOf(256, 256, (_x, _y, channel) => (channel === lit ? 110 : 0)));
    expect(equaliseDark(blue!)).toBe(blue);
    expect(equaliseDark(red!)).not.toBe(red);
  });
});
