/** Resizes one channel bilinearly, with pixel centres at half pixels and without averaging, as OpenCV does. */
export function resizePlane(
  values: Float32Array,
  width: number,
  height: number,
  toWidth: number,
  toHeight: number,
): Float32Array {
  if (width === toWidth && height === toHeight) return values.slice();
  const out = new Float32Array(toWidth * toHeight);
  const columns = Array.from({ length: toWidth }, (_, x) => place(x, width / toWidth, width));
  for (let y = 0, o = 0; y < toHeight; y++) {
    const row = place(y, height / toHeight, height);
    for (let x = 0; x < toWidth; x++, o++) {
      const { low, high, part } = columns[x]!;
      const above = values[row.low * width + low]! * (1 - part) + values[row.low * width + high]! * part;
      const below = values[row.high * width + low]! * (1 - part) + values[row.high * width + high]! * part;
      out[o] = above * (1 - row.part) + below * row.part;
    }
  }
  return out;
}

function place(at: number, scale: number, size: number): { low: number; high: number; part: number } {
  const position = Math.max(0, (at + 0.5) * scale - 0.5);
  const low = Math.min(Math.floor(position), size - 1);
  return { low, high: Math.min(low + 1, size - 1), part: low >= size - 1 ? 0 : position - low };
}
