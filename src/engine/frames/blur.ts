import type { KernelBuffer } from '../kernels/kernel-memory.ts';
import { createKernels, type Kernels } from '../kernels/kernels.ts';

interface Workspace {
  readonly code: Kernels['code'];
  readonly values: KernelBuffer;
  readonly turned: KernelBuffer;
}

/** Scratch only: nothing in it outlives a call. */
let workspace: Workspace | undefined;

function createWorkspace(): Workspace {
  const { memory, code } = createKernels();
  return { code, values: memory.createBuffer(), turned: memory.createBuffer() };
}

/** Radius, at least 1, of the boxes that together blur like a Gaussian of this `sigma`. */
export const boxRadius = (sigma: number, passes: number): number =>
  Math.max(1, Math.round((Math.sqrt((12 * sigma * sigma) / passes + 1) - 1) / 2));

/**
 * Approximates a Gaussian by repeated box blurs; the border repeats the outermost value.
 * @param values   interleaved, `width * height * channels`; not changed
 * @param sigma    standard deviation in samples; the box radius is at least 1
 * @param passes   number of box blurs; three are within 3 % of a Gaussian
 * @returns a new array, owned by the caller
 * @see Kovesi, Fast Almost-Gaussian Filtering, 2010 (ideal box width from sigma)
 */
export function blur(
  values: Float32Array,
  width: number,
  height: number,
  channels: 1 | 4,
  sigma: number,
  passes = 3,
): Float32Array {
  workspace ??= createWorkspace();
  const { code, values: buffer, turned } = workspace;
  // Both first: taking the second may move the memory under a view of the first.
  buffer.reserve(values.byteLength);
  turned.reserve(values.byteLength);
  const view = buffer.floats(values.length);
  view.set(values);
  code.blur(buffer.pointer, turned.pointer, width, height, channels, boxRadius(sigma, passes), passes);
  return view.slice();
}
