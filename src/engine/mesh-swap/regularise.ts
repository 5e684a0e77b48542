/** Takes out of a source texture what hardly belongs to a face: streaks of hair, one-sided shadows, blotches at the rim. */
import { blur } from '../frames/blur.ts';
import { clamp, smoothstep } from './curves.ts';
import { type FaceRig, texelU } from './rig.ts';
import { zoneLimits } from './zone-limits.ts';

/** Sigma of the middle band in which the two halves of a face vouch for each other, relative to the map. */
const TWIN_SIGMA = 0.016;
/** How strong a one-sided mark must be before the other side replaces it. */
const TWIN_TOLERANCE = 0.006;
/** Share of the fine detail that goes with a replaced mark. */
const FINE_REMOVED = 0.8;

/** Features count as such only near the middle: hair crosses the ends of the brows. */
function featureWeights(rig: FaceRig, size: number): Float32Array {
  const { features, lips } = rig.masks(size);
  const out = new Float32Array(size * size);
  for (const i of rig.grid(size).texels) {
    out[i] = features[i] * (lips[i] > 0.5 ? 1 : smoothstep(0.37, 0.32, Math.abs(texelU(i, size) - 0.5)));
  }
  return out;
}

/**
 * Changes `ratio` in place.
 * @param ratio    RGB a texel, relative to the photo's own light (1 is the light)
 * @param validity 0..1 a texel
 */
export function regularise(rig: FaceRig, ratio: Float32Array, validity: Float32Array, size: number): void {
  const { texels } = rig.grid(size);
  const limits = zoneLimits(rig, size);
  const feature = featureWeights(rig, size);
  const count = size * size;
  const log = new Float32Array(count);
  const weight = new Float32Array(count);
  const weighted = new Float32Array(count);
  for (const i of texels) {
    log[i] = Math.log(Math.max(0.02, 0.3 * ratio[i * 3] + 0.59 * ratio[i * 3 + 1] + 0.11 * ratio[i * 3 + 2]));
    weight[i] = validity[i] * (1 - feature[i]) + 1e-4;
    weighted[i] = log[i] * weight[i];
  }
  const middle = blur(weighted, size, size, 1, TWIN_SIGMA * size);
  const sum = blur(weight, size, size, 1, TWIN_SIGMA * size);
  for (const i of texels) middle[i] /= sum[i] + 1e-5;
  const twinOf = (i: number): number => i - (i % size) + size - 1 - (i % size);

  const take = new Float32Array(count);
  for (const i of texels) {
    const j = twinOf(i);
    const own = middle[i] * middle[i];
    const other = middle[j] * middle[j];
    if (own <= other) continue;
    take[i] =
      Math.min(validity[i], validity[j]) *
      (1 - feature[i]) *
      clamp((0.2 - limits[i]) / 0.1, 0, 1) *
      (own / (own + other + TWIN_TOLERANCE)) *
      smoothstep(0.03, 0.1, Math.abs(middle[i] - middle[j]));
  }
  const area = blur(take, size, size, 1, 0.02 * size);
  for (const i of texels) {
    const t = Math.min(1, take[i] * 1.6);
    const base = middle[i] + t * (middle[twinOf(i)] - middle[i]);
    const detail = (log[i] - middle[i]) * (1 - FINE_REMOVED * Math.min(1, area[i] * 1.5));
    let value = base + detail;
    const limit = limits[i];
    const free = limit * 0.6;
    if (Math.abs(value) > free) {
      const bounded = Math.sign(value) * (free + limit * 0.4 * Math.tanh((Math.abs(value) - free) / (limit * 0.4)));
      value += (bounded - value) * (1 - feature[i]);
    }
    const gain = Math.exp(value - log[i]);
    ratio[i * 3] *= gain;
    ratio[i * 3 + 1] *= gain;
    ratio[i * 3 + 2] *= gain;
  }
}
