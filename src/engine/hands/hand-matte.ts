/** How much of each pixel belongs to a hand: bones made thick, then pulled to the edges of the picture. */
import type { Region, RgbImage } from '../../core/image.ts';
import { isI420, type Picture } from '../frames/picture.ts';
import { createGuidedFilter } from './guided-filter.ts';
import { type HandPoints, palmWidthOf } from './hand.ts';
import { drawHands } from './hand-shape.ts';

/** Coverage on a grid that is coarser than the picture. */
export interface HandMatte {
  /** Pixel of the picture at the first cell; even. */
  readonly x0: number;
  readonly y0: number;
  /** Cells. */
  readonly width: number;
  readonly height: number;
  /** Pixels to a cell, both ways. */
  readonly step: number;
  /** `width * height`, 0 face to 255 hand. */
  readonly alpha: Uint8Array;
}

/** Makes mattes with scratch memory of its own. */
export interface HandMatteMaker {
  /**
   * @param region part of the picture that matters, as around a face; the matte may reach a cell beyond
   * @returns null when no hand reaches into the region; owned by the caller
   */
  make(picture: Picture, hands: readonly HandPoints[], region: Region): HandMatte | null;
}

const STEP = 2;
/** Window of the guided filter in palm widths, at least two cells, and the variance that it takes for flat. */
const FILTER_RADIUS = 0.1;
const FILTER_EPSILON = 0.0008;
/** The filtered mask is a hand from here .. to here: its own rim is too wide. */
const RIM_START = 0.25;
const RIM_WIDTH = 0.4;
/** Further from the bones than the filter's window nothing is a hand. */
const NEAR_BONES = 0.02;
/** Deep inside the capsules everything is. */
const CORE_START = 0.75;
/** Hands reach this far beyond their landmarks, in palm widths. */
const REACH = 0.9;
/** Smaller pieces, in pixels, are not worth a matte. */
const SMALLEST_SIDE = 8;

/** Creates a maker of mattes. */
export function createHandMatteMaker(): HandMatteMaker {
  const filter = createGuidedFilter();
  let capacity = 0;
  let shape = new Float32Array(0);
  let guide = new Float32Array(0);
  let filtered = new Float32Array(0);
  let mean = new Float32Array(0);
  return {
    make(picture, hands, region) {
      const box = reachOf(hands, region, picture);
      if (box.x1 - box.x0 < SMALLEST_SIDE || box.y1 - box.y0 < SMALLEST_SIDE) return null;
      const width = Math.ceil((box.x1 - box.x0) / STEP);
      const height = Math.ceil((box.y1 - box.y0) / STEP);
      const count = width * height;
      if (count > capacity) {
        capacity = count;
        shape = new Float32Array(count);
        guide = new Float32Array(count);
        filtered = new Float32Array(count);
        mean = new Float32Array(count);
      }
      const grid = { x0: box.x0, y0: box.y0, step: STEP, width, height };
      shape.fill(0, 0, count);
      const palm = drawHands(hands, grid, shape);
      if (palm === 0) return null;
      readBrightness(picture, grid, guide);
      const radius = Math.max(2, Math.round(palm * FILTER_RADIUS));
      filter.run(guide, shape, width, height, radius, FILTER_EPSILON, filtered, mean);
      const alpha = new Uint8Array(count);
      for (let i = 0; i < count; i++) {
        const rim = mean[i]! > NEAR_BONES ? clamp01((filtered[i]! - RIM_START) / RIM_WIDTH) : 0;
        const core = shape[i]! >= 1 ? clamp01((mean[i]! - CORE_START) / (1 - CORE_START)) : 0;
        alpha[i] = Math.round(255 * Math.max(rim, core));
      }
      return { ...grid, alpha };
    },
  };
}

