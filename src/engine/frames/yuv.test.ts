import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { I420Frame, RgbImage, YuvColour } from '../../core/image.ts';
import { i420ToRgb, rgbToI420, yuvCoefficients } from './yuv.ts';

const WIDTH = 16;
const HEIGHT = 8;
const WHOLE = { x0: 0, y0: 0, x1: WIDTH, y1: HEIGHT };
const COLOURS: YuvColour[] = (['bt601', 'bt709', 'bt2020'] as const).flatMap((matrix) =>
  (['limited', 'full'] as const).map((range) => ({ matrix, range })),
);

const blankImage = (): RgbImage => ({ data: new Uint8Array(WIDTH * HEIGHT * 3), width: WIDTH, height: HEIGHT });
const frameOf = (data: Uint8Array, colour: YuvColour): I420Frame => ({ data, width: WIDTH, height: HEIGHT, colour });
const blankFrame = (colour: YuvColour): I420Frame => frameOf(new Uint8Array((WIDTH * HEIGHT * 3) / 2), colour);
const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });

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

describe.each(COLOURS)('$matrix $range', (colour) => {
  it('returns RGB within the rounding of the code values', () => {
    // Half a step of luma, and of chroma times its largest coefficient; limited range has coarser steps.
    const bound = 0.5 + (0.5 * yuvCoefficients(colour).lumaScale + 0.5 * yuvCoefficients(colour).blueFromU) / 65536;
    fc.assert(
      fc.property(bytes((WIDTH * HEIGHT * 3) / 4), (values) => {
        const image = blocks(values);
        const frame = blankFrame(colour);
        rgbToI420(
          image,
          frame,
          WHOLE,
          image.data.map((v) => v ^ 1),
        );
        const back = blankImage();
        i420ToRgb(frame, back, WHOLE);
        for (let i = 0; i < back.data.length; i++) {
          expect(Math.abs(back.data[i]! - image.data[i]!)).toBeLessThanOrEqual(bound);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('keeps every code value of a frame that nobody changed', () => {
    fc.assert(
      fc.property(bytes((WIDTH * HEIGHT * 3) / 2), (data) => {
        const frame = frameOf(data.slice(), colour);
        const image = blankImage();
        const before = new Uint8Array(image.data.length);
        i420ToRgb(frame, image, WHOLE, before);
        rgbToI420(image, frame, WHOLE, before);
        expect(frame.data).toEqual(data);
      }),
      { numRuns: 50 },
    );
  });

  it('maps black, white and grey to their codes', () => {
    const [black, white] = colour.range === 'limited' ? [16, 235] : [0, 255];
    for (const [value, code] of [
      [0, black],
      [255, white],
    ] as const) {
      const image = blankImage();
      image.data.fill(value);
      const frame = blankFrame(colour);
      rgbToI420(
        image,
        frame,
        WHOLE,
        image.data.map((v) => v ^ 1),
      );
      expect(new Set(frame.data.subarray(0, WIDTH * HEIGHT))).toEqual(new Set([code]));
      expect(new Set(frame.data.subarray(WIDTH * HEIGHT))).toEqual(new Set([128]));
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
        const image = blocks(Uint8Array.from({ length: (WIDTH * HEIGHT * 3) / 4 }, (_, i) => [r, g, b][i % 3]!));
        const frame = blankFrame(colour);
        rgbToI420(
          image,
          frame,
          WHOLE,
          image.data.map((v) => v ^ 1),
        );
        const luma = (kr * r + (1 - kr - kb) * g + kb * b) / 255;
        const u = (b / 255 - luma) / (2 * (1 - kb));
        const v = (r / 255 - luma) / (2 * (1 - kr));
        expect(Math.abs(frame.data[0]! - (offset + span * luma))).toBeLessThanOrEqual(0.502);
        expect(Math.abs(frame.data[WIDTH * HEIGHT]! - Math.min(255, 128 + chroma * u))).toBeLessThanOrEqual(0.502);
        expect(Math.abs(frame.data[WIDTH * HEIGHT * 1.25]! - Math.min(255, 128 + chroma * v))).toBeLessThanOrEqual(
          0.502,
        );
      }),
    );
  });
});

describe('rgbToI420', () => {
  const colour: YuvColour = { matrix: 'bt709', range: 'limited' };

  it('touches the changed block only, and in it the luma of the changed pixel only', () => {
    const data = Uint8Array.from({ length: (WIDTH * HEIGHT * 3) / 2 }, (_, i) => 60 + ((i * 37) % 120));
    const frame = frameOf(data.slice(), colour);
    const image = blankImage();
    const before = new Uint8Array(image.data.length);
    i420ToRgb(frame, image, WHOLE, before);
    const changed = 3 * WIDTH + 4;
    image.data[changed * 3] = 250;
    image.data[changed * 3 + 1] = 10;
    rgbToI420(image, frame, WHOLE, before);
    const differing = [...frame.data.keys()].filter((i) => frame.data[i] !== data[i]);
    const chroma = WIDTH * HEIGHT + 1 * (WIDTH / 2) + 2;
    expect(differing).toEqual([changed, chroma, chroma + (WIDTH * HEIGHT) / 4]);
  });

  it('gives a changed block the mean chroma of its pixels', () => {
    const image = blankImage();
    image.data.fill(128);
    image.data.set([255, 0, 0], 0);
    image.data.set([0, 0, 255], 3);
    const frame = blankFrame(colour);
    rgbToI420(
      image,
      frame,
      WHOLE,
      image.data.map((v) => v ^ 1),
    );
    // One red, one blue and two grey pixels, averaged by hand.
    const mean = blankImage();
    mean.data.forEach((_, i) => {
      mean.data[i] = [(255 + 0 + 256) / 4, 256 / 4, (0 + 255 + 256) / 4][i % 3]!;
    });
    const expected = blankFrame(colour);
    rgbToI420(
      mean,
      expected,
      WHOLE,
      mean.data.map((v) => v ^ 1),
    );
    for (const plane of [WIDTH * HEIGHT, WIDTH * HEIGHT * 1.25]) {
      expect(Math.abs(frame.data[plane]! - expected.data[plane]!)).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    ['odd', { x0: 1, y0: 0, x1: 4, y1: 4 }],
    ['outside', { x0: 0, y0: 0, x1: WIDTH + 2, y1: 4 }],
  ])('refuses an %s region', (_, region) => {
    const frame = blankFrame(colour);
    const image = blankImage();
    expect(() => i420ToRgb(frame, image, region)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
    expect(() => rgbToI420(image, frame, region, image.data)).toThrow(expect.objectContaining({ code: 'INTERNAL' }));
  });
});
