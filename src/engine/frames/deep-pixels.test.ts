import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillProxy } from '../../core/deep-frame.ts';
import type { Region, YuvColour } from '../../core/image.ts';
import { createKernels } from '../kernels/kernels.ts';
import { RegionPixels } from '../kernels/region-pixels.ts';
import type { DeepFrame } from './deep-pixels.ts';

const WIDTH = 36;
const HEIGHT = 12;
const COUNT = WIDTH * HEIGHT;
const WHOLE: Region = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const PART: Region = { x0: 4, y0: 2, x1: 30, y1: 10 };
const COLOURS: YuvColour[] = [
  { matrix: 'bt709', range: 'limited' },
  { matrix: 'bt709', range: 'full' },
  { matrix: 'bt2020', range: 'limited', hdr: 'pq' },
  { matrix: 'bt2020', range: 'full', hdr: 'pq' },
  { matrix: 'bt2020', range: 'limited', hdr: 'hlg' },
];
const pixels = new RegionPixels(createKernels());

function frameOf(deep: Uint16Array, colour: YuvColour): DeepFrame {
  const frame = { deep, data: new Uint8Array((COUNT * 3) / 2), width: WIDTH, height: HEIGHT, colour };
  fillProxy(frame);
  return frame;
}

/** Every sample of any value. */
const samples = fc.uint8Array({ minLength: COUNT * 3, maxLength: COUNT * 3 }).map((bytes) => {
  const values = new Uint16Array(bytes.slice().buffer);
  return values.map((value) => value & 1023);
});

/** One colour everywhere, by luma and chroma of 10 bits. */
function flat(colour: YuvColour, luma: number, u = 512, v = 512): DeepFrame {
  const deep = new Uint16Array((COUNT * 3) / 2).fill(luma, 0, COUNT);
  return frameOf(deep.fill(u, COUNT, COUNT * 1.25).fill(v, COUNT * 1.25), colour);
}

