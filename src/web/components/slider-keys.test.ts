import { describe, expect, it } from 'vitest';
import { sliderTarget } from './slider-keys.ts';

const place = { at: 50, least: 10, most: 55, page: 25 };
const by = (key: string, shiftKey = false) => sliderTarget({ key, shiftKey }, place);

describe('keys of a slider', () => {
  it('go by one, by ten with Shift, by a page, and to both ends', () => {
    expect([by('ArrowLeft'), by('ArrowDown', true), by('PageDown'), by('Home'), by('End')]).toEqual([
      49, 40, 25, 10, 55,
    ]);
  });

  it('stay within, and other keys are not theirs', () => {
    expect([by('ArrowRight', true), by('PageUp'), by('a'), by('Escape')]).toEqual([55, 55, undefined, undefined]);
  });
});
