/** Adds an invisible mark to the luma of a picture. */
import { boxMean, canonicalSize, type Plane, type PlaneSize, toCanonical } from './canonical-luma.ts';
import type { WatermarkPayload } from './watermark-payload.ts';
import { createTile, createTileKey, TILE } from './watermark-tile.ts';

export interface WatermarkOptions {
  /** 32 bytes. */
  readonly secret: Buffer;
  readonly payload: WatermarkPayload;
  /** Code values that the mark adds where the picture is smooth. Default 1.15. */
  readonly strength?: number;
}

/** Marks pictures of one run, with memory of its own. */
export interface WatermarkEmbedder {
  /**
   * @param luma 8-bit samples, rows without gaps; changed in place
   * @param shift bits by which the samples are larger than 8-bit ones: 2 for 10 bits
   */
  embed(luma: Uint8Array | Uint16Array, size: PlaneSize, shift?: number): void;
}

const DEFAULT_STRENGTH = 1.15;
/** Rounding each sample by a number of its own keeps what is smaller than one code value, and makes no bands. */
const DITHER_LENGTH = 4096;
/** Lines begin at different places of the dither, far apart. */
const DITHER_STEP = 977;

export function createWatermarkEmbedder(options: WatermarkOptions): WatermarkEmbedder {
  const { secret, payload, strength = DEFAULT_STRENGTH } = options;
  const tile = createTile(createTileKey(secret), payload);
  const dither = createDither();
  let places: Places | undefined;

  return {
    embed(luma, size, shift = 0) {
      const to = canonicalSize(size);
      if (places?.from.width !== size.width || places.from.height !== size.height) places = createPlaces(size, to);
      const canonical = toCanonical(luma, size, to);
      if (shift > 0) for (let at = 0; at < canonical.data.length; at++) canonical.data[at]! /= 2 ** shift;
      const pattern = gainOf(canonical);
      const scale = strength * 2 ** shift;
      for (let y = 0, at = 0; y < to.height; y++) {
        const row = (y % TILE) * TILE;
        for (let x = 0; x < to.width; x++, at++) pattern[at]! *= scale * tile[row + (x % TILE)]!;
      }
      addEnlarged(luma, size, { data: pattern, ...to }, places, dither, 256 * 2 ** shift - 1);
    },
  };
}

/** More where the picture is busy, less where it is nearly black or white: what an eye would see there. */
function gainOf(plane: Plane): Float32Array {
  const mean = boxMean(plane, 2);
  const detail = plane.data.map((value, at) => Math.abs(value - mean[at]!));
  const activity = boxMean({ ...plane, data: detail }, 2);
  return activity.map((value, at) => {
    const atTheEnds = mean[at]! < 24 || mean[at]! > 235;
    return Math.min(2.2, 0.75 + value * 0.22) * (atTheEnds ? 0.6 : 1);
  });
}

interface Places {
  readonly from: PlaneSize;
  /** Cell left of each column, and how far the column is from it. */
  readonly column: Int32Array;
  readonly part: Float32Array;
}

function createPlaces(from: PlaneSize, to: PlaneSize): Places {
  const column = new Int32Array(from.width);
  const part = new Float32Array(from.width);
  for (let x = 0; x < from.width; x++) {
    const position = Math.max(0, Math.min(to.width - 1.001, ((x + 0.5) * to.width) / from.width - 0.5));
    column[x] = Math.floor(position);
    part[x] = position - column[x]!;
  }
  return { from, column, part };
}

/** Adds a plane that is enlarged bilinearly. */
function addEnlarged(
  luma: Uint8Array | Uint16Array,
  { width, height }: PlaneSize,
  plane: Plane,
  { column, part }: Places,
  dither: Float32Array,
  largest: number,
): void {
  const row = new Float32Array(plane.width + 1);
  for (let y = 0; y < height; y++) {
    const position = Math.max(0, Math.min(plane.height - 1.001, ((y + 0.5) * plane.height) / height - 0.5));
    const above = Math.floor(position);
    const below = Math.min(plane.height - 1, above + 1);
    const weight = position - above;
    for (let x = 0; x < plane.width; x++) {
      const [a, b] = [plane.data[above * plane.width + x]!, plane.data[below * plane.width + x]!];
      row[x] = a + (b - a) * weight;
    }
    row[plane.width] = row[plane.width - 1]!;
    const line = y * width;
    let noise = (y * DITHER_STEP) % DITHER_LENGTH;
    for (let x = 0; x < width; x++) {
      const cell = column[x]!;
      const value = luma[line + x]! + row[cell]! + (row[cell + 1]! - row[cell]!) * part[x]! + dither[noise]!;
      noise = (noise + 1) % DITHER_LENGTH;
      luma[line + x] = value < 0 ? 0 : value > largest ? largest : value;
    }
  }
}

/** Evenly spread over 0..1, always the same. */
function createDither(): Float32Array {
  let state = 12345;
  return Float32Array.from({ length: DITHER_LENGTH }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}
