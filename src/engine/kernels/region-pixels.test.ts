import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { I420Frame, Region, RgbImage, YuvColour } from '../../core/image.ts';
import { i420ToRgb } from '../frames/yuv.ts';
import { yuvCoefficients } from '../frames/yuv-coefficients.ts';
import { createKernels } from './kernels.ts';
import { RegionPixels } from './region-pixels.ts';

const WIDTH = 36;
const HEIGHT = 8;
const COUNT = WIDTH * HEIGHT;
const WHOLE = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const COLOURS: YuvColour[] = (['bt601', 'bt709', 'bt2020'] as const).flatMap((matrix) =>
  (['limited', 'full'] as const).map((range) => ({ matrix, range })),
);
const LIMITED: YuvColour = { matrix: 'bt709', range: 'limited' };

const pixels = new RegionPixels(createKernels());
const blankImage = (): RgbImage => ({ data: new Uint8Array(COUNT * 3), width: WIDTH, height: HEIGHT });
const frameOf = (data: Uint8Array, colour: YuvColour): I420Frame => ({ data, width: WIDTH, height: HEIGHT, colour });
const blankFrame = (colour: YuvColour): I420Frame => frameOf(new Uint8Array((COUNT * 3) / 2), colour);
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const evenRegions = fc
  .tuple(fc.nat(WIDTH / 2 - 1), fc.nat(HEIGHT / 2 - 1), fc.nat(WIDTH), fc.nat(HEIGHT))
  .map(([x, y, w, h]): Region => {
    const [x0, y0] = [x * 2, y * 2];
    return { x0, y0, x1: Math.min(WIDTH, x0 + 2 + (w & ~1)), y1: Math.min(HEIGHT, y0 + 2 + (h & ~1)) };
  });

/** Writes every pixel of an image into a frame. */
function encode(image: RgbImage, frame: I420Frame): void {
  pixels.load(frame, WHOLE);
  pixels.out.data.set(image.data);
  pixels.before.data.set(image.data.map((value) => value ^ 1));
  pixels.writeBack();
}

/** Every 2x2 block in one colour, so that chroma loses nothing by being shared. */
function blocks(values: Uint8Array): RgbImage {
  const image = blankImage();
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const block = (y >> 1) * (WIDTH / 2) + (x >> 1);
      image.data.set(values.subarray(block * 3, block * 3 + 3), (y * WIDTH + x) * 3);
    }
  }
  return image;
}

