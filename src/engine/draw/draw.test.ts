import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { drawText, measureText } from './small-text.ts';
import { drawLine } from './strokes.ts';

const blank = (width: number, height: number, value = 0): RgbImage => ({
  ...{ width, height },
  data: new Uint8Array(width * height * 3).fill(value),
});
const red = ({ data, width }: RgbImage, x: number, y: number): number => data[(y * width + x) * 3]!;
const RED = [200, 0, 0] as const;

describe('lines', () => {
  it('cover their width and half of the pixels on its edge', () => {
    const image = blank(12, 9);
    drawLine(image, [2, 4], [9, 4], { colour: RED, width: 2 });
    expect([1, 2, 3, 4, 5, 6, 7].map((y) => red(image, 5, y))).toEqual([0, 0, 100, 200, 100, 0, 0]);
    expect(image.data.filter((_, at) => at % 3 !== 0).every((value) => value === 0)).toBe(true);
  });

  it('end round, and a point is a dot', () => {
    const image = blank(9, 9);
    drawLine(image, [4, 4], [4, 4], { colour: RED, width: 4 });
    expect(red(image, 4, 4)).toBe(200);
    expect(red(image, 2, 4)).toBe(100);
    expect(red(image, 2, 2)).toBe(0);
    expect(red(image, 6, 4)).toBe(red(image, 4, 6));
  });

  it('are laid over what is there by their opacity', () => {
    const image = blank(5, 5, 100);
    drawLine(image, [0, 2], [4, 2], { colour: RED, width: 1, opacity: 0.5 });
    expect([...image.data.subarray((2 * 5 + 2) * 3, (2 * 5 + 2) * 3 + 3)]).toEqual([150, 50, 50]);
  });

  it('may leave the picture', () => {
    const image = blank(4, 4);
    drawLine(image, [-10, -10], [20, 20], { colour: RED, width: 1 });
    drawLine(image, [-9, 2], [-5, 2], { colour: RED, width: 3 });
    expect(red(image, 3, 3)).toBe(200);
    expect(red(image, 0, 3)).toBe(0);
  });
});

describe('labels', () => {
  it('are as large as they say, with an outline of one pixel', () => {
    const image = blank(40, 20, 128);
    const { width, height } = measureText('#1', 2);
    drawText(image, '#1', [4, 3], 2, [255, 255, 255]);
    let [left, right, top, bottom] = [40, 0, 20, 0];
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 40; x++) {
        if (red(image, x, y) === 128) continue;
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
    }
    expect([left, top]).toEqual([2, 1]);
    // The last column of a 1 is empty.
    expect([right, bottom]).toEqual([4 + width - 1, 3 + height + 1]);
  });

  it('are told apart letter by letter, and show what the font lacks', () => {
    const paint = (text: string): string => {
      const image = blank(10, 10);
      drawText(image, text, [1, 1], 1, [255, 255, 255]);
      return Buffer.from(image.data).toString('base64');
    };
    const letters = [...'0123456789acefglmorsd#. '];
    expect(new Set(letters.map(paint)).size).toBe(letters.length);
    expect(paint('§')).toBe(paint('?'));
  });

  it('may leave the picture', () => {
    const image = blank(6, 6);
    drawText(image, '88', [-3, -3], 1, [255, 255, 255]);
    drawText(image, '88', [50, 50], 1, [255, 255, 255]);
    expect(red(image, 0, 0)).toBeGreaterThanOrEqual(0);
    expect(image.data).toHaveLength(108);
  });
});
