/** Pulls a coarse mask to the edges of a picture, in colour, so that it follows hair. */
import type { RgbImage } from '../../core/image.ts';
import { averageColours, type CoarseGrid, createCoarseRows } from '../frames/coarse-grid.ts';
import { resizePlane } from '../frames/resize-plane.ts';
import { meanOfBoxes } from '../hands/guided-filter.ts';
import type { CoarseMask } from './matte.ts';

/** Half the edge of a window, as a share of the longer side. */
const RADIUS = 3 / 256;
/** Variance of colour below which a window counts as flat. */
const EPSILON = 4e-4;
/** What the filter gives is spread over the whole range again: it mixes a little of both sides into each. */
const [TRANSPARENT, OPAQUE] = [0.12, 0.88];
/** Where the whole window of the coarse mask is above or below these, the filter has no say. */
const [FRONT_FROM, FRONT_TO, BEHIND_FROM, BEHIND_TO] = [0.6, 0.95, 0.04, 0.3];

/**
 * The guided filter of He, Sun and Tang with three channels, worked out on a coarse grid and applied to every pixel.
 * @param mask 0..1, over the whole picture
 * @param grid how fine edges are looked at
 * @returns one byte a pixel, owned by the caller
 * @see He, Sun, Tang, "Guided image filtering", ECCV 2010; He, Sun, "Fast guided filter", 2015
 */
export function refineMatte(picture: RgbImage, mask: CoarseMask, grid: CoarseGrid): Uint8Array {
  const { width, height } = picture;
  const radius = Math.max(2, Math.round(Math.max(grid.width, grid.height) * RADIUS));
  const coarse = resizePlane(mask.data, mask.width, mask.height, grid.width, grid.height);
  const planes = linearFit(averageColours(picture, grid), coarse, grid, radius);
  const low = certainty(mask, grid, -1, FRONT_FROM, FRONT_TO);
  const high = certainty(mask, grid, 1, BEHIND_FROM, BEHIND_TO);
  const reader = createCoarseRows(grid, width);
  const rows = Array.from({ length: 6 }, () => new Float32Array(width)) as Rows;
  const all = [...planes, low, high];
  const out = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (const [index, plane] of all.entries()) reader.read(plane, y, rows[index]!);
    applyRow(picture.data, out, y * width, rows);
  }
  return out;
}

type Rows = [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];

/** Works out one row of pixels that begins at `pixel`. */
function applyRow(data: Uint8Array, out: Uint8Array, pixel: number, rows: Rows): void {
  const [red, green, blue, offset, least, most] = rows;
  const width = red.length;
  const spread = 1 / (OPAQUE - TRANSPARENT);
  for (let x = 0, at = pixel * 3; x < width; x++, pixel++, at += 3) {
    const sum = red[x]! * data[at]! + green[x]! * data[at + 1]! + blue[x]! * data[at + 2]!;
    let value = (sum / 255 + offset[x]! - TRANSPARENT) * spread;
    if (value > most[x]!) value = most[x]!;
    if (value < least[x]!) value = least[x]!;
    out[pixel] = value <= 0 ? 0 : value >= 1 ? 255 : (value * 255 + 0.5) | 0;
  }
}

type Colours = readonly [Float32Array, Float32Array, Float32Array];

/**
 * In each window the mask is `red * r + green * g + blue * b + offset`, as nearly as can be.
 * @returns these four, each averaged over the windows that a cell is in
 */
function linearFit(
  [r, g, b]: Colours,
  mask: Float32Array,
  { width, height }: CoarseGrid,
  radius: number,
): [Float32Array, Float32Array, Float32Array, Float32Array] {
  const count = width * height;
  const rows = new Float32Array(count);
  const columns = new Float32Array(width);
  const product = new Float32Array(count);
  const mean = (from: Float32Array): Float32Array => {
    const to = new Float32Array(count);
    meanOfBoxes(from, to, rows, columns, width, height, radius);
    return to;
  };
  const meanOf = (one: Float32Array, other: Float32Array): Float32Array => {
    for (let at = 0; at < count; at++) product[at] = one[at]! * other[at]!;
    return mean(product);
  };
  const [mr, mg, mb, mm] = [mean(r), mean(g), mean(b), mean(mask)];
  const [rr, rg, rb] = [meanOf(r, r), meanOf(r, g), meanOf(r, b)];
  const [gg, gb, bb] = [meanOf(g, g), meanOf(g, b), meanOf(b, b)];
  const [rm, gm, bm] = [meanOf(r, mask), meanOf(g, mask), meanOf(b, mask)];
  const offset = mm;
  for (let at = 0; at < count; at++) {
    const x = mr[at]!;
    const y = mg[at]!;
    const z = mb[at]!;
    const m = mm[at]!;
    const xx = rr[at]! - x * x + EPSILON;
    const xy = rg[at]! - x * y;
    const xz = rb[at]! - x * z;
    const yy = gg[at]! - y * y + EPSILON;
    const yz = gb[at]! - y * z;
    const zz = bb[at]! - z * z + EPSILON;
    const cx = rm[at]! - x * m;
    const cy = gm[at]! - y * m;
    const cz = bm[at]! - z * m;
    // The inverse of a symmetric matrix, by its cofactors.
    const a = yy * zz - yz * yz;
    const b2 = xz * yz - xy * zz;
    const c = xy * yz - xz * yy;
    const d = xx * zz - xz * xz;
    const e = xy * xz - xx * yz;
    const f = xx * yy - xy * xy;
    const scale = 1 / (xx * a + xy * b2 + xz * c);
    const sr = (a * cx + b2 * cy + c * cz) * scale;
    const sg = (b2 * cx + d * cy + e * cz) * scale;
    const sb = (c * cx + e * cy + f * cz) * scale;
    rm[at] = sr;
    gm[at] = sg;
    bm[at] = sb;
    offset[at] = m - sr * x - sg * y - sb * z;
  }
  return [mean(rm), mean(gm), mean(bm), mean(offset)];
}

/**
 * How sure it is that a window of the mask is all in front, by its smallest value, or not all behind, by its largest.
 * @param sign 1 for the largest, -1 for the smallest
 */
function certainty(
  { data, width, height }: CoarseMask,
  grid: CoarseGrid,
  sign: 1 | -1,
  from: number,
  to: number,
): Float32Array {
  const signed = data.map((value) => value * sign);
  const radius = Math.round(Math.max(width, height) * RADIUS);
  const across = largestNearby(signed, 1, width, radius);
  const largest = largestNearby(across, width, data.length, radius);
  const sure = largest.map((value) => smooth(from, to, value * sign));
  return resizePlane(sure, width, height, grid.width, grid.height);
}

/**
 * The largest value within `radius` steps on both sides.
 * @param step   between neighbours
 * @param length of a row for steps of 1, else of all rows
 */
function largestNearby(values: Float32Array, step: number, length: number, radius: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const line = step === 1 ? at - (at % length) : at % step;
    let first = at - radius * step;
    while (first < line) first += step;
    const last = Math.min(step === 1 ? line + length - 1 : length - 1, at + radius * step);
    let best = values[at]!;
    for (let place = first; place <= last; place += step) if (values[place]! > best) best = values[place]!;
    out[at] = best;
  }
  return out;
}

function smooth(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}
