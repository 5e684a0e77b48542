import { describe, expect, it } from 'vitest';
import { boostFactor, explodeInto, implode } from './pixel-boost.ts';

describe('boostFactor', () => {
  it('is how many times larger the crop is', () => {
    expect(boostFactor(undefined, 128, 'a')).toBe(1);
    expect(boostFactor('128x128', 128, 'a')).toBe(1);
    expect(boostFactor('384x384', 128, 'a')).toBe(3);
    expect(boostFactor('1024x1024', 128, 'a')).toBe(8);
  });

  // FaceFusion offers the first two for models of 256 and 512 pixels, and cannot do them.
  it.each([
    ['384x384', 256],
    ['768x768', 512],
    ['512x256', 256],
    ['2304x2304', 256],
    ['0x0', 256],
    ['128x128', 256],
  ])('refuses %s for a model of %i pixels', (boost, size) => {
    const call = (): number => boostFactor(boost, size, 'blendswap_256');
    expect(call).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
    expect(call).toThrow(`${size}x${size}, ${2 * size}x${2 * size}, ${3 * size}x${3 * size}`);
  });
});

describe('implode', () => {
  const crop = { data: Uint8Array.from({ length: 36 * 3 }, (_, i) => i), width: 6, height: 6 };

  it('gives every third pixel from each place on', () => {
    const parts = implode(crop, 3);
    expect(parts).toHaveLength(9);
    // Row 1, column 2: the pixels (2, 1), (5, 1), (2, 4), (5, 4).
    expect([...parts[5]!.data]).toEqual([8, 11, 26, 29].flatMap((pixel) => [0, 1, 2].map((c) => pixel * 3 + c)));
  });

  it('is undone by explodeInto', () => {
    const out = new Float32Array(36 * 3);
    implode(crop, 3).forEach((part, index) => {
      explodeInto(out, part, 3, index);
    });
    expect([...out]).toEqual([...crop.data]);
  });
});
