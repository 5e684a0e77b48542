import { smoothstep } from './curves.ts';
import { type FaceRig, texelU, texelV } from './rig.ts';

/** Largest log ratio between plain skin and its own light: at the rim, on the forehead, on the outer cheeks, elsewhere. */
const RIM_LIMIT = 0.084;
const FOREHEAD_LIMIT = 0.108;
const CHEEK_LIMIT = 0.19;
const JAW_LIMIT = 0.144;
const FREE_LIMIT = 0.72;

const cache = new WeakMap<FaceRig, Map<number, Float32Array>>();

/** Half-width of the allowed log ratio on plain skin, a texel: tight where hair and shadow intrude, free at the features. */
export function zoneLimits(rig: FaceRig, size: number): Float32Array {
  let sizes = cache.get(rig);
  if (!sizes) cache.set(rig, (sizes = new Map()));
  const known = sizes.get(size);
  if (known) return known;
  const { borderDistance } = rig.masks(size);
  const limits = new Float32Array(size * size);
  for (const i of rig.grid(size).texels) {
    const sideways = Math.abs(texelU(i, size) - 0.5);
    const forehead = smoothstep(0.36, 0.29, texelV(i, size));
    const rim = smoothstep(0.1, 0.04, borderDistance[i]);
    const cheek = smoothstep(0.3, 0.14, borderDistance[i]) * smoothstep(0.16, 0.26, sideways);
    let limit = FREE_LIMIT + (CHEEK_LIMIT - FREE_LIMIT) * cheek;
    limit += (Math.min(limit, FOREHEAD_LIMIT) - limit) * forehead;
    limit += (Math.min(limit, RIM_LIMIT) - limit) * rim;
    // A shoulder, a collar or a hand shows here; beards live in the low band of the light.
    const jaw =
      smoothstep(0.79, 0.85, texelV(i, size)) +
      smoothstep(0.66, 0.74, texelV(i, size)) * smoothstep(0.14, 0.22, sideways);
    limit += (Math.min(limit, JAW_LIMIT) - limit) * Math.min(1, jaw);
    limits[i] = limit;
  }
  sizes.set(size, limits);
  return limits;
}
