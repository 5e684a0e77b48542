import { samplePlaces } from './sample-places.ts';

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
  const columns = samplePlaces(toWidth, width);
  const rows = samplePlaces(toHeight, height);
  for (let y = 0, o = 0; y < toHeight; y++) {
    const top = rows.low[y]! * width;
    const bottom = rows.high[y]! * width;
    const fy = rows.part[y]!;
    for (let x = 0; x < toWidth; x++, o++) {
      const left = columns.low[x]!;
      const right = columns.high[x]!;
      const fx = columns.part[x]!;
      const above = values[top + left]! * (1 - fx) + values[top + right]! * fx;
      const below = values[bottom + left]! * (1 - fx) + values[bottom + right]! * fx;
      out[o] = above * (1 - fy) + below * fy;
    }
  }
  return out;
}
