/** Every picture is marked and read in one size, so that scaling it does not matter. */

/** Shorter side of the canonical picture, in cells of the mark. */
export const SHORT_SIDE = 150;

export interface PlaneSize {
  readonly width: number;
  readonly height: number;
}

/** One channel of numbers, rows first. */
export interface Plane extends PlaneSize {
  readonly data: Float32Array;
}

/** @param scale 1, or what the detector tries where a picture was cropped */
export function canonicalSize({ width, height }: PlaneSize, scale = 1): PlaneSize {
  const factor = (SHORT_SIDE * scale) / Math.min(width, height);
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/**
 * Averages the samples under each cell, those at its border by the part that lies in it: in a copy that was made smaller a
 * cell is two or three samples wide, and whole ones would be half a cell off.
 * @param to     cells across and down; need not be whole numbers: cells that would lie outside in part are left out
 * @param offset where the first cell begins, in cells from the corner: 0 to 1 each
 */
export function toCanonical(
  luma: ArrayLike<number>,
  from: PlaneSize,
  to: PlaneSize,
  offset: { readonly x: number; readonly y: number } = { x: 0, y: 0 },
): Plane {
  const columns = cellSpans(from.width, to.width, offset.x);
  const rows = cellSpans(from.height, to.height, offset.y);
  const [width, height] = [columns.length, rows.length];
  const data = new Float32Array(width * height);
  const line = new Float32Array(from.width);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    eachSample(rows[y]!, (row, share) => {
      for (let x = 0, at = row * from.width; x < line.length; x++, at++) line[x]! += luma[at]! * share;
    });
    for (let x = 0; x < width; x++) {
      let sum = 0;
      eachSample(columns[x]!, (column, share) => {
        sum += line[column]! * share;
      });
      data[y * width + x] = sum;
    }
  }
  return { data, width, height };
}

interface CellSpan {
  readonly start: number;
  readonly end: number;
}

/** Where each cell that lies in the picture begins and ends, in samples. */
function cellSpans(from: number, to: number, offset: number): readonly CellSpan[] {
  const step = from / to;
  return Array.from({ length: Math.max(1, Math.floor(to - offset + 1e-6)) }, (_, at) => ({
    start: (at + offset) * step,
    end: Math.min(from, (at + offset + 1) * step),
  }));
}

/** Calls with each sample under a cell and its share of it; the shares add up to 1. */
function eachSample({ start, end }: CellSpan, use: (sample: number, share: number) => void): void {
  for (let at = Math.floor(start); at < end; at++) {
    use(at, (Math.min(end, at + 1) - Math.max(start, at)) / (end - start));
  }
}

/** First sample under each of `to` cells, and the one behind the last. At least one is under each. */
export function cellEdges(from: number, to: number): { starts: Int32Array; ends: Int32Array } {
  const step = from / to;
  const starts = Int32Array.from({ length: to }, (_, at) => Math.min(from - 1, Math.floor(at * step)));
  const ends = Int32Array.from({ length: to }, (_, at) =>
    Math.max(starts[at]! + 1, Math.min(from, Math.round((at + 1) * step))),
  );
  return { starts, ends };
}

/** Mean over a square of `2 radius + 1`; beyond the border nothing counts. */
export function boxMean({ data, width, height }: Plane, radius: number): Float32Array {
  const across = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = 0;
    let count = 0;
    for (let x = -radius; x < width; x++) {
      const enter = x + radius;
      if (enter < width) {
        sum += data[row + enter]!;
        count++;
      }
      const leave = x - radius - 1;
      if (leave >= 0) {
        sum -= data[row + leave]!;
        count--;
      }
      if (x >= 0) across[row + x] = sum / count;
    }
  }
  const out = new Float32Array(data.length);
  const sums = new Float64Array(width);
  let count = 0;
  for (let y = -radius; y < height; y++) {
    const enter = y + radius;
    if (enter < height) {
      for (let x = 0; x < width; x++) sums[x]! += across[enter * width + x]!;
      count++;
    }
    const leave = y - radius - 1;
    if (leave >= 0) {
      for (let x = 0; x < width; x++) sums[x]! -= across[leave * width + x]!;
      count--;
    }
    if (y >= 0) for (let x = 0; x < width; x++) out[y * width + x] = sums[x]! / count;
  }
  return out;
}
