import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../../test/helpers/aligned-face.ts';
import { histogramCorrelation, matchColour, matchColourWhereAlike } from './match-colour.ts';
import { unsharp } from './unsharp.ts';

const flat = (red: number, green: number, blue: number, size = 64) =>
  pictureOf(size, size, (_x, _y, channel) => [red, green, blue][channel]!);
const _worst = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

describe('matching of colours', () => {
  it('takes the colours of the source and keeps the detail of the target', () => {
    // Stripes of 4 pixels: finer than the 16 x 16 at which colours are compared, so that they count as detail.
    const stripes = pictureOf(128, 128, (x) => 100 + (x % 4 < 2 ? 20 : -20));
    const { data, width } = matchColour(flat(150, 90, 60, 48), stripes);
    expect(width).toBe(128);
    for (const x of [40, 41, 42, 43]) {
      const at = (64 * 128 + x) * 3;
      const detail = x % 4 < 2 ? 20 : -20;
      for (const [channel, colour] of [150, 90, 60].entries()) {
        expect(Math.abs(data[at + channel]! - colour - detail)).toBeLessThanOrEqual(2);
      }
    }
  });

  it('changes nothing where both are the same, and leaves its arguments alone', () => {
    const picture = pictureOf(64, 64, (x, y, channel) => (x * 3 + y * 2 + channel * 20) % 256);
    const copy = picture.data.slice();
    expect(matchColour(picture, picture).data).toEqual(copy);
    expect(picture.data).toEqual(copy);
  });

  it('is half where hue and saturation have nothing in common, and whole where they are alike', () => {
    const gone = matchColourWhereAlike(flat(200, 20, 20), flat(20, 200, 20));
    expect([...gone.data.subarray(0, 3)]).toEqual([110, 110, 20]);
    const alike = matchColourWhereAlike(flat(100, 50, 50), flat(200, 100, 100));
    expect([...alike.data.subarray(0, 3)]).toEqual([100, 50, 50]);
  });
});

describe('correlation of histograms', () => {
  it('is 1 for the same colours in another order, and about 0 for others', () => {
    const a = pictureOf(20, 20, (x, _y, channel) => (x < 5 ? [255, 0, 0][channel]! : [0, 0, 255][channel]!));
    const b = pictureOf(20, 20, (x, _y, channel) => (x >= 15 ? [255, 0, 0][channel]! : [0, 0, 255][channel]!));
    expect(histogramCorrelation(a, b)).toBeCloseTo(1, 9);
    expect(histogramCorrelation(a, flat(0, 255, 0, 20))).toBeCloseTo(0, 2);
  });

  it('sees hue and saturation, not brightness', () => {
    expect(histogramCorrelation(flat(255, 0, 0), flat(80, 0, 0))).toBeCloseTo(1, 9);
    expect(histogramCorrelation(flat(255, 0, 0), flat(255, 128, 128))).toBeCloseTo(0, 2);
    expect(histogramCorrelation(flat(30, 30, 30), flat(220, 220, 220))).toBeCloseTo(1, 9);
  });
});

describe('unsharp', () => {
  it('raises an edge on both sides and leaves what is even', () => {
    const { data } = unsharp(
      pictureOf(40, 40, (x) => (x < 20 ? 80 : 160)),
      0.75,
      2,
    );
    const row = Array.from({ length: 40 }, (_, x) => data[(20 * 40 + x) * 3]!);
    expect([row[2], row[37]]).toEqual([80, 160]);
    // Next to the edge the blurred picture has gone 0.4013 of the way: the normal distribution at half a pixel of two.
    expect(row[19]).toBeCloseTo(80 - 0.75 * 80 * 0.4013, -0.3);
    expect(row[20]).toBeCloseTo(160 + 0.75 * 80 * 0.4013, -0.3);
  });
});
