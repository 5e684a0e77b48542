/** Where the samples of a resized row lie in the row that it is made from. */

export interface SamplePlaces {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly part: Float64Array;
}

/** Between which two samples each output sample lies, and where, with pixel centres at half pixels, as in OpenCV. */
export function samplePlaces(count: number, size: number): SamplePlaces {
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const part = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const position = Math.max(0, ((at + 0.5) * size) / count - 0.5);
    const before = Math.min(Math.floor(position), size - 1);
    low[at] = before;
    high[at] = Math.min(before + 1, size - 1);
    part[at] = before >= size - 1 ? 0 : position - before;
  }
  return { low, high, part };
}
