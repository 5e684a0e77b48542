/** The light on a face, estimated in UV space: a smooth low band of the skin, with what is not skin left out. */
import { blur } from '../frames/blur.ts';
import { clamp, DARK_OFFSET, median, smoothstep } from './curves.ts';
import type { FaceRig } from './rig.ts';

/** Width of the low band relative to the face. Below it is light, above it is the person. */
export const LIGHT_SIGMA = 0.08;

export interface LowBand {
  /** RGB 0..255 a texel, defined everywhere. */
  readonly light: Float32Array;
  /** 0..1 a texel: how surely this is not skin (hair, glare, an object). */
  readonly outliers: Float32Array;
}

/** Share of the widest blur that fills holes of the next finer one. */
const FALLBACK_WEIGHT = 0.06;

interface Residuals {
  readonly luma: Float32Array;
  readonly chroma: Float32Array;
}

/** Log ratio of each texel to a reference: luma signed, chroma as a distance. */
function residuals(
  colour: Float32Array,
  weight: Float32Array,
  blurred: Float32Array,
  mean: readonly number[],
): Residuals {
  const count = weight.length;
  const luma = new Float32Array(count);
  const chroma = new Float32Array(count);
  const ridge = 0.02;
  for (let i = 0; i < count; i++) {
    if (weight[i] <= 0) continue;
    const w = blurred[i * 4 + 3] + ridge;
    const ratio = (c: number): number =>
      Math.log((colour[i * 3 + c] + DARK_OFFSET) / ((blurred[i * 4 + c] + ridge * mean[c]) / w + DARK_OFFSET));
    const r = ratio(0);
    const g = ratio(1);
    const b = ratio(2);
    luma[i] = (r + 2 * g + b) / 4;
    chroma[i] = Math.abs(r - g) + Math.abs(b - g) * 0.5;
  }
  return { luma, chroma };
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
 * Robust low band of a UV map.
 * @param colour   RGB a texel, size x size
 * @param weight   how much each texel is visible bare skin, 0..1
 * @param previous outliers of an earlier frame; given, they are taken over instead of found anew (three times faster)
 */
export function lowBand(colour: Float32Array, weight: Float32Array, size: number, previous?: Float32Array): LowBand {
  const count = size * size;
  const sigma = LIGHT_SIGMA * size;
  const current = Float32Array.from(weight);
  const weighted = new Float32Array(count * 4);
  const blurWeighted = (s: number): Float32Array => {
    for (let i = 0; i < count; i++) {
      const a = current[i];
      weighted[i * 4] = colour[i * 3] * a;
      weighted[i * 4 + 1] = colour[i * 3 + 1] * a;
      weighted[i * 4 + 2] = colour[i * 3 + 2] * a;
      weighted[i * 4 + 3] = a;
    }
    return blur(weighted, size, size, 4, s);
  };
  const mean = [0, 0, 0];
  let total = 1e-6;
  for (let i = 0; i < count; i++) {
    total += weight[i];
    for (let c = 0; c < 3; c++) mean[c] += colour[i * 3 + c] * weight[i];
  }
  for (let c = 0; c < 3; c++) mean[c] /= total;

  const outliers = new Float32Array(count);
  if (previous) {
    outliers.set(previous);
    for (let i = 0; i < count; i++) current[i] = weight[i] * (1 - outliers[i]);
  } else {
    findOutliers(colour, weight, current, outliers, size, sigma * 2.2, mean, blurWeighted);
  }

  const widest = blurWeighted(sigma * 3.3);
  const lumaBand = blurWeighted(sigma);
  const chromaBand = blurWeighted(sigma * 0.6);
  const light = new Float32Array(count * 3);
  const wide = [0, 0, 0];
  const mid = [0, 0, 0];
  const fine = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const p = i * 4;
    for (let c = 0; c < 3; c++) {
      wide[c] = (widest[p + c] + 0.005 * mean[c]) / (widest[p + 3] + 0.005);
      mid[c] = (lumaBand[p + c] + FALLBACK_WEIGHT * wide[c]) / (lumaBand[p + 3] + FALLBACK_WEIGHT);
      fine[c] = (chromaBand[p + c] + 0.03 * mid[c]) / (chromaBand[p + 3] + 0.03);
    }
    // Luma of the wider band, chroma of the finer: coloured light changes faster over a face than brightness should.
    const gain =
      (0.3 * mid[0] + 0.59 * mid[1] + 0.11 * mid[2] + DARK_OFFSET) /
      (0.3 * fine[0] + 0.59 * fine[1] + 0.11 * fine[2] + DARK_OFFSET);
    for (let c = 0; c < 3; c++) light[i * 3 + c] = Math.max(0, (fine[c] + DARK_OFFSET) * gain - DARK_OFFSET);
  }
  return { light, outliers };
}

/** Three rounds of: blur what counts as skin, measure residuals, lower the weight of what stands out. */
function findOutliers(
  colour: Float32Array,
  weight: Float32Array,
  current: Float32Array,
  outliers: Float32Array,
  size: number,
  sigma: number,
  mean: readonly number[],
  blurWeighted: (sigma: number) => Float32Array,
): void {
  let centre = centreCache.get(size);
  if (!centre) centreCache.set(size, (centre = centreWeights(size)));
  const count = size * size;
  for (let round = 0; round < 3; round++) {
    if (round === 0) for (let i = 0; i < count; i++) current[i] = weight[i] * centre[i];
    const { luma, chroma } = residuals(colour, weight, blurWeighted(sigma * (round > 1 ? 1 : 1.6)), mean);
    const lumaSizes: number[] = [];
    const chromaSizes: number[] = [];
    for (let i = 0; i < count; i++) {
      if (weight[i] <= 0.3) continue;
      lumaSizes.push(Math.abs(luma[i]));
      chromaSizes.push(chroma[i]);
    }
    // Hard or coloured light widens the tolerance. By the median: a mean would let hair widen it too.
    const first = round === 0 ? 1.25 : 1;
    const kl = clamp(median(lumaSizes) / 0.13, 1, 1.8) * first;
    const kc = clamp(median(chromaSizes) / 0.06, 1, 2) * first;
    for (let i = 0; i < count; i++) {
      if (weight[i] <= 0) continue;
      const l = luma[i];
      const c = chroma[i];
      const out = Math.max(
        smoothstep(0.45 * kl, 0.8 * kl, -l),
        smoothstep(0.45 * kl, 0.8 * kl, l),
        smoothstep(0.2 * kc, 0.42 * kc, c),
        smoothstep(0.25 * kl, 0.45 * kl, -l) * smoothstep(0.06 * kc, 0.14 * kc, c),
      );
      outliers[i] = clamp(out, 0, 1);
      current[i] = weight[i] * (1 - outliers[i]);
    }
  }
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
