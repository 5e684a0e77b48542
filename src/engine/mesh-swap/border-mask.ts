import { smoothstep } from './curves.ts';
import { type FaceRig, texelU, texelV } from './rig.ts';
import { FOREHEAD_TOP, LIPS_OUTER } from './vertex-sets.ts';

export type MaskArea = 'upper-face' | 'lower-face' | 'mouth';

/** How the face is cut out in UV space. */
export interface BorderOptions {
  /** Width of the feather, 0..1; 0.3 is 7.5 % of the UV map. */
  readonly blur: number;
  /** Cut from top, right, bottom and left, 0..1 of the map. */
  readonly padding: readonly [number, number, number, number];
  /** Areas to keep; absent keeps all. */
  readonly areas?: readonly MaskArea[];
}

/** The feather is wider towards the hairline, where skin and hair mix: from v .45 up to .2 it grows by this factor. */
const HAIRLINE_FEATHER = 1.47;
/** V coordinate between the upper and the lower face: the middle of the nose. */
const AREA_SPLIT = 0.5;
const AREA_SOFTNESS = 0.03;

function areaWeight(rig: FaceRig, areas: readonly MaskArea[], u: number, v: number): number {
  const mouth = smoothstep(-0.05, -0.02, rig.distance(LIPS_OUTER, u, v));
  const lower = smoothstep(AREA_SPLIT - AREA_SOFTNESS, AREA_SPLIT + AREA_SOFTNESS, v);
  let weight = 0;
  if (areas.includes('upper-face')) weight += 1 - lower;
  if (areas.includes('lower-face')) weight += lower * (1 - mouth);
  if (areas.includes('mouth')) weight += lower * mouth;
  return Math.min(1, weight);
}

/**
 * Opacity of the new face a texel, 0..1: feathered at the border, open at eyes and mouth.
 * @returns size x size map, owned by the caller
 */
export function borderMask(rig: FaceRig, size: number, options: BorderOptions): Float32Array {
  const { borderDistance, openings } = rig.masks(size);
  const alpha = new Float32Array(size * size);
  const feather = Math.max(0.012, options.blur * 0.25);
  const [top, right, bottom, left] = options.padding;
  const topV = rig.uv[FOREHEAD_TOP * 2 + 1];
  for (const i of rig.grid(size).texels) {
    const u = texelU(i, size);
    const v = texelV(i, size);
    const width = feather * (1 + (HAIRLINE_FEATHER - 1) * smoothstep(0.45, 0.2, v));
    let a = smoothstep(0.004, Math.max(0.006, width), borderDistance[i]) * openings[i];
    if (top > 0) a *= smoothstep(topV + top - feather / 2, topV + top + feather / 2, v);
    if (bottom > 0) a *= smoothstep(1 - bottom + feather / 2, 1 - bottom - feather / 2, v);
    if (left > 0) a *= smoothstep(left - feather / 2, left + feather / 2, u);
    if (right > 0) a *= smoothstep(1 - right + feather / 2, 1 - right - feather / 2, u);
    if (options.areas && options.areas.length < 3) a *= areaWeight(rig, options.areas, u, v);
    alpha[i] = a;
  }
  return alpha;
}
