import { describe, expect, it } from 'vitest';
import type { I420Frame, RgbImage } from '../../core/image.ts';
import { cropAffine } from './crop-affine.ts';
import { cropAffineI420 } from './crop-affine-i420.ts';
import { squareToImage } from './similarity.ts';
import { i420ToRgb } from './yuv.ts';

const IDENTITY = [1, 0, 0, 0, 1, 0] as const;

/** Red rises with x, green with y, blue is constant. */
function gradient(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x, y, 200], (y * width + x) * 3);
  }
  return { data, width, height };
}

/** A smooth planar frame. */
function wavyFrame(width: number, height: number): I420Frame {
  const data = new Uint8Array((width * height * 3) / 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = 120 + 60 * Math.sin(x / 9) * Math.cos(y / 11);
  }
  for (let i = width * height; i < data.length; i++) {
    const x = i % (width / 2);
    data[i] = 128 + 20 * Math.sin(x / 15);
  }
  return { data, width, height, colour: { matrix: 'bt709', range: 'limited' } };
}

const difference = (a: Float32Array, b: Float32Array): { mean: number; largest: number } => {
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    sum += Math.abs(a[i]! - b[i]!);
    largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  }
  return { mean: sum / a.length, largest };
};

describe('cropAffine', () => {
  it('copies pixels at scale 1, times scale plus offset', () => {
    const out = cropAffine(gradient(20, 20), IDENTITY, 20, new Float32Array(1200), 1 / 127.5, -1);
    expect(out[0]).toBeCloseTo(-1, 6);
    expect(out[(7 * 20 + 13) * 3]).toBeCloseTo(13 / 127.5 - 1, 6);
    expect(out[(7 * 20 + 13) * 3 + 1]).toBeCloseTo(7 / 127.5 - 1, 6);
    expect(out[1199]).toBeCloseTo(200 / 127.5 - 1, 6);
  });

  it('interpolates between pixels when it magnifies', () => {
    const out = cropAffine(gradient(40, 40), [0.25, 0, 10, 0, 0.25, 20], 8, new Float32Array(192), 1, 0);
    for (let x = 0; x < 8; x++) expect(out[x * 3]).toBeCloseTo(10 + x / 4, 4);
    for (let y = 0; y < 8; y++) expect(out[y * 24 + 1]).toBeCloseTo(20 + y / 4, 4);
  });

  it('averages what it shrinks: stripes of one pixel become grey', () => {
    const image = gradient(400, 400);
    for (let i = 0; i < image.data.length; i++) image.data[i] = Math.floor(i / 3) % 2 === 0 ? 0 : 255;
    const out = cropAffine(image, squareToImage(200, 200, 320, 0, 32), 32, new Float32Array(32 * 32 * 3), 1, 0);
    for (const value of out) expect(Math.abs(value - 127.5)).toBeLessThan(2);
  });

  it('keeps the place of things at every scale', () => {
    // The mean of red over any crop is the x of its centre, as red rises evenly.
    for (const side of [10, 47, 90, 150]) {
      const out = cropAffine(
        gradient(256, 256),
        squareToImage(120.3, 99.1, side, 0.6, 24),
        24,
        new Float32Array(1728),
        1,
        0,
      );
      let red = 0;
      let green = 0;
      for (let i = 0; i < out.length; i += 3) {
        red += out[i]! / 576;
        green += out[i + 1]! / 576;
      }
      expect(Math.abs(red - 120.3), `side ${side}`).toBeLessThan(0.2);
      expect(Math.abs(green - 99.1), `side ${side}`).toBeLessThan(0.2);
    }
  });

  it.each([16, 64])('shows black or the nearest pixel outside, crop side %i', (side) => {
    const image: RgbImage = { data: new Uint8Array(48 * 48 * 3).fill(90), width: 48, height: 48 };
    const matrix = squareToImage(0, 24, side, 0, 16);
    const black = cropAffine(image, matrix, 16, new Float32Array(768), 1, 5);
    const nearest = cropAffine(image, matrix, 16, new Float32Array(768), 1, 5, { outside: 'nearest' });
    const middleRow = 8 * 16 * 3;
    expect(black[middleRow]).toBe(5);
    expect(black[middleRow + 45]).toBeCloseTo(95, 4);
    expect(nearest[middleRow]).toBeCloseTo(95, 4);
    expect(nearest[middleRow + 45]).toBeCloseTo(95, 4);
  });

  it('reads the last row and column', () => {
    const out = cropAffine(gradient(64, 64), [1, 0, 56, 0, 1, 56], 8, new Float32Array(192), 1, 0);
    expect(out[189]).toBe(63);
    expect(out[190]).toBe(63);
  });
});

describe('cropAffineI420', () => {
  it.each([60, 150, 300, 700])('sees what cropAffine sees after conversion, side %i', (side) => {
    const frame = wavyFrame(640, 480);
    const image: RgbImage = { data: new Uint8Array(640 * 480 * 3), width: 640, height: 480 };
    i420ToRgb(frame, image, { x0: 0, y0: 0, x1: 640, y1: 480 });
    const matrix = squareToImage(320, 240, side, 0.3, 96);
    const rgb = cropAffine(image, matrix, 96, new Float32Array(96 * 96 * 3), 1, 0);
    const yuv = cropAffineI420(frame, matrix, 96, new Float32Array(96 * 96 * 3), 1, 0);
    const { mean, largest } = difference(rgb, yuv);
    expect(mean).toBeLessThan(0.8);
    // Chroma is interpolated here and repeated there; at the border, its neighbours differ.
    expect(largest).toBeLessThan(12);
  });

  it('shows black or the nearest pixel outside', () => {
    const frame = wavyFrame(64, 64);
    frame.data.fill(235, 0, 4096).fill(128, 4096);
    for (const side of [16, 96]) {
      const matrix = squareToImage(0, 32, side, 0, 16);
      const black = cropAffineI420(frame, matrix, 16, new Float32Array(768), 1, 0);
      const nearest = cropAffineI420(frame, matrix, 16, new Float32Array(768), 1, 0, { outside: 'nearest' });
      const middleRow = 8 * 16 * 3;
      expect(black[middleRow]).toBe(0);
      expect(black[middleRow + 45]).toBeCloseTo(255, 1);
      expect(nearest[middleRow]).toBeCloseTo(255, 1);
    }
  });
});
