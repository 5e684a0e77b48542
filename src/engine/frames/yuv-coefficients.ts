/**
 * Coefficients between YUV and RGB; kernels/region-pixels.ts converts with them. They follow from Kr and Kb:
 * BT.601-7 §2.5 (0.299, 0.114), BT.709-6 §3 (0.2126, 0.0722), BT.2020-2 table 4, non-constant luminance (0.2627, 0.0593).
 * Limited range: luma 16..235, chroma 16..240.
 */
import type { ColourMatrix, YuvColour } from '../../core/image.ts';

const LUMA_WEIGHTS: Readonly<Record<ColourMatrix, readonly [kr: number, kb: number]>> = {
  bt601: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  bt2020: [0.2627, 0.0593],
};

/** 16 fractional bits. */
const ONE = 65536;

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
