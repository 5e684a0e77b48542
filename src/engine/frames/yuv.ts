/**
 * Between planar YUV 4:2:0 and RGB, in integers, for one region of a frame. Coefficients follow from Kr and Kb:
 * BT.601-7 §2.5 (0.299, 0.114), BT.709-6 §3 (0.2126, 0.0722), BT.2020-2 table 4, non-constant luminance (0.2627, 0.0593).
 * Limited range: luma 16..235, chroma 16..240.
 */
import { AppError } from '../../core/errors.ts';
import type { ColourMatrix, I420Frame, Region, RgbImage, YuvColour } from '../../core/image.ts';

const LUMA_WEIGHTS: Readonly<Record<ColourMatrix, readonly [kr: number, kb: number]>> = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
};

/** Fractional bits of every coefficient. The largest sum, 255 * 1.17 + 128 * 2.15 times 2^16, fits 31 bits. */
const SHIFT = 16;
const ONE = 1 << SHIFT;
const HALF = ONE >> 1;

/** Fixed-point coefficients of one matrix and range, 16 fractional bits. */
export interface YuvCoefficients {
  /** Code value of black. */
  readonly lumaOffset: number;
  readonly lumaScale: number;
  readonly redFromV: number;
  readonly greenFromU: number;
  readonly greenFromV: number;
  readonly blueFromU: number;
  readonly yFromRed: number;
  readonly yFromGreen: number;
  readonly yFromBlue: number;
  readonly uFromRed: number;
  readonly uFromGreen: number;
  readonly uFromBlue: number;
  readonly vFromRed: number;
  readonly vFromGreen: number;
  readonly vFromBlue: number;
}

function derive({ matrix, range }: YuvColour): YuvCoefficients {
  const [kr, kb] = LUMA_WEIGHTS[matrix];
  const kg = 1 - kr - kb;
  const lumaSpan = range === 'limited' ? 219 / 255 : 1;
  const chromaSpan = range === 'limited' ? 224 / 255 : 1;
  const fixed = (value: number): number => Math.round(value * ONE);
  const yFromRed = fixed(kr * lumaSpan);
  const yFromBlue = fixed(kb * lumaSpan);
  const uFromRed = fixed((-0.5 * chromaSpan * kr) / (1 - kb));
  const uFromBlue = fixed(0.5 * chromaSpan);
  const vFromRed = uFromBlue;
  const vFromBlue = fixed((-0.5 * chromaSpan * kb) / (1 - kr));
  return {
    lumaOffset: range === 'limited' ? 16 : 0,
    lumaScale: fixed(1 / lumaSpan),
    redFromV: fixed((2 * (1 - kr)) / chromaSpan),
    greenFromU: fixed((-2 * (1 - kb) * kb) / kg / chromaSpan),
    greenFromV: fixed((-2 * (1 - kr) * kr) / kg / chromaSpan),
    blueFromU: fixed((2 * (1 - kb)) / chromaSpan),
    yFromRed,
    // Green takes the rounding of the other two, so that grey stays grey.
    yFromGreen: fixed(lumaSpan) - yFromRed - yFromBlue,
    yFromBlue,
    uFromRed,
    uFromGreen: -uFromRed - uFromBlue,
    uFromBlue,
    vFromRed,
    vFromGreen: -vFromRed - vFromBlue,
    vFromBlue,
  };
}

const TABLE = Object.fromEntries(
  (['bt601', 'bt709', 'bt2020'] as const).map((matrix) => [
    matrix,
    { limited: derive({ matrix, range: 'limited' }), full: derive({ matrix, range: 'full' }) },
  ]),
) as Readonly<Record<ColourMatrix, Readonly<Record<YuvColour['range'], YuvCoefficients>>>>;

/** The coefficients of a stream's matrix and range. */
export const yuvCoefficients = (colour: YuvColour): YuvCoefficients => TABLE[colour.matrix][colour.range];