describe.each(COLOURS)('a frame of 10 bits, $matrix $range $hdr', (colour) => {
  it('keeps every sample that nobody changed', () => {
    fc.assert(
      fc.property(samples, (deep) => {
        const frame = frameOf(deep.slice(), colour);
        const data = frame.data.slice();
        pixels.load(frame, PART);
        pixels.writeBack();
        expect(frame.deep).toEqual(deep);
        expect(frame.data).toEqual(data);
      }),
      { numRuns: 20 },
    );
  });

  it('changes the samples of changed pixels only', () => {
    fc.assert(
      fc.property(samples, fc.nat(PART.x1 - PART.x0 - 1), fc.nat(PART.y1 - PART.y0 - 1), (deep, x, y) => {
        const frame = frameOf(deep.slice(), colour);
        pixels.load(frame, PART);
        const at = (y * pixels.out.width + x) * 3;
        const { data } = pixels.out;
        data.set([data[at]! ^ 64, data[at + 1]! ^ 64, data[at + 2]! ^ 64], at);
        pixels.writeBack();
        const [px, py] = [PART.x0 + x, PART.y0 + y];
        const block = (py >> 1) * (WIDTH / 2) + (px >> 1);
        const allowed = new Set([py * WIDTH + px, COUNT + block, COUNT * 1.25 + block]);
        for (const [index, value] of frame.deep.entries()) {
          if (!allowed.has(index)) expect(value).toBe(deep[index]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('looks like what was drawn, and keeps the picture for finding faces up to date', () => {
    const frame = flat(colour, 420, 490, 540);
    pixels.load(frame, WHOLE);
    const drawn = [170, 120, 100];
    for (let at = 0; at < COUNT; at++) pixels.out.data.set(drawn, at * 3);
    pixels.writeBack();
    pixels.load(frame, WHOLE);
    // Two steps of 8 bits: 10 bits are rounded, and standard range loses two of them on the way to the screen.
    for (const [channel, value] of drawn.entries()) {
      expect(Math.abs(pixels.before.data[channel]! - value)).toBeLessThanOrEqual(2);
    }
    const data = frame.data.slice();
    fillProxy(frame);
    expect(frame.data).toEqual(data);
  });

  it('brightens an even grey evenly', () => {
    const frame = flat(colour, 400);
    pixels.load(frame, WHOLE);
    const [red, green, blue] = pixels.before.data;
    expect(Math.max(red!, green!, blue!) - Math.min(red!, green!, blue!)).toBeLessThanOrEqual(1);
    for (let i = 0; i < COUNT * 3; i++) pixels.out.data[i]! += 1;
    pixels.writeBack();
    // One step of the screen is about four codes in standard range, fewer in HDR, which has more light to tell apart.
    expect(new Set(frame.deep.subarray(0, COUNT)).size).toBe(1);
    expect(frame.deep[0]! - 400).toBeGreaterThanOrEqual(1);
    expect(frame.deep[0]! - 400).toBeLessThanOrEqual(5);
    for (const chroma of frame.deep.subarray(COUNT)) expect(Math.abs(chroma - 512)).toBeLessThanOrEqual(1);
  });
});

describe('light above the white of a screen', () => {
  it('stays brighter than that white where a face is drawn over it', () => {
    const colour: YuvColour = { matrix: 'bt2020', range: 'limited', hdr: 'pq' };
    // About 1000 cd/m2.
    const frame = flat(colour, 64 + Math.round(876 * 0.75));
    pixels.load(frame, WHOLE);
    expect(pixels.before.data[0]).toBeGreaterThan(235);
    expect(pixels.before.data[0]).toBeLessThan(255);
    for (let i = 0; i < COUNT * 3; i++) pixels.out.data[i]! -= 2;
    pixels.writeBack();
    // 0.58 is the signal of the reference white.
    expect(frame.deep[0]).toBeGreaterThan(64 + Math.round(876 * 0.62));
    expect(frame.deep[0]).toBeLessThan(64 + Math.round(876 * 0.75));
  });
});

describe('the picture for finding faces', () => {
  it('takes two bits off in standard range', () => {
    const frame = frameOf(
      Uint16Array.from({ length: (COUNT * 3) / 2 }, (_, i) => (i * 37) % 1024),
      { matrix: 'bt709', range: 'limited' },
    );
    expect([...frame.data]).toEqual([...frame.deep].map((value) => value >> 2));
  });

  it('is the same made whole and by regions', () => {
    for (const colour of COLOURS) {
      const frame = frameOf(
        Uint16Array.from({ length: (COUNT * 3) / 2 }, (_, i) => (i * 37) % 1024),
        colour,
      );
      const whole = frame.data.slice();
      frame.data.fill(0);
      for (const x0 of [0, 10]) {
        for (const y0 of [0, 4]) fillProxy(frame, { x0, y0, x1: x0 ? WIDTH : 10, y1: y0 ? HEIGHT : 4 });
      }
      expect(frame.data).toEqual(whole);
    }
  });

  it('shows HDR skin in the colour that a screen shows', () => {
    const colour: YuvColour = { matrix: 'bt2020', range: 'limited', hdr: 'pq' };
    // Skin of about 60 cd/m2 in PQ.
    const frame = flat(colour, 430, 490, 538);
    pixels.load(frame, WHOLE);
    const shown = [...pixels.before.data.subarray(0, 3)];
    pixels.load(
      { width: WIDTH, height: HEIGHT, data: frame.data, colour: { matrix: 'bt2020', range: 'limited' } },
      WHOLE,
    );
    for (const [channel, value] of shown.entries()) {
      expect(Math.abs(pixels.before.data[channel]! - value)).toBeLessThan(25);
    }
    expect(shown[0]).toBeGreaterThan(shown[1]!);
    expect(shown[1]).toBeGreaterThan(shown[2]!);
  });
});
