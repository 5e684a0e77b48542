/** Resizes pictures with OpenCV's INTER_CUBIC. */
import type { RgbImage } from '../../core/image.ts';

/** OpenCV's parameter of the cubic convolution. */
const A = -0.75;

/**
 * Cubic convolution with pixel centres at half pixels, without averaging. The border repeats.
 * @param values interleaved channels, `width * height * channels`; not changed
 * @returns a new array, owned by the caller; values may overshoot
 * @see Keys, "Cubic convolution interpolation for digital image processing", 1981
 */
export function resizeCubicPlanes(
  values: ArrayLike<number>,
  width: number,
  height: number,
  channels: number,
  toWidth: number,
  toHeight: number,
): Float32Array {
  const columns = taps(toWidth, width);
  const across = new Float32Array(toWidth * height * channels);
  for (let y = 0, o = 0; y < height; y++) {
    const row = y * width * channels;
    for (let x = 0; x < toWidth; x++) {
      const [a, b, c, d] = tapsOf(columns.at, x, channels, row);
      const [e, f, g, h] = tapsOf(columns.weights, x, 1, 0);
      for (let channel = 0; channel < channels; channel++, o++) {
        across[o] =
          values[a + channel]! * e + values[b + channel]! * f + values[c + channel]! * g + values[d + channel]! * h;
      }
    }
  }
  const rows = taps(toHeight, height);
  const stride = toWidth * channels;
  const out = new Float32Array(stride * toHeight);
  for (let y = 0, o = 0; y < toHeight; y++) {
    const [a, b, c, d] = tapsOf(rows.at, y, stride, 0);
    const [e, f, g, h] = tapsOf(rows.weights, y, 1, 0);
    for (let at = 0; at < stride; at++, o++) {
      out[o] = across[a + at]! * e + across[b + at]! * f + across[c + at]! * g + across[d + at]! * h;
    }
  }
  return out;
}

/** The same for a picture, rounded to bytes. Owned by the caller. */
export function resizeCubic({ data, width, height }: RgbImage, toWidth: number, toHeight: number): RgbImage {
  const values = resizeCubicPlanes(data, width, height, 3, toWidth, toHeight);
  // Rounds and cuts off.
  return { data: new Uint8Array(Uint8ClampedArray.from(values).buffer), width: toWidth, height: toHeight };
}

/** For each output sample the four samples that it is made of, and their weights. */
function taps(count: number, size: number): { readonly at: Int32Array; readonly weights: Float64Array } {
  const at = new Int32Array(count * 4);
  const weights = new Float64Array(count * 4);
  for (let n = 0; n < count; n++) {
    const position = ((n + 0.5) * size) / count - 0.5;
    const first = Math.floor(position) - 1;
    for (let tap = 0; tap < 4; tap++) {
      at[4 * n + tap] = Math.min(size - 1, Math.max(0, first + tap));
      weights[4 * n + tap] = weightAt(Math.abs(position - first - tap));
    }
  }
  return { at, weights };
}

/** The four numbers of an output sample, times a step and shifted. */
const tapsOf = (
  all: ArrayLike<number>,
  n: number,
  step: number,
  shift: number,
): readonly [number, number, number, number] => [
  all[4 * n]! * step + shift,
  all[4 * n + 1]! * step + shift,
  all[4 * n + 2]! * step + shift,
  all[4 * n + 3]! * step + shift,
];

function weightAt(distance: number): number {
  if (distance <= 1) return ((A + 2) * distance - (A + 3)) * distance * distance + 1;
  if (distance >= 2) return 0;
  return ((A * distance - 5 * A) * distance + 8 * A) * distance - 4 * A;
}
