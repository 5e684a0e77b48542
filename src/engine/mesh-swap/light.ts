/** The light on a face, estimated in UV space: a smooth low band of the skin, with what is not skin left out. */
import { blur, boxRadius } from '../frames/blur.ts';
import type { KernelBuffer } from '../kernels/kernel-memory.ts';
import { createKernels, type Kernels } from '../kernels/kernels.ts';
import { clamp } from './curves.ts';
import type { FaceRig } from './rig.ts';

/** Width of the low band relative to the face. Below it is light, above it is the person. */
export const LIGHT_SIGMA = 0.08;

export interface LowBand {
  /** RGB 0..255 a texel, defined everywhere. */
  readonly light: Float32Array;
  /** 0..1 a texel: how surely this is not skin (hair, glare, an object). */
  readonly outliers: Float32Array;
}

/** Width of the blur that finds outliers, in low bands, and of its first two rounds in that. */
const OUTLIER_SIGMA = 2.2;
const WIDER = 1.6;
/** Widths of what fills holes of the low band, and of the band of its colour, in low bands. */
const WIDEST = 3.3;
const CHROMA = 0.6;
const PASSES = 3;

interface Workspace {
  readonly code: Kernels['code'];
  readonly colour: KernelBuffer;
  readonly weight: KernelBuffer;
  readonly outliers: KernelBuffer;
  readonly centre: KernelBuffer;
  readonly light: KernelBuffer;
  readonly scratch: KernelBuffer;
}

/** Scratch only: nothing in it outlives a call. */
let workspace: Workspace | undefined;

function createWorkspace(): Workspace {
  const { memory, code } = createKernels();
  const [colour, weight, outliers] = [memory.createBuffer(), memory.createBuffer(), memory.createBuffer()];
  const [centre, light, scratch] = [memory.createBuffer(), memory.createBuffer(), memory.createBuffer()];
  return { code, colour, weight, outliers, centre, light, scratch };
}

/** Weight of the face centre in the first reference: the rim may be hair. */
function centreWeights(size: number): Float32Array {
  const out = new Float32Array(size * size);
  for (let i = 0; i < out.length; i++) {
    const x = ((i % size) + 0.5) / size - 0.5;
    const y = (i / size + 0.5) / size - 0.55;
    out[i] = 0.01 + Math.exp(-((x * x) / 0.045 + (y * y) / 0.06));
  }
  return out;
}
const centreCache = new Map<number, Float32Array>();

/**
 * Robust low band of a UV map: three rounds of blurring what counts as skin, measuring log ratios to that, and lowering
 * the weight of what stands out; then the blurs of what is left. The loops are kernels/assembly/light.ts.
 * @param colour   RGB a texel, size x size, a multiple of 4
 * @param weight   how much each texel is visible bare skin, 0..1
 * @param previous outliers of an earlier frame; given, they are taken over instead of found anew (three times faster)
 * @returns arrays owned by the caller
 */
export function lowBand(colour: Float32Array, weight: Float32Array, size: number, previous?: Float32Array): LowBand {
  let middle = centreCache.get(size);
  if (!middle) centreCache.set(size, (middle = centreWeights(size)));
  workspace ??= createWorkspace();
  const { code, scratch } = workspace;
  const count = size * size;
  // All first: taking one may move the memory under a view of another.
  for (const name of ['colour', 'light'] as const) workspace[name].reserve(count * 12);
  for (const name of ['weight', 'outliers', 'centre'] as const) workspace[name].reserve(count * 4);
  scratch.reserve(code.lowBandScratchBytes(count));
  workspace.colour.floats(count * 3).set(colour);
  workspace.weight.floats(count).set(weight);
  if (previous) workspace.outliers.floats(count).set(previous);
  else workspace.centre.floats(count).set(middle);
  const sigma = LIGHT_SIGMA * size;
  code.lowBand(
    workspace.colour.pointer,
    workspace.weight.pointer,
    size,
    workspace.outliers.pointer,
    previous ? 1 : 0,
    workspace.centre.pointer,
    workspace.light.pointer,
    scratch.pointer,
    boxRadius(sigma * OUTLIER_SIGMA * WIDER, PASSES),
    boxRadius(sigma * OUTLIER_SIGMA, PASSES),
    boxRadius(sigma * WIDEST, PASSES),
    boxRadius(sigma, PASSES),
    boxRadius(sigma * CHROMA, PASSES),
    PASSES,
  );
  return {
    light: workspace.light.floats(count * 3).slice(),
    outliers: previous ?? workspace.outliers.floats(count).slice(),
  };
}

/** Flat index offsets of the eight neighbours of a texel. */
const neighbours = (size: number): number[] => [-1, 1, -size, size, -size - 1, -size + 1, size - 1, size + 1];

/**
 * The outliers that hang together with the border of the face, slightly grown: hair, a hand, a microphone. A mole or a
 * highlight in the middle of the cheek belongs to the face.
 * @param grow sigma of the growth in texels
 */
export function rimOutliers(
  rig: FaceRig,
  outliers: Float32Array,
  size: number,
  grow: number,
  gain: number,
): Float32Array {
  const { rim } = rig.masks(size);
  const { texels, triangle } = rig.grid(size);
  const flooded = new Float32Array(size * size);
  const stack: number[] = [];
  for (const i of texels) {
    if (outliers[i] > 0.3 && rim[i] > 0.5) {
      flooded[i] = 1;
      stack.push(i);
    }
  }
  const offsets = neighbours(size);
  while (stack.length) {
    const i = stack.pop()!;
    for (const offset of offsets) {
      const j = i + offset;
      if (triangle[j] >= 0 && !flooded[j] && outliers[j] > 0.3) {
        flooded[j] = 1;
        stack.push(j);
      }
    }
  }
  const grown = blur(flooded, size, size, 1, grow);
  for (let i = 0; i < grown.length; i++) grown[i] = clamp(grown[i] * gain, 0, 1);
  return grown;
}
