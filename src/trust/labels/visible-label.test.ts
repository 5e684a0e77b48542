import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { I420Frame } from '../../core/image.ts';
import { drawLabel } from './draw-label.ts';
import { makeLabel, type VisibleLabel } from './visible-label.ts';

/** Rows of a label in which ink stands, from its top. */
function inkRows({ grey, width, height }: VisibleLabel): number[] {
  return Array.from({ length: height }, (_, row) => row).filter((row) =>
    grey.subarray(row * width, (row + 1) * width).some((value) => value > 200),
  );
}

/** WCAG 2.2, relative luminance. */
const luminance = (value: number): number => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

describe('a visible label', () => {
  it('has letters of at least 5 % of the shortest side, inside the title-safe area', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 2200 }), fc.integer({ min: 200, max: 2200 }), (width, height) => {
        const label = makeLabel(['cn'], width, height);
        expect(inkRows(label).length).toBeGreaterThanOrEqual(0.05 * Math.min(width, height));
        expect(label.x).toBeGreaterThanOrEqual(0.05 * width - 2);
        expect(label.y).toBeGreaterThanOrEqual(0.05 * height - 2);
        expect(label.x + label.width).toBeLessThanOrEqual(0.95 * width);
        expect(label.y + label.height).toBeLessThanOrEqual(0.95 * height);
      }),
      { numRuns: 20 },
    );
  });

  it('is one line a market', () => {
    const [cn, eu, both] = [
      makeLabel(['cn'], 1000, 800),
      makeLabel(['eu'], 1000, 800),
      makeLabel(['cn', 'eu'], 1000, 800),
    ];
    expect(both.width).toBe(eu.width);
    expect(both.height).toBeGreaterThan(cn.height + 40);
    expect(Buffer.from(cn.grey).equals(Buffer.from(eu.grey))).toBe(false);
  });

  it.each([1, 2, 7, 16, 40])('fits a picture of %i pixels, too', (size) => {
    const data = new Uint8Array(size * size * 3);
    drawLabel(makeLabel(['cn', 'eu'], size, size), { data, width: size, height: size });
    expect(data.length).toBe(size * size * 3);
  });

  it.each([0, 128, 255])('is legible on a ground of %i', (ground) => {
    const label = makeLabel(['cn', 'eu'], 640, 480);
    const data = new Uint8Array(640 * 480 * 3).fill(ground);
    drawLabel(label, { data, width: 640, height: 480 });
    const values: number[] = [];
    for (let y = label.y; y < label.y + label.height; y++) {
      for (let x = label.x; x < label.x + label.width; x++) values.push(data[(y * 640 + x) * 3]!);
    }
    const [ink, plate] = [Math.max(...values), Math.min(...values)];
    expect((luminance(ink) + 0.05) / (luminance(plate) + 0.05)).toBeGreaterThan(4.5);
    expect(values.filter((value) => value === ink).length).toBeGreaterThan(500);
  });

  it('is the same in a frame of a video as in a photo, also in ten bits, and hides colour', () => {
    const [width, height] = [320, 240];
    const label = makeLabel(['eu'], width, height);
    const rgb = new Uint8Array(width * height * 3).fill(90);
    drawLabel(label, { data: rgb, width, height });
    const size = (width * height * 3) / 2;
    const frame: I420Frame = {
      data: new Uint8Array(size).fill(90),
      deep: new Uint16Array(size).fill(360),
      ...{ width, height, colour: { matrix: 'bt709', range: 'full' } },
    };
    drawLabel(label, frame);
    for (let at = 0; at < width * height; at++) {
      expect(Math.abs(frame.data[at]! - rgb[3 * at]!)).toBeLessThanOrEqual(1);
      expect(Math.abs(frame.deep![at]! / 4 - rgb[3 * at]!)).toBeLessThanOrEqual(2);
    }
    const inside = width * height + ((label.y >> 1) + 2) * (width >> 1) + (label.x >> 1) + 2;
    expect(frame.data[inside]).toBeGreaterThan(110);
    expect(frame.data[width * height]).toBe(90);
  });

  it('is opaque where a photo is transparent', () => {
    const label = makeLabel(['cn'], 320, 240);
    const alpha = new Uint8Array(320 * 240);
    drawLabel(label, { data: new Uint8Array(320 * 240 * 3), alpha, width: 320, height: 240 });
    expect(alpha.filter((value) => value === 255)).toHaveLength(label.width * label.height);
  });
});
