/**
 * Hann's window.
 * @param kind `periodic` repeats after `size` samples, for analysis; `symmetric` ends at 0 as it begins
 * @returns `size` weights, 0..1, owned by the caller
 */
export function hannWindow(size: number, kind: 'periodic' | 'symmetric'): Float64Array {
  const period = kind === 'periodic' ? size : size - 1;
  return Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / period));
}
