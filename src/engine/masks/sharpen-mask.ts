import { gaussianBlur } from '../frames/gaussian.ts';

/** Softens a mask and keeps its upper half: blurred with sigma 5, cut to 0.5..1, stretched to 0..1. */
export function sharpenMask(mask: Float32Array, width: number, height: number): Float32Array {
  return gaussianBlur(mask, width, height, 5).map((value) => (Math.min(Math.max(value, 0.5), 1) - 0.5) * 2);
}
