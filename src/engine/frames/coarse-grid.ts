/** Planes of numbers on a grid coarser than the picture that they belong to. */
import type { RgbImage } from '../../core/image.ts';

/** How many cells lie across and down a picture, and pixels of it across one. */
export interface CoarseGrid {
  readonly width: number;
  readonly height: number;
  readonly step: number;
}

/** The finest grid of square cells, whole pixels wide, whose longer side has at most `cells`. */
export function gridOver(picture: { readonly width: number; readonly height: number }, cells: number): CoarseGrid {
  const step = Math.max(1, Math.ceil(Math.max(picture.width, picture.height) / cells));
  return { width: Math.ceil(picture.width / step), height: Math.ceil(picture.height / step), step };
}

/**
 * The mean colour of each cell.
 * @returns red, green and blue, 0..1, owned by the caller
 */
export function averageColours(
  { data, width, height }: RgbImage,
  grid: CoarseGrid,
): [red: Float32Array, green: Float32Array, blue: Float32Array] {
  const { step } = grid;
  const count = grid.width * grid.height;
  const planes = [new Float32Array(count), new Float32Array(count), new Float32Array(count)] as const;
  const [red, green, blue] = planes;
  for (let y = 0; y < height; y++) {
    let cell = Math.floor(y / step) * grid.width;
    let at = y * width * 3;
    for (let x0 = 0; x0 < width; x0 += step, cell++) {
      const end = Math.min(width, x0 + step);
      let r = 0;
      let g = 0;
      let b = 0;
      for (let x = x0; x < end; x++, at += 3) {
        r += data[at]!;
        g += data[at + 1]!;
        b += data[at + 2]!;
      }
      red[cell]! += r;
      green[cell]! += g;
      blue[cell]! += b;
    }
  }
  for (let row = 0, cell = 0; row < grid.height; row++) {
    const rows = Math.min(step, height - row * step);
    for (let column = 0; column < grid.width; column++, cell++) {
      const scale = 1 / (255 * rows * Math.min(step, width - column * step));
      red[cell]! *= scale;
      green[cell]! *= scale;
      blue[cell]! *= scale;
    }
  }
  return [...planes];
}

/** The grid of cells that have four of another's. */
export const halveGrid = ({ width, height, step }: CoarseGrid): CoarseGrid => ({
  width: Math.ceil(width / 2),
  height: Math.ceil(height / 2),
  step: step * 2,
});

/** The mean of four cells, or of those that there are. Owned by the caller. */
export function halvePlane(plane: Float32Array, { width, height }: CoarseGrid): Float32Array {
  const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const out = new Float32Array(columns * rows);
  for (let y = 0, at = 0; y < rows; y++) {
    const above = 2 * y * width;
    const below = Math.min(height - 1, 2 * y + 1) * width;
    for (let x = 0; x < columns; x++, at++) {
      const left = 2 * x;
      const right = left + 1 < width ? left + 1 : left;
      out[at] = (plane[above + left]! + plane[above + right]! + plane[below + left]! + plane[below + right]!) / 4;
    }
  }
  return out;
}

/** Reads planes of a grid between the cells, row of pixels by row of pixels. */
export interface CoarseRows {
  /** Writes one row of the picture, interpolated from a plane, into `out`, `width` numbers. */
  read(plane: Float32Array, y: number, out: Float32Array): void;
}

/** @param width of the picture in pixels */
export function createCoarseRows(grid: CoarseGrid, width: number): CoarseRows {
  const { step } = grid;
  // The first pixel at or behind the middle of a cell, and how far behind, in cells.
  const middle = step >> 1;
  const behind = (middle + 0.5) / step - 0.5;
  const row = new Float32Array(grid.width);
  return {
    read(plane, y, out) {
      const position = Math.min(grid.height - 1, Math.max(0, (y + 0.5) / step - 0.5));
      const top = Math.floor(position);
      const fy = position - top;
      const above = top * grid.width;
      const below = Math.min(grid.height - 1, top + 1) * grid.width;
      for (let x = 0; x < grid.width; x++) row[x] = plane[above + x]! + (plane[below + x]! - plane[above + x]!) * fy;
      out.fill(row[0]!, 0, Math.min(middle, width));
      let x = middle;
      for (let cell = 0; cell < grid.width; cell++) {
        const left = row[cell]!;
        const slope = cell + 1 < grid.width ? row[cell + 1]! - left : 0;
        const end = Math.min(width, x + step);
        const each = slope / step;
        for (let value = left + slope * behind; x < end; x++, value += each) out[x] = value;
      }
    },
  };
}
