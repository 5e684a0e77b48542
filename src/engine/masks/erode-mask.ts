/**
 * Shrinks a mask: each value becomes the smallest of itself and its four neighbours. What lies outside counts for nothing.
 * @param times how often, one pixel each
 * @returns a new array, owned by the caller
 * @see OpenCV's `erode` with an ellipse of 3 x 3, which is a cross
 */
export function erodeMask(mask: Float32Array, width: number, height: number, times: number): Float32Array {
  let from = mask.slice();
  for (let n = 0; n < times; n++) {
    const to = from.slice();
    for (let y = 0, at = 0; y < height; y++) {
      for (let x = 0; x < width; x++, at++) {
        if (x > 0) to[at] = Math.min(to[at]!, from[at - 1]!);
        if (x < width - 1) to[at] = Math.min(to[at]!, from[at + 1]!);
        if (y > 0) to[at] = Math.min(to[at]!, from[at - width]!);
        if (y < height - 1) to[at] = Math.min(to[at]!, from[at + width]!);
      }
    }
    from = to;
  }
  return from;
}
