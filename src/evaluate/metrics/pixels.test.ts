import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../core/image.ts';
import { lumaAt, lumaOf } from './luma.ts';
import { meanSquaredError, PSNR_CEILING, psnr, psnrOfError } from './psnr.ts';
import { ssim } from './ssim.ts';
import { median, spreadOf } from './statistics.ts';

const WIDTH = 64;
const HEIGHT = 48;

/** A picture from a function of x, y and channel. */
function picture(level: (x: number, y: number, channel: number) => number): RgbImage {
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3);
    data[i] = level(pixel % WIDTH, Math.floor(pixel / WIDTH), i % 3);
  }
  return { data, width: WIDTH, height: HEIGHT };
}

/** A pseudo-random -1 or 1 for each sample, always the same. */
const sign = (x: number, y: number, channel: number): number =>
  (Math.imul(x * 3 + channel + 1, 73856093) ^ Math.imul(y + 1, 19349663)) & 64 ? 1 : -1;

const texture = picture((x, y) => 128 + 50 * Math.sin(x / 3) * Math.cos(y / 4));

describe('psnr', () => {
  it('is the ceiling for equal pictures', () => {
    expect(psnr(texture, texture)).toBe(PSNR_CEILING);
  });

  it('follows 10 log10(255^2 / error) for noise of known power', () => {
    const noisy = picture((x, y, c) => texture.data[(y * WIDTH + x) * 3 + c] + 5 * sign(x, y, c));
    expect(meanSquaredError(texture, noisy)).toBe(25);
    expect(psnr(texture, noisy)).toBeCloseTo(20 * Math.log10(255 / 5), 10);
    expect(psnrOfError(255 ** 2)).toBe(0);
  });

  it('refuses pictures of different sizes and names both', () => {
    const small: RgbImage = { data: new Uint8Array(3), width: 1, height: 1 };
    expect(() => psnr(texture, small)).toThrow(/64x48.*1x1/);
  });
});

describe('ssim', () => {
  it('is 1 for equal pictures', () => {
    expect(ssim(texture, texture)).toBeCloseTo(1, 6);
  });

  it('has the closed form of the luminance term on flat pictures', () => {
    const dark = picture(() => 100);
    const light = picture(() => 150);
    const c1 = (0.01 * 255) ** 2;
    expect(ssim(dark, light)).toBeCloseTo((2 * 100 * 150 + c1) / (100 ** 2 + 150 ** 2 + c1), 3);
  });

  it('falls with noise and below zero for an inverted picture', () => {
    const slight = picture((x, y, c) => texture.data[(y * WIDTH + x) * 3 + c] + 3 * sign(x, y, 0));
    const strong = picture((x, y, c) => texture.data[(y * WIDTH + x) * 3 + c] + 12 * sign(x, y, 0));
    const inverted = picture((x, y, c) => 255 - texture.data[(y * WIDTH + x) * 3 + c]);
    expect(ssim(texture, slight)).toBeLessThan(0.999);
    expect(ssim(texture, strong)).toBeLessThan(ssim(texture, slight) - 0.02);
    expect(ssim(texture, inverted)).toBeLessThan(0);
  });

  it('refuses what is smaller than a window', () => {
    const small: RgbImage = { data: new Uint8Array(3), width: 1, height: 1 };
    expect(() => ssim(small, small)).toThrow(/at least 8x8/);
  });
});

describe('luma', () => {
  it('weighs the channels and interpolates between pixels', () => {
    const steps = picture((x, _y, c) => (c === 1 ? x * 4 : 0));
    expect(lumaOf(steps)[10]).toBeCloseTo(0.587 * 40, 4);
    expect(lumaAt(steps, 10.25, 3.5)).toBeCloseTo(0.587 * 41, 4);
    expect(lumaAt(steps, -5, -5)).toBe(0);
    expect(lumaAt(steps, 1000, 1000)).toBeCloseTo(0.587 * 4 * (WIDTH - 1), 4);
  });
});

describe('statistics', () => {
  it('takes the middle value, or the mean of the middle two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 100])).toBe(3.5);
    expect(spreadOf([1, 2, 6])).toEqual({ median: 2, minimum: 1, maximum: 6, mean: 3, count: 3 });
  });
});
