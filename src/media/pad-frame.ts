/** Rounds the size of a planar frame up to even, because 4:2:0 encoders take no other. */

/**
 * Copies an I420 frame of any size into one of even size, repeating the last column and row. Chroma planes keep their
 * size: an odd picture has one chroma sample for its last lone column already.
 * @param from Y of width x height, then U and V of half size rounded up
 * @param to frame of the next even size
 */
export function padToEven<T extends Uint8Array | Uint16Array>(from: T, width: number, height: number, to: T): void {
  const evenWidth = width + (width % 2);
  const evenHeight = height + (height % 2);
  for (let y = 0; y < evenHeight; y++) {
    const row = Math.min(y, height - 1) * width;
    to.set(from.subarray(row, row + width), y * evenWidth);
    if (evenWidth !== width) to[y * evenWidth + width] = from[row + width - 1]!;
  }
  to.set(from.subarray(width * height), evenWidth * evenHeight);
}

/** Bytes of an I420 frame of any size. */
export const i420Bytes = (width: number, height: number): number =>
  width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