describe.each(COLOURS)('a planar frame, $matrix $range', (colour) => {
  it('returns RGB within the rounding of the code values', () => {
    // Half a step of luma, and of chroma times its largest coefficient; limited range has coarser steps.
    const k = yuvCoefficients(colour);
    const bound = 0.6 + (0.5 * k.lumaScale + 0.5 * k.blueFromU) / 65536;
    fc.assert(
      fc.property(bytes((COUNT * 3) / 4), (values) => {
        const image = blocks(values);
        const frame = blankFrame(colour);
        encode(image, frame);
        const back = blankImage();
        i420ToRgb(frame, back, WHOLE);
        back.data.forEach((value, i) => {
          expect(Math.abs(value - image.data[i])).toBeLessThanOrEqual(bound);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('keeps every code value that nobody changed', () => {
    fc.assert(
      fc.property(bytes((COUNT * 3) / 2), evenRegions, (data, region) => {
        const frame = frameOf(data.slice(), colour);
        pixels.load(frame, region);
        pixels.writeBack();
        expect(frame.data).toEqual(data);
      }),
      { numRuns: 50 },
    );
  });

  it('maps black, white and grey to their codes and back', () => {
    const [black, white] = colour.range === 'limited' ? [16, 235] : [0, 255];
    for (const [value, code] of [
      [0, black],
      [255, white],
    ] as const) {
      const image = blankImage();
      image.data.fill(value);
      const frame = blankFrame(colour);
      encode(image, frame);
      expect(new Set(frame.data.subarray(0, COUNT))).toEqual(new Set([code]));
      expect(new Set(frame.data.subarray(COUNT))).toEqual(new Set([128]));
      const back = blankImage();
      i420ToRgb(frame, back, WHOLE);
      expect(new Set(back.data)).toEqual(new Set([value]));
    }
  });

  it('agrees with the formula in floating point', () => {
    const kr = { bt601: 0.299, bt709: 0.2126, bt2020: 0.2627 }[colour.matrix];
    const kb = { bt601: 0.114, bt709: 0.0722, bt2020: 0.0593 }[colour.matrix];
    const [offset, span, chroma] = colour.range === 'limited' ? [16, 219, 224] : [0, 255, 255];
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (r, g, b) => {
        const image = blocks(Uint8Array.from({ length: (COUNT * 3) / 4 }, (_, i) => [r, g, b][i % 3]));
        const frame = blankFrame(colour);
        encode(image, frame);
        const luma = (kr * r + (1 - kr - kb) * g + kb * b) / 255;
        const u = (b / 255 - luma) / (2 * (1 - kb));
        const v = (r / 255 - luma) / (2 * (1 - kr));
        // The kernel keeps seven fractional bits.
        const bound = 0.53;
        expect(Math.abs(frame.data[0] - (offset + span * luma))).toBeLessThanOrEqual(bound);
        expect(Math.abs(frame.data[COUNT] - Math.min(255, 128 + chroma * u))).toBeLessThanOrEqual(bound);
        expect(Math.abs(frame.data[COUNT * 1.25] - Math.min(255, 128 + chroma * v))).toBeLessThanOrEqual(bound);
      }),
    );
  });
});

describe('a planar frame', () => {
  const data = Uint8Array.from({ length: (COUNT * 3) / 2 }, (_, i) => 60 + ((i * 37) % 120));

  it('gives the same pixels of a region as of the whole', () => {
    const whole = blankImage();
    i420ToRgb(frameOf(data, LIMITED), whole, WHOLE);
    fc.assert(
      fc.property(evenRegions, (region) => {
        const part = blankImage();
        i420ToRgb(frameOf(data, LIMITED), part, region);
        for (let y = 0; y < HEIGHT; y++) {
          for (let x = 0; x < WIDTH; x++) {
            const isInside = x >= region.x0 && x < region.x1 && y >= region.y0 && y < region.y1;
            const p = (y * WIDTH + x) * 3;
            expect([...part.data.subarray(p, p + 3)]).toEqual(
              isInside ? [...whole.data.subarray(p, p + 3)] : [0, 0, 0],
            );
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('changes where its block changed only, and there the luma of the changed pixel only', () => {
    const frame = frameOf(data.slice(), LIMITED);
    pixels.load(frame, { x0: 2, y0: 2, x1: 34, y1: 8 });
    const at = (1 * 32 + 3) * 3;
    pixels.out.data.set([250, 10], at);
    pixels.writeBack();
    const differing = [...frame.data.keys()].filter((i) => frame.data[i] !== data[i]);
    const chroma = COUNT + 1 * (WIDTH / 2) + 2;
    expect(differing).toEqual([3 * WIDTH + 5, chroma, chroma + COUNT / 4]);
  });

  it('gives a changed block the mean chroma of its pixels', () => {
    const image = blankImage();
    image.data.fill(128);
    image.data.set([255, 0, 0], 0);
    image.data.set([0, 0, 255], 3);
    const frame = blankFrame(LIMITED);
    encode(image, frame);
    // One red, one blue and two grey pixels, averaged by hand.
    const mean = blankImage();
    mean.data.forEach((_, i) => {
      mean.data[i] = [(255 + 0 + 256) / 4, 256 / 4, (0 + 255 + 256) / 4][i % 3];
    });
    const expected = blankFrame(LIMITED);
    encode(mean, expected);
    for (const plane of [COUNT, COUNT * 1.25]) {
      expect(Math.abs(frame.data[plane] - expected.data[plane])).toBeLessThanOrEqual(1);
    }
  });
});

describe('a photo', () => {
  const photo = (): RgbImage => ({
    data: Uint8Array.from({ length: 7 * 5 * 3 }, (_, i) => (i * 31) & 255),
    width: 7,
    height: 5,
  });

  it('gives its region and takes it back, odd coordinates and all', () => {
    const image = photo();
    pixels.load(image, { x0: 1, y0: 2, x1: 7, y1: 5 });
    expect([pixels.before.width, pixels.before.height]).toEqual([6, 3]);
    expect([...pixels.before.data.subarray(0, 18)]).toEqual([...image.data.subarray(45, 63)]);
    expect(pixels.out.data).toEqual(pixels.before.data);
    pixels.out.data[18] ^= 255;
    pixels.writeBack();
    const differing = [...image.data.keys()].filter((i) => image.data[i] !== photo().data[i]);
    expect(differing).toEqual([(3 * 7 + 1) * 3]);
  });

  it('says which borders it touches', () => {
    pixels.load(photo(), { x0: 1, y0: 0, x1: 7, y1: 4 });
    expect(pixels.touches).toEqual({ left: false, top: true, right: true, bottom: false });
  });
});

it('keeps its images whole while the memory grows', () => {
  const kernels = createKernels();
  const small = new RegionPixels(kernels);
  small.load({ data: new Uint8Array(300).fill(9), width: 10, height: 10 }, { x0: 0, y0: 0, x1: 10, y1: 10 });
  const { data } = small.before;
  kernels.memory.createBuffer().reserve(3_000_000);
  expect(data.length).toBe(0);
  expect(new Set(small.before.data)).toEqual(new Set([9]));
});

it.each([
  ['an odd region of a planar frame', { x0: 1, y0: 0, x1: 4, y1: 4 }],
  ['a region outside', { x0: 0, y0: 0, x1: WIDTH + 2, y1: 4 }],
  ['an empty region', { x0: 4, y0: 0, x1: 4, y1: 4 }],
])('refuses %s', (_, region) => {
  expect(() => pixels.load(blankFrame(LIMITED), region)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
});