/**
 * Converts `region` of `frame` into the same place of `out`. Chroma is repeated, not interpolated: then a block that
 * nobody changes goes back exactly.
 * @param out    picture of the frame's size; only the region is written
 * @param region even coordinates, inside the frame
 * @param copy   a second buffer of `out`'s size that gets the same pixels, for `rgbToI420` to compare with
 * @throws INTERNAL when the region or a size does not fit
 */
export function i420ToRgb(frame: I420Frame, out: RgbImage, region: Region, copy?: Uint8Array): void {
  checkRegion(frame, out, region);
  const { data: yuv, width, height } = frame;
  // A clamped view does what two comparisons a channel would, and faster.
  const rgb = new Uint8ClampedArray(out.data.buffer, out.data.byteOffset, out.data.length);
  const { lumaOffset, lumaScale, redFromV, greenFromU, greenFromV, blueFromU } = yuvCoefficients(frame.colour);
  const { x0, x1, y0, y1 } = region;
  const uPlane = width * height;
  const toV = uPlane >> 2;
  const row = width * 3;
  // The offset of luma and the half that makes the shift round, for all three channels at once.
  const bias = HALF - lumaOffset * lumaScale;
  for (let y = y0; y < y1; y += 2) {
    let luma = y * width + x0;
    let chroma = uPlane + ((y * width) >> 2) + (x0 >> 1);
    let p = luma * 3;
    for (let x = x0; x < x1; x += 2, luma += 2, chroma++, p += 6) {
      const u = yuv[chroma]! - 128;
      const v = yuv[chroma + toV]! - 128;
      const red = redFromV * v + bias;
      const green = greenFromU * u + greenFromV * v + bias;
      const blue = blueFromU * u + bias;
      const q = p + row;
      const topLeft = yuv[luma]! * lumaScale;
      rgb[p] = (topLeft + red) >> SHIFT;
      rgb[p + 1] = (topLeft + green) >> SHIFT;
      rgb[p + 2] = (topLeft + blue) >> SHIFT;
      const topRight = yuv[luma + 1]! * lumaScale;
      rgb[p + 3] = (topRight + red) >> SHIFT;
      rgb[p + 4] = (topRight + green) >> SHIFT;
      rgb[p + 5] = (topRight + blue) >> SHIFT;
      const bottomLeft = yuv[luma + width]! * lumaScale;
      rgb[q] = (bottomLeft + red) >> SHIFT;
      rgb[q + 1] = (bottomLeft + green) >> SHIFT;
      rgb[q + 2] = (bottomLeft + blue) >> SHIFT;
      const bottomRight = yuv[luma + width + 1]! * lumaScale;
      rgb[q + 3] = (bottomRight + red) >> SHIFT;
      rgb[q + 4] = (bottomRight + green) >> SHIFT;
      rgb[q + 5] = (bottomRight + blue) >> SHIFT;
    }
    if (copy) {
      for (let line = y; line < y + 2; line++) {
        const start = (line * width + x0) * 3;
        copy.set(out.data.subarray(start, start + (x1 - x0) * 3), start);
      }
    }
  }
}

/**
 * Writes the changed pixels of `region` back into `frame`. A 2x2 block in which nothing differs from `before` keeps its
 * code values, and so does the luma of an unchanged pixel in a changed block. Chroma of a changed block is the mean of
 * its four pixels.
 * @param region even coordinates, inside the frame
 * @param before what `i420ToRgb` gave as `copy`
 * @throws INTERNAL when the region or a size does not fit
 */
