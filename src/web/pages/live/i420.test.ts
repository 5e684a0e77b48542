import { describe, expect, it } from 'vitest';
import { fromRgba, mirror, splitChroma, toRgba } from './i420.ts';

const [width, height] = [4, 2];

it('turns every plane left to right, and twice is as it was', () => {
  const planes = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 20, 21, 30, 31]);
  mirror(planes, width, height);
  expect([...planes]).toEqual([4, 3, 2, 1, 8, 7, 6, 5, 21, 20, 31, 30]);
  mirror(planes, width, height);
  expect([...planes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 20, 21, 30, 31]);
});

it('takes the chroma of NV12 apart', () => {
  const planes = new Uint8Array(12);
  splitChroma(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 20, 30, 21, 31]), planes, width, height);
  expect([...planes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 20, 21, 30, 31]);
});

describe('pixels of a canvas', () => {
  const COLOURS = [
    [0, 0, 0],
    [255, 255, 255],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [200, 150, 120],
  ] as const;

  it.each(COLOURS)('are the same colour as planes: %i %i %i', (...colour) => {
    const rgba = new Uint8ClampedArray(Array.from({ length: width * height }, () => [...colour, 255]).flat());
    const planes = new Uint8Array(12);
    fromRgba(rgba, planes, width, height);
    const back = new Uint8ClampedArray(rgba.length);
    toRgba(planes, width, height, { matrix: 'bt601', isFull: false }, back);
    for (const [channel, value] of colour.entries()) {
      expect(Math.abs(back[channel]! - value)).toBeLessThanOrEqual(3);
    }
    expect(back[3]).toBe(255);
  });

  it.each([
    ['white', [255, 255, 255], [235, 128, 128]],
    ['black', [0, 0, 0], [16, 128, 128]],
    // ITU-R BT.601, 8 bits.
    ['red', [255, 0, 0], [81, 90, 240]],
    ['blue', [0, 0, 255], [41, 240, 110]],
  ])('are planes as BT.601 has them: %s', (_name, colour, expected) => {
    const rgba = new Uint8ClampedArray(Array.from({ length: width * height }, () => [...colour, 255]).flat());
    const planes = new Uint8Array(12);
    fromRgba(rgba, planes, width, height);
    for (const [at, value] of [planes[0]!, planes[8]!, planes[10]!].entries()) {
      expect(Math.abs(value - expected[at]!)).toBeLessThanOrEqual(1);
    }
  });

  it('are read by the colour that a frame says', () => {
    // White in full range.
    const planes = new Uint8Array(12).fill(255, 0, 8).fill(128, 8);
    const out = new Uint8ClampedArray(32);
    toRgba(planes, width, height, { matrix: 'bt709', isFull: true }, out);
    expect([...out.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
  });
});
