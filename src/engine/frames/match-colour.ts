/** Gives a picture the colours of another, from coarse to fine, as FaceFusion does. */
import type { RgbImage } from '../../core/image.ts';
import { resizeCubicPlanes } from './resize-cubic.ts';
import { resizeArea } from './resize-image.ts';

/** The coarsest size at which colours are compared, in pixels. */
const COARSEST = 16;
const STEPS = 3;

/**
 * Brings the colours of `target` to those of `source`, which shows the same in the same place. The source takes over the
 * target's detail first, at 16 pixels and two sizes between that and the target's.
 * @param source square, of any size
 * @param target square; not changed
 * @returns of the target's size, owned by the caller
 */
export function matchColour(source: RgbImage, target: RgbImage): RgbImage {
  const { height } = target;
  let colours = source;
  for (let step = 0; step < STEPS; step++) {
    colours = equalise(colours, target, toEven(COARSEST + ((height - COARSEST) * step) / STEPS));
  }
  // The last step, at the full size, gives just these: the target and what they differ by.
  return colours;
}

/**
 * The same as far as the two are alike: histograms of hue and saturation that fit give the full effect, opposite ones
 * none.
 */
export function matchColourWhereAlike(source: RgbImage, target: RgbImage): RgbImage {
  const factor = (histogramCorrelation(source, target) + 1) / 2;
  const { data: matched } = matchColour(source, target);
  const { data, width, height } = target;
  const out = new Uint8Array(data.length);
  for (let at = 0; at < out.length; at++) out[at] = data[at]! * (1 - factor) + matched[at]! * factor + 0.5;
  return { data: out, width, height };
}

/** `b` with the difference of both at a size added, cut off to bytes. */
function equalise(a: RgbImage, b: RgbImage, size: number): RgbImage {
  const { data, width, height } = b;
  const [from, to] = [resizeArea(a, size, size), resizeArea(b, size, size)];
  const difference = new Float32Array(from.data.length);
  for (let at = 0; at < difference.length; at++) difference[at] = from.data[at]! - to.data[at]!;
  const full = resizeCubicPlanes(difference, size, size, 3, width, height);
  const out = new Uint8Array(data.length);
  for (let at = 0; at < out.length; at++) out[at] = Math.min(255, Math.max(0, data[at]! + full[at]!));
  return { data: out, width, height };
}

/** The even number next to a size; of two as near, the one that is a multiple of 4. */
function toEven(size: number): number {
  const half = size / 2;
  const floor = Math.floor(half);
  const rest = half - floor;
  return 2 * (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
}

const HUES = 50;
const SATURATIONS = 60;

/** OpenCV's correlation of two histograms, -1..1; 1 where one of them is flat. */
export function histogramCorrelation(a: RgbImage, b: RgbImage): number {
  const [x, y] = [histogram(a), histogram(b)];
  const [meanX, meanY] = [x, y].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length) as [
    number,
    number,
  ];
  let both = 0;
  let onlyX = 0;
  let onlyY = 0;
  for (let bin = 0; bin < x.length; bin++) {
    const [dx, dy] = [x[bin]! - meanX, y[bin]! - meanY];
    both += dx * dy;
    onlyX += dx * dx;
    onlyY += dy * dy;
  }
  const product = onlyX * onlyY;
  return product > Number.EPSILON ? both / Math.sqrt(product) : 1;
}

/** How many pixels have a hue and a saturation: 50 x 60, of OpenCV's HSV in bytes (hue 0..179). */
function histogram({ data }: RgbImage): Float64Array {
  const bins = new Float64Array(HUES * SATURATIONS);
  for (let at = 0; at < data.length; at += 3) {
    const [red, green, blue] = [data[at]!, data[at + 1]!, data[at + 2]!];
    const most = Math.max(red, green, blue);
    const spread = most - Math.min(red, green, blue);
    const saturation = most === 0 ? 0 : Math.round((spread * 255) / most);
    let hue = 0;
    if (spread > 0) {
      const sixth =
        most === red
          ? (green - blue) / spread
          : most === green
            ? 2 + (blue - red) / spread
            : 4 + (red - green) / spread;
      hue = Math.round(sixth * 30);
      if (hue < 0) hue += 180;
    }
    bins[Math.floor((hue * HUES) / 180) * SATURATIONS + Math.floor((saturation * SATURATIONS) / 256)]! += 1;
  }
  return bins;
}
