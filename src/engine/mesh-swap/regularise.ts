/** Takes out of a source texture what hardly belongs to a face: streaks of hair, one-sided shadows, blotches at the rim. */
import { blur } from '../frames/blur.ts';
import { smoothstep } from './curves.ts';
import { type FaceRig, texelU, texelV } from './rig.ts';
import { zoneLimits } from './zone-limits.ts';

/** Sigma of the middle band in which the two halves of a face vouch for each other, relative to the map. */
const TWIN_SIGMA = 0.016;
/** How far from the mirrored place the counterpart of a mark may lie, relative to the map. */
const TWIN_REACH = 0.024;
/** Log ratio by which a mark must exceed its counterpart before the other side replaces it: from, fully at. */
const TWIN_EXCESS = [0.2, 0.4] as const;
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

/** Smallest value within `radius` texels along both axes. */
function erode(plane: Float32Array, size: number, radius: number): Float32Array {
  const pass = (from: Float32Array): Float32Array => {
    const to = new Float32Array(from.length);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        let least = Number.POSITIVE_INFINITY;
        const end = Math.min(size - 1, x + radius);
        for (let k = Math.max(0, x - radius); k <= end; k++) {
          const value = from[y * size + k];
          if (value < least) least = value;
        }
        to[x * size + y] = least;
      }
    }
    return to;
  };
  return pass(pass(plane));
}

/** Mean unvouched mark, log ratio a texel, at which a photo begins to count as covered, and surely does. */
const COVERED = [0.008, 0.013] as const;

/**
 * In a photo that hair or a shoulder crosses, the side with more unvouched marks gives way to the other side's image.
 * In a clear photo (side light alone stays below the limit) asymmetry is the person's own and stays.
 */
function coverFromTwin(
  excess: Float32Array,
  validity: Float32Array,
  feature: Float32Array,
  texels: Int32Array,
  size: number,
  twinOf: (texel: number) => number,
): void {
  let sum = 0;
  for (const i of texels) sum += excess[i];
  const covered = smoothstep(COVERED[0], COVERED[1], sum / texels.length);
  if (covered === 0) return;
  const spread = blur(excess, size, size, 1, 0.04 * size);
  for (const i of texels) {
    const worse = smoothstep(0.015, 0.04, spread[i] - spread[twinOf(i)]);
    validity[i] *= 1 - covered * worse * (1 - feature[i]);
  }
}

/**
 * Changes `ratio` in place, and `validity` where the other side of the face knows better.
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

  // A fold or a shadow has its counterpart on the other side, not exactly at the mirrored place: the strongest mark of
  // the same sign near there vouches for it. What nothing vouches for is hair, a shoulder's edge or light from a side.
  const reach = Math.round(TWIN_REACH * size);
  const darkest = erode(middle, size, reach);
  const brightest = erode(
    middle.map((value) => -value),
    size,
    reach,
  );
  const take = new Float32Array(count);
  const excess = new Float32Array(count);
  for (const i of texels) {
    const j = twinOf(i);
    const own = middle[i];
    const vouched = own < 0 ? Math.max(0, -darkest[j]) : Math.max(0, -brightest[j]);
    const nose =
      smoothstep(0.14, 0.09, Math.abs(texelU(i, size) - 0.5)) *
      smoothstep(0.36, 0.4, texelV(i, size)) *
      smoothstep(0.72, 0.68, texelV(i, size));
    const both = Math.min(validity[i], validity[j]) * (1 - feature[i]) * (1 - nose);
    excess[i] = both * Math.max(0, Math.abs(own) - vouched);
    take[i] = both * smoothstep(TWIN_EXCESS[0], TWIN_EXCESS[1], Math.abs(own) - vouched);
  }
  coverFromTwin(excess, validity, feature, texels, size, twinOf);
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