/** Puts the hand's own pixels back: `to` becomes `from` where the matte is full. Both have the same size. */
export function applyHand(matte: HandMatte, from: RgbImage, to: RgbImage): void {
  const { x0, y0, width, height, step, alpha } = matte;
  const endX = Math.min(to.width, x0 + width * step);
  const endY = Math.min(to.height, y0 + height * step);
  const source = from.data;
  const result = to.data;
  for (let y = Math.max(0, y0); y < endY; y++) {
    // Cells hold the pixel at their corner; between them, and not beyond the last, values are interpolated.
    const cellY = Math.min(height - 1, (y - y0) / step);
    const row = Math.floor(cellY);
    const below = row < height - 1 ? width : 0;
    const fy = cellY - row;
    for (let x = Math.max(0, x0); x < endX; x++) {
      const cellX = Math.min(width - 1, (x - x0) / step);
      const column = Math.floor(cellX);
      const right = column < width - 1 ? 1 : 0;
      const at = row * width + column;
      const a = alpha[at]!;
      const b = alpha[at + right]!;
      const c = alpha[at + below]!;
      const d = alpha[at + below + right]!;
      if ((a | b | c | d) === 0) continue;
      const fx = cellX - column;
      const top = a + (b - a) * fx;
      const weight = (top + (c + (d - c) * fx - top) * fy) / 255;
      const p = (y * to.width + x) * 3;
      for (let channel = p; channel < p + 3; channel++) {
        result[channel] = Math.round(result[channel]! + (source[channel]! - result[channel]!) * weight);
      }
    }
  }
}

/** How much of the pixel nearest to (x, y) is hand, 0..1; 0 outside of the matte. */
export function handCoverageAt(matte: HandMatte, x: number, y: number): number {
  const column = Math.round((x - matte.x0) / matte.step);
  const row = Math.round((y - matte.y0) / matte.step);
  if (column < 0 || row < 0 || column >= matte.width || row >= matte.height) return 0;
  return matte.alpha[row * matte.width + column]! / 255;
}

/** The part of the region within reach of a hand: even start, inside the picture. */
function reachOf(hands: readonly HandPoints[], region: Region, picture: Picture): Region {
  let x0 = Number.POSITIVE_INFINITY;
  let y0 = Number.POSITIVE_INFINITY;
  let x1 = Number.NEGATIVE_INFINITY;
  let y1 = Number.NEGATIVE_INFINITY;
  for (const hand of hands) {
    const reach = palmWidthOf(hand) * REACH;
    for (let i = 0; i < hand.length; i += 3) {
      x0 = Math.min(x0, hand[i]! - reach);
      x1 = Math.max(x1, hand[i]! + reach);
      y0 = Math.min(y0, hand[i + 1]! - reach);
      y1 = Math.max(y1, hand[i + 1]! + reach);
    }
  }
  return {
    x0: Math.max(0, region.x0, Math.floor(x0)) & ~1,
    y0: Math.max(0, region.y0, Math.floor(y0)) & ~1,
    x1: Math.min(picture.width, region.x1, Math.ceil(x1)),
    y1: Math.min(picture.height, region.y1, Math.ceil(y1)),
  };
}

/** Brightness 0..1 of every cell's first pixel. */
function readBrightness(
  picture: Picture,
  { x0, y0, width, height }: { x0: number; y0: number; width: number; height: number },
  out: Float32Array,
): void {
  const { data } = picture;
  const isPlanar = isI420(picture);
  for (let y = 0; y < height; y++) {
    const row = Math.min(picture.height - 1, y0 + y * STEP) * picture.width;
    for (let x = 0; x < width; x++) {
      const p = row + Math.min(picture.width - 1, x0 + x * STEP);
      out[y * width + x] = isPlanar ? data[p]! / 255 : (data[p * 3]! + 2 * data[p * 3 + 1]! + data[p * 3 + 2]!) / 1020;
    }
  }
}

const clamp01 = (value: number): number => (value < 0 ? 0 : value > 1 ? 1 : value);
