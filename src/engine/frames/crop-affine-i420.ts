/**
 * The crop of `crop-affine.ts` from planar YUV. Sampling and averaging happen in YUV, where the colour conversion is
 * linear, so it is done once an output pixel and not once a sample; the loop is kernels/assembly/crop.ts.
 */
import type { I420Frame, Region } from '../../core/image.ts';
import type { KernelBuffer } from '../kernels/kernel-memory.ts';
import { createKernels, type Kernels } from '../kernels/kernels.ts';
import { type CropOptions, samplesOf } from './crop-affine.ts';
import type { Affine } from './similarity.ts';
import { yuvCoefficients } from './yuv-coefficients.ts';

/** Turns the fixed-point coefficients into floats. */
const FROM_FIXED = 1 / 65536;
/** Interpolation and chroma reach this far beyond the crop's corners, in pixels of the frame. */
const REACH = 4;

interface Workspace {
  readonly code: Kernels['code'];
  readonly planes: KernelBuffer;
  readonly crop: KernelBuffer;
}

/** Scratch only: nothing in it outlives a call. */
let workspace: Workspace | undefined;

function createWorkspace(): Workspace {
  const { memory, code } = createKernels();
  return { code, planes: memory.createBuffer(), crop: memory.createBuffer() };
}

/** Samples a crop of a planar frame into RGB. Parameters as in `cropAffine`; `size` is 4 and above. */
export function cropAffineI420(
  frame: I420Frame,
  matrix: Affine,
  size: number,
  out: Float32Array,
  scale: number,
  offset: number,
  options: CropOptions = {},
): Float32Array {
  workspace ??= createWorkspace();
  const { code, planes, crop } = workspace;
  const region = regionOf(frame, matrix, size);
  const width = region.x1 - region.x0;
  const height = region.y1 - region.y0;
  const count = width * height;
  // Both first: taking the second may move the memory under a view of the first.
  const luma = planes.reserve(count * 1.5);
  const to = crop.reserve(size * size * 3 * Float32Array.BYTES_PER_ELEMENT);
  copyPlanes(frame, region, planes.bytes(count * 1.5));
  const [a, b, c, d, e, f] = matrix;
  const k = yuvCoefficients(frame.colour);
  code.cropI420(
    luma,
    luma + count,
    luma + count * 1.25,
    width,
    height,
    to,
    size,
    c - region.x0,
    f - region.y0,
    a,
    d,
    b,
    e,
    samplesOf(matrix, options.maximumSamples ?? Number.POSITIVE_INFINITY),
    options.outside === 'nearest' ? 1 : 0,
    k.lumaOffset,
    k.lumaScale * FROM_FIXED,
    k.redFromV * FROM_FIXED,
    k.greenFromU * FROM_FIXED,
    k.greenFromV * FROM_FIXED,
    k.blueFromU * FROM_FIXED,
    scale,
    offset,
  );
  out.set(crop.floats(size * size * 3));
  return out;
}

/** The part of a frame that a crop can reach, on even coordinates; never empty. */
function regionOf({ width, height }: I420Frame, [a, b, c, d, e, f]: Affine, size: number): Region {
  const reach = REACH + Math.hypot(a, d) * 2;
  const [x0, x1] = rangeOf(a * size, b * size, c, width, reach);
  const [y0, y1] = rangeOf(d * size, e * size, f, height, reach);
  return { x0, y0, x1, y1 };
}

function rangeOf(along: number, down: number, start: number, length: number, reach: number): [number, number] {
  const low = start + Math.min(0, along) + Math.min(0, down) - reach;
  const high = start + Math.max(0, along) + Math.max(0, down) + reach;
  const from = Math.min(length - 2, Math.max(0, Math.floor(low))) & ~1;
  return [from, Math.min(length, Math.max(from + 2, (Math.ceil(high) + 1) & ~1))];
}

function copyPlanes({ data, width, height }: I420Frame, { x0, y0, x1, y1 }: Region, into: Uint8Array): void {
  let to = 0;
  for (let y = y0; y < y1; y++, to += x1 - x0) into.set(data.subarray(y * width + x0, y * width + x1), to);
  for (const plane of [width * height, width * height * 1.25]) {
    for (let y = y0 / 2; y < y1 / 2; y++, to += (x1 - x0) / 2) {
      const row = plane + (y * width) / 2;
      into.set(data.subarray(row + x0 / 2, row + x1 / 2), to);
    }
  }
}
