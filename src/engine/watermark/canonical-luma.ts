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

/** Averages the pixels under each cell, whole ones; a picture that is smaller is repeated. */
export function toCanonical(luma: ArrayLike<number>, from: PlaneSize, to: PlaneSize): Plane {
  const columns = cellEdges(from.width, to.width);
  const rows = cellEdges(from.height, to.height);
  const data = new Float32Array(to.width * to.height);
  const sums = new Float32Array(to.width);
  for (let y = 0; y < to.height; y++) {
    const [top, bottom] = [rows.starts[y]!, rows.ends[y]!];
    sums.fill(0);
    for (let row = top; row < bottom; row++) {
      const line = row * from.width;
      for (let x = 0; x < to.width; x++) {
        let sum = 0;
        for (let at = line + columns.starts[x]!, end = line + columns.ends[x]!; at < end; at++) sum += luma[at]!;
        sums[x]! += sum;
      }
    }
    for (let x = 0; x < to.width; x++) {
      data[y * to.width + x] = sums[x]! / ((bottom - top) * (columns.ends[x]! - columns.starts[x]!));
    }
  }
  return { data, ...to };
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