export function rgbToI420(rgb: RgbImage, frame: I420Frame, region: Region, before: Uint8Array): void {
  checkRegion(frame, rgb, region);
  const { data: yuv, width, height } = frame;
  const after = rgb.data;
  const k = yuvCoefficients(frame.colour);
  const { yFromRed, yFromGreen, yFromBlue, uFromRed, uFromGreen, uFromBlue, vFromRed, vFromGreen, vFromBlue } = k;
  const { x0, x1, y0, y1 } = region;
  const uPlane = width * height;
  const toV = uPlane >> 2;
  const row = width * 3;
  const lumaBias = (k.lumaOffset << SHIFT) + HALF;
  // Sums of four pixels: two more fractional bits, as 4 * 255 * 0.5 * 2^16 still fits 31 bits.
  const chromaBias = (128 << (SHIFT + 2)) + (HALF << 2);
  for (let y = y0; y < y1; y += 2) {
    let luma = y * width + x0;
    let chroma = uPlane + ((y * width) >> 2) + (x0 >> 1);
    let p = luma * 3;
    for (let x = x0; x < x1; x += 2, luma += 2, chroma++, p += 6) {
      const q = p + row;
      const r0 = after[p]!;
      const g0 = after[p + 1]!;
      const b0 = after[p + 2]!;
      const r1 = after[p + 3]!;
      const g1 = after[p + 4]!;
      const b1 = after[p + 5]!;
      const r2 = after[q]!;
      const g2 = after[q + 1]!;
      const b2 = after[q + 2]!;
      const r3 = after[q + 3]!;
      const g3 = after[q + 4]!;
      const b3 = after[q + 5]!;
      const topLeft = (r0 ^ before[p]!) | (g0 ^ before[p + 1]!) | (b0 ^ before[p + 2]!);
      const topRight = (r1 ^ before[p + 3]!) | (g1 ^ before[p + 4]!) | (b1 ^ before[p + 5]!);
      const bottomLeft = (r2 ^ before[q]!) | (g2 ^ before[q + 1]!) | (b2 ^ before[q + 2]!);
      const bottomRight = (r3 ^ before[q + 3]!) | (g3 ^ before[q + 4]!) | (b3 ^ before[q + 5]!);
      if ((topLeft | topRight | bottomLeft | bottomRight) === 0) continue;
      if (topLeft) yuv[luma] = (yFromRed * r0 + yFromGreen * g0 + yFromBlue * b0 + lumaBias) >> SHIFT;
      if (topRight) yuv[luma + 1] = (yFromRed * r1 + yFromGreen * g1 + yFromBlue * b1 + lumaBias) >> SHIFT;
      if (bottomLeft) yuv[luma + width] = (yFromRed * r2 + yFromGreen * g2 + yFromBlue * b2 + lumaBias) >> SHIFT;
      if (bottomRight) yuv[luma + width + 1] = (yFromRed * r3 + yFromGreen * g3 + yFromBlue * b3 + lumaBias) >> SHIFT;
      const red = r0 + r1 + r2 + r3;
      const green = g0 + g1 + g2 + g3;
      const blue = b0 + b1 + b2 + b3;
      const u = (uFromRed * red + uFromGreen * green + uFromBlue * blue + chromaBias) >> (SHIFT + 2);
      const v = (vFromRed * red + vFromGreen * green + vFromBlue * blue + chromaBias) >> (SHIFT + 2);
      // Full range reaches 255.5, which rounds up to 256.
      yuv[chroma] = u > 255 ? 255 : u;
      yuv[chroma + toV] = v > 255 ? 255 : v;
    }
  }
}

function checkRegion(frame: I420Frame, rgb: RgbImage, region: Region): void {
  const { x0, y0, x1, y1 } = region;
  const even = ((x0 | y0 | x1 | y1) & 1) === 0;
  const inside = x0 >= 0 && y0 >= 0 && x1 <= frame.width && y1 <= frame.height;
  if (!even || !inside || rgb.width !== frame.width || rgb.height !== frame.height) {
    throw new AppError('INTERNAL', 'Expected an even region inside the frame and a picture of its size.', {
      details: { region, frame: [frame.width, frame.height], rgb: [rgb.width, rgb.height] },
    });
  }
}
