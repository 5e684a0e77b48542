/** Square parts that cover a picture, for networks that know people in squares only. */
import type { RgbImage } from '../../core/image.ts';

/** A picture less oblong than the first is stretched, which does no harm; so is one beyond the second, which is a strip. */
const [NEARLY_SQUARE, STRIP] = [1.1, 6];
/** Squares lie at most this far apart, as a share of their edge: each sees whole people. */
const FARTHEST = 0.6;
/** Over this share of its edge a square fades into the next. */
const FADE = 0.25;

/** Where squares lie on a grid that has `edge` cells along the shorter side of a picture. */
export interface SquareViews {
  readonly width: number;
  readonly height: number;
  /** First cell of each square, along the longer side. */
  readonly offsets: readonly number[];
}

/** One square that is the whole picture where that is stretched. */
export function squareViews(picture: { readonly width: number; readonly height: number }, edge: number): SquareViews {
  const short = Math.min(picture.width, picture.height);
  const ratio = Math.max(picture.width, picture.height) / short;
  if (ratio < NEARLY_SQUARE || ratio > STRIP) return { width: edge, height: edge, offsets: [0] };
  const long = Math.round(edge * ratio);
  const count = 1 + Math.ceil((ratio - 1) / FARTHEST);
  const offsets = Array.from({ length: count }, (_, at) => Math.round((at * (long - edge)) / (count - 1)));
  const isWide = picture.width > picture.height;
  return { width: isWide ? long : edge, height: isWide ? edge : long, offsets };
}

/** The pixels of one square. They share memory with the picture where that is the picture itself. */
export function cutView(picture: RgbImage, views: SquareViews, offset: number): RgbImage {
  if (views.width === views.height) return picture;
  const { data, width, height } = picture;
  const edge = Math.min(width, height);
  const first = Math.round((offset * Math.max(width, height)) / Math.max(views.width, views.height));
  const at = Math.min(first, Math.max(width, height) - edge);
  const [x0, y0] = width > height ? [at, 0] : [0, at];
  const out = new Uint8Array(edge * edge * 3);
  for (let y = 0; y < edge; y++) {
    const from = ((y0 + y) * width + x0) * 3;
    out.set(data.subarray(from, from + edge * 3), y * edge * 3);
  }
  return { data: out, width: edge, height: edge };
}

/**
 * Puts what was found in each square together; where squares overlap, they fade into each other.
 * @param parts one plane of `edge * edge` numbers for each offset
 * @returns `width * height` numbers, owned by the caller
 */
export function joinViews({ width, height, offsets }: SquareViews, parts: readonly Float32Array[]): Float32Array {
  const edge = Math.min(width, height);
  const sum = new Float32Array(width * height);
  const weights = new Float32Array(width * height);
  const fade = edge * FADE;
  for (const [index, offset] of offsets.entries()) {
    const part = parts[index]!;
    for (let y = 0, from = 0; y < edge; y++) {
      for (let x = 0; x < edge; x++, from++) {
        const along = width > height ? x : y;
        const weight = Math.min(1, (along + 0.5) / fade, (edge - along - 0.5) / fade);
        const to = width > height ? y * width + x + offset : (y + offset) * width + x;
        sum[to]! += part[from]! * weight;
        weights[to]! += weight;
      }
    }
  }
  for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! / weights[at]!;
  return sum;
}
