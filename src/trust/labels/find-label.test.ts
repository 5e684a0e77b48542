import { describe, expect, it } from 'vitest';
import { drawLabel } from './draw-label.ts';
import { showsLabel } from './find-label.ts';
import { makeLabel } from './visible-label.ts';

/** Grey waves with noise: structure of its own in the corner of the label. */
function picture(width: number, height: number) {
  const data = new Uint8Array(width * height * 3);
  let state = 7;
  for (let at = 0; at < width * height; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = 120 + 60 * Math.sin((at % width) / 9) * Math.cos(at / width / 7) + (state >>> 27);
    data.fill(value, at * 3, at * 3 + 3);
  }
  return { data, width, height };
}

const lumaOf = ({ data }: { data: Uint8Array }) => data.filter((_, at) => at % 3 === 1);

describe('a visible label', () => {
  it.each([
    [1920, 1080],
    [400, 300],
    [202, 360],
  ])('is found at %i x %i, and nothing else is taken for it', (width, height) => {
    const shown = picture(width, height);
    expect(showsLabel(['eu'], lumaOf(shown), shown)).toBe(false);
    drawLabel(makeLabel(['eu'], width, height), shown);
    expect(showsLabel(['eu'], lumaOf(shown), shown)).toBe(true);
    expect(showsLabel(['cn'], lumaOf(shown), shown)).toBe(false);
    // Where half of it is gone, it is no label any more.
    const { x, y, width: wide, height: high } = makeLabel(['eu'], width, height);
    for (let row = y; row < y + high; row++) {
      shown.data.fill(90, (row * width + x) * 3, (row * width + x + Math.round(wide * 0.7)) * 3);
    }
    expect(showsLabel(['eu'], lumaOf(shown), shown)).toBe(false);
  });
});
