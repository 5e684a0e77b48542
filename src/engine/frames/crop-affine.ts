/**
 * Samples a turned, scaled piece of a picture into the float tensor that a model wants. Magnifying is bilinear;
 * minifying averages a grid of samples a pixel, so that large photos do not alias.
 */
import type { RgbImage } from '../../core/image.ts';
import type { Affine } from './similarity.ts';

export interface CropOptions {
  /**
   * Most samples along an edge of an output pixel. Unbounded by default, which reads every source pixel of a shrunk
   * crop; the tracker takes 3, since its crops shrink little and it runs on every frame.
   */
  readonly maximumSamples?: number;
  /** What lies outside of the picture: `black` (code value 0, the default) or the `nearest` pixel. */
  readonly outside?: 'black' | 'nearest';
}

/** From this many source pixels to an output pixel on, samples are averaged instead of interpolated. */
const AVERAGE_FROM = 1.5;

/** Samples along an edge of an output pixel: 1 means bilinear. */
export function samplesOf(matrix: Affine, maximum: number): number {
  const scale = Math.hypot(matrix[0], matrix[3]);
  return scale < AVERAGE_FROM ? 1 : Math.min(Math.max(1, Math.round(scale)), maximum);
}

/** True where every sample of the crop, with one pixel of margin, lies inside the picture. */
export function isInside(
  picture: { readonly width: number; readonly height: number },
  [a, b, c, d, e, f]: Affine,
  size: number,
): boolean {
  const near = -1;
  for (const x of [near, size]) {
    for (const y of [near, size]) {
      const u = a * x + b * y + c;
      const v = d * x + e * y + f;
      if (!(u >= 1 && v >= 1 && u < picture.width - 2 && v < picture.height - 2)) return false;
    }
  }
  return true;
}

/**
 * Samples a crop of an RGB image. Values are multiplied by `scale`, then `offset` is added.
 * @param matrix from pixels of the crop to pixels of the picture
 * @param size   edge of the square crop in pixels
 * @param out    receives `size * size * 3` values, rows of R, G, B; written whole, owned by the caller
 * @returns `out`
 */
export function cropAffine(
  image: RgbImage,
  matrix: Affine,
  size: number,
  out: Float32Array,
  scale: number,
  offset: number,
  options: CropOptions = {},
): Float32Array {
  const samples = samplesOf(matrix, options.maximumSamples ?? Number.POSITIVE_INFINITY);
  const safe = isInside(image, matrix, size);
  if (samples > 1) averageRgb(image, matrix, size, out, scale, offset, samples, safe, options.outside === 'nearest');
  else interpolateRgb(image, matrix, size, out, scale, offset, safe, options.outside === 'nearest');
  return out;
}

function averageRgb(
  image: RgbImage,
  matrix: Affine,
  size: number,
  out: Float32Array,
  scale: number,
  offset: number,
  samples: number,
  safe: boolean,
  nearest: boolean,
): void {
  const { data, width, height } = image;
  const [a, b, c, d, e, f] = matrix;
  const step = 1 / samples;
  // First sample of a pixel, and half a pixel so that truncation rounds.
  const first = step / 2 - 0.5;
  const startX = a * first + b * first + c + 0.5;
  const startY = d * first + e * first + f + 0.5;
  const alongX = a * step;
  const alongY = d * step;
  const downX = b * step;
  const downY = e * step;
  const weight = scale / (samples * samples);
  for (let y = 0, o = 0; y < size; y++) {
    for (let x = 0; x < size; x++, o += 3) {
      let red = 0;
      let green = 0;
      let blue = 0;
      let rowX = startX + a * x + b * y;
      let rowY = startY + d * x + e * y;
      for (let j = 0; j < samples; j++, rowX += downX, rowY += downY) {
        let u = rowX;
        let v = rowY;
        for (let i = 0; i < samples; i++, u += alongX, v += alongY) {
          let column = Math.floor(u);
          let line = Math.floor(v);
          if (!safe && (column < 0 || line < 0 || column >= width || line >= height)) {
            if (!nearest) continue;
            column = column < 0 ? 0 : column >= width ? width - 1 : column;
            line = line < 0 ? 0 : line >= height ? height - 1 : line;
          }
          const p = (line * width + column) * 3;
          red += data[p]!;
          green += data[p + 1]!;
          blue += data[p + 2]!;
        }
      }
      out[o] = red * weight + offset;
      out[o + 1] = green * weight + offset;
      out[o + 2] = blue * weight + offset;
    }
  }
}

function interpolateRgb(
  image: RgbImage,
  matrix: Affine,
  size: number,
  out: Float32Array,
  scale: number,
  offset: number,
  safe: boolean,
  nearest: boolean,
): void {
  const { data, width, height } = image;
  const [a, b, c, d, e, f] = matrix;
  const row = width * 3;
  const lastX = width - 1;
  const lastY = height - 1;
  for (let y = 0, o = 0; y < size; y++) {
    for (let x = 0; x < size; x++, o += 3) {
      let u = a * x + b * y + c;
      let v = d * x + e * y + f;
      let right = 3;
      let below = row;
      let gain = scale;
      if (!safe) {
        const insideX = u < 0 ? 0 : u > lastX ? lastX : u;
        const insideY = v < 0 ? 0 : v > lastY ? lastY : v;
        // The black outside begins half a pixel beyond the outermost centres, where the outermost pixels end.
        if (!nearest && (Math.abs(u - insideX) > 0.5 || Math.abs(v - insideY) > 0.5)) gain = 0;
        u = insideX;
        v = insideY;
        if (u >= lastX) right = 0;
        if (v >= lastY) below = 0;
      }
      const column = Math.floor(u);
      const line = Math.floor(v);
      const fx = u - column;
      const fy = v - line;
      const w3 = fx * fy * gain;
      const w2 = fy * gain - w3;
      const w1 = fx * gain - w3;
      const w0 = gain - w1 - w2 - w3;
      const p = (line * width + column) * 3;
      const q = p + right;
      const r = p + below;
      const s = r + right;
      out[o] = data[p]! * w0 + data[q]! * w1 + data[r]! * w2 + data[s]! * w3 + offset;
      out[o + 1] = data[p + 1]! * w0 + data[q + 1]! * w1 + data[r + 1]! * w2 + data[s + 1]! * w3 + offset;
      out[o + 2] = data[p + 2]! * w0 + data[q + 2]! * w1 + data[r + 2]! * w2 + data[s + 2]! * w3 + offset;
    }
  }
}
