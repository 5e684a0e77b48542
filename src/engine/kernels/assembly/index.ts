// The kernels' entry point: what the WebAssembly module exports. Compiled by scripts/build-kernels.ts.
export { blur } from './blur';
export { cropI420 } from './crop';
export { draw } from './draw';
export { lowBand, lowBandScratchBytes } from './light';
export { drawScratchBytes } from './paint-order';
export { copyPart, warp } from './warp';
export { absoluteDifference, addWatermark, canonicalLuma, watermarkPattern } from './watermark';
export { i420ToRgb, rgbToI420 } from './yuv';

/** Where memory that the compiler did not take begins, bytes. */
export function heapBase(): usize {
  return __heap_base;
}
