/** Which texels of a source photo are its skin: hair, hands, shoulders, collars and glare are not. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import { blur } from '../frames/blur.ts';
import { clamp, DARK_OFFSET, median, smoothstep } from './curves.ts';
import { geodesicDistances, UNREACHED } from './geodesic.ts';
import { fitHarmonics, harmonicShading, reliefShading, texelNormals } from './harmonics.ts';
import { LIGHT_SIGMA } from './light.ts';
import { type FaceRig, texelU, texelV } from './rig.ts';
import { normalZOf, unwrap } from './unwrap.ts';
import { SKIN_SEEDS } from './vertex-sets.ts';
import { zoneLimits } from './zone-limits.ts';

/** Edge of the UV map in which a source photo is judged. */
export const TRUST_SIZE = 128;

export interface TrustMap {
  readonly size: number;
  /** 0 the photo's own skin .. 1 something else, a texel. */
  readonly distrust: Float32Array;
  /** Log shading of the relief of nose and cheeks, within +-0.25. */
  readonly relief: Float32Array;
  readonly facing: Float32Array;
  /** log luma, log(R/G), log(B/G) a texel; for the photo's score. */
  readonly luma: Float32Array;
  readonly redness: Float32Array;
  readonly blueness: Float32Array;
  /** Energy of strand-like detail relative to the cheeks', about 1 on skin. */
  readonly strands: Float32Array;
}

/** Gaussian around the middle of the face, where hair rarely is. */
const centrality = (i: number, size: number): number => {
  const x = texelU(i, size) - 0.5;
  const y = texelV(i, size) - 0.56;
  return (x * x) / 0.06 + (y * y) / 0.05;
};

interface LightFit {
  readonly coefficients: Float64Array;
  readonly residual: Float32Array;
  readonly sigma: number;
}

/**
 * @param normals of the mesh's vertices, packed xyz; those of vertices that the nose hides already turned away
 */
export function trustMap(
  rig: FaceRig,
  image: RgbImage,
  mesh: FaceMesh,
  normals: Float32Array,
  facingZ: Float32Array,
): TrustMap {
  const size = TRUST_SIZE;
  const count = size * size;
  const { texels, triangle } = rig.grid(size);
  const masks = rig.masks(size);
  const { colour, facing } = unwrap(rig, image, mesh, size, facingZ);
  const usable = new Uint8Array(count);
  const raw = [new Float32Array(count), new Float32Array(count), new Float32Array(count)];
  for (const i of texels) {
    const r = Math.log(colour[i * 3] + DARK_OFFSET);
    const g = Math.log(colour[i * 3 + 1] + DARK_OFFSET);
    const b = Math.log(colour[i * 3 + 2] + DARK_OFFSET);
    raw[0][i] = (r + 2 * g + b) / 4;
    raw[1][i] = r - g;
    raw[2][i] = b - g;
    usable[i] = facing[i] > 0.12 && colour[i * 3 + 1] > 0 ? 1 : 0;
  }
  const [luma, redness, blueness] = raw.map((plane) => softened(plane, usable, texels, size)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const isSkin = (i: number): boolean => triangle[i] >= 0 && usable[i] === 1 && masks.skin[i] > 0.5;
  const isCentre = (i: number): boolean => isSkin(i) && facing[i] > 0.4 && centrality(i, size) < 1;

  const behindEdge = edgePath(rig, size, isSkin, isCentre, facing, luma, redness, blueness);
  const texelN = texelNormals(rig, normals, size);
  const fitLight = (values: Float32Array): LightFit =>
    robustFit(texels, texelN, values, isSkin, facing, behindEdge, size);
  const fits = [fitLight(luma), fitLight(redness), fitLight(blueness)] as const;
  const sigmaLuma = clamp(fits[0].sigma, 0.1, 0.22);
  const sigmaRed = clamp(fits[1].sigma, 0.035, 0.1);
  const sigmaBlue = clamp(fits[2].sigma, 0.06, 0.16);

  // How far a texel lies from what skin would look like there. Near the features everything is allowed.
  const limits = zoneLimits(rig, size);
  const strange = new Float32Array(count);
  for (const i of texels) {
    if (!isSkin(i)) continue;
    const e = fits[0].residual[i] / sigmaLuma;
    const a = e < 0 ? -e : e * 0.65;
    const b = Math.hypot(fits[1].residual[i] / sigmaRed, fits[2].residual[i] / sigmaBlue);
    const distance = Math.max(a, b, 0.8 * Math.hypot(a, b)) * (1 + 0.35 * behindEdge[i]);
    strange[i] = smoothstep(2.6, 4.2, distance) * clamp((0.6 - limits[i]) / 0.3, 0, 1);
  }
  const distrust = connectedToRim(strange, masks.rim, texels, triangle, size);
  adoptAtFeatures(distrust, usable, isSkin, texels, size);
  const grown = blur(distrust, size, size, 1, 4);
  for (const i of texels) distrust[i] = clamp(Math.max(grown[i] * 4, distrust[i]), 0, 1);

  const reliefWeight = new Float32Array(count);
  for (const i of texels) reliefWeight[i] = usable[i] ? masks.skin[i] + 0.05 : 0;
  const relief = reliefShading(rig, fits[0].coefficients, texelN, reliefWeight, size, LIGHT_SIGMA * size);
  const strands = strandEnergy(luma, isSkin, isCentre, texels, size);
  return { size, distrust, relief, facing, luma, redness, blueness, strands };
}

/** Normalised blur of one texel over the usable ones. */
function softened(plane: Float32Array, usable: Uint8Array, texels: Int32Array, size: number): Float32Array {
  const weight = new Float32Array(plane.length);
  const weighted = new Float32Array(plane.length);
  for (const i of texels) {
    weight[i] = usable[i];
    weighted[i] = plane[i] * usable[i];
  }
  const a = blur(weighted, size, size, 1, 1, 2);
  const b = blur(weight, size, size, 1, 1, 2);
  for (const i of texels) a[i] = b[i] > 0.05 ? a[i] / b[i] : plane[i];
  return a;
}

/** 0..1: how much change lies on the smoothest way from the cheeks. What lies behind an edge may not be this skin. */
function edgePath(
  rig: FaceRig,
  size: number,
  isSkin: (i: number) => boolean,
  isCentre: (i: number) => boolean,
  facing: Float32Array,
  luma: Float32Array,
  redness: Float32Array,
  blueness: Float32Array,
): Float32Array {
  const change = (i: number, j: number): number =>
    Math.abs(luma[i] - luma[j]) + 0.8 * Math.abs(redness[i] - redness[j]) + 0.4 * Math.abs(blueness[i] - blueness[j]);
  const { texels } = rig.grid(size);
  const near: number[] = [];
  for (const i of texels) if (isCentre(i) && isSkin(i + 1)) near.push(change(i, i + 1));
  // A rough photo or stubble changes everywhere a little: that much is free.
  const allowance = clamp(1.1 * median(near), 0.01, 0.03);
  const seeds = SKIN_SEEDS.map(
    (k) => Math.floor(rig.uv[k * 2 + 1] * size) * size + Math.floor(rig.uv[k * 2] * size),
  ).filter((i) => isSkin(i) && facing[i] > 0.35);
  const distance = geodesicDistances(
    size,
    seeds,
    isSkin,
    (i, j, length) => Math.max(0, change(i, j) - allowance * length) + 2e-4 * length,
  );
  const behind = new Float32Array(size * size);
  for (const i of texels) {
    if (isSkin(i)) behind[i] = distance[i] >= UNREACHED ? 1 : smoothstep(0.16, 0.42, distance[i]);
  }
  return behind;
}

/** Harmonics fitted to the skin in five rounds, each giving less weight to what lies far off. */
function robustFit(
  texels: Int32Array,
  normals: Float32Array,
  values: Float32Array,
  isSkin: (i: number) => boolean,
  facing: Float32Array,
  behindEdge: Float32Array,
  size: number,
): LightFit {
  const residual = new Float32Array(values.length);
  const confidence = new Float32Array(values.length).fill(1);
  let coefficients = new Float64Array(9);
  let sigma = 0;
  for (let round = 0; round < 5; round++) {
    coefficients = fitHarmonics(
      texels,
      normals,
      values,
      (i) =>
        isSkin(i) && facing[i] >= 0.2
          ? (1 - behindEdge[i]) * (0.1 + Math.exp(-centrality(i, size))) * confidence[i]
          : 0,
      4,
    ) as Float64Array<ArrayBuffer>;
    const sizes: number[] = [];
    for (const i of texels) {
      residual[i] =
        values[i] -
        coefficients[0] -
        harmonicShading(coefficients, normals[i * 3], normals[i * 3 + 1], normals[i * 3 + 2]);
      if (isSkin(i) && behindEdge[i] < 0.3 && facing[i] > 0.3) sizes.push(Math.abs(residual[i]));
    }
    sigma = 1.48 * median(sizes) + 0.015;
    for (const i of texels) confidence[i] = 1 / (1 + (residual[i] / (2 * sigma)) ** 2);
  }
  return { coefficients, residual, sigma };
}

/** Keeps of the strange texels those that hang together with the border of the face. */
function connectedToRim(
  strange: Float32Array,
  rim: Float32Array,
  texels: Int32Array,
  triangle: Int16Array,
  size: number,
): Float32Array {
  const out = new Float32Array(strange.length);
  const stack: number[] = [];
  const enter = (i: number): void => {
    out[i] = strange[i];
    stack.push(i);
  };
  for (const i of texels) if (strange[i] > 0.3 && rim[i] > 0.35) enter(i);
  const offsets = [1, -1, size, -size, size + 1, size - 1, -size + 1, -size - 1];
  while (stack.length) {
    const i = stack.pop()!;
    for (const offset of offsets) {
      const j = i + offset;
      if (triangle[j] >= 0 && out[j] === 0 && strange[j] > 0.3) enter(j);
    }
  }
  return out;
}

/** Brows, lids and lips take the verdict of the skin around them, and need a strong one. */
function adoptAtFeatures(
  distrust: Float32Array,
  usable: Uint8Array,
  isSkin: (i: number) => boolean,
  texels: Int32Array,
  size: number,
): void {
  const verdict = new Float32Array(distrust.length);
  const weight = new Float32Array(distrust.length);
  for (const i of texels) {
    if (!isSkin(i)) continue;
    verdict[i] = distrust[i];
    weight[i] = 1;
  }
  const a = blur(verdict, size, size, 1, 4);
  const b = blur(weight, size, size, 1, 4);
  for (const i of texels) {
    if (!isSkin(i)) distrust[i] = usable[i] ? smoothstep(0.55, 0.85, a[i] / (b[i] + 0.02)) : 0;
  }
}

/** Energy of the band between one and three texels, relative to the middle of the face. */
function strandEnergy(
  luma: Float32Array,
  isSkin: (i: number) => boolean,
  isCentre: (i: number) => boolean,
  texels: Int32Array,
  size: number,
): Float32Array {
  const wide = blur(luma, size, size, 1, 2.2);
  const energy = new Float32Array(luma.length);
  const weight = new Float32Array(luma.length);
  for (const i of texels) {
    if (!isSkin(i)) continue;
    energy[i] = Math.min(0.3, Math.abs(luma[i] - wide[i]));
    weight[i] = 1;
  }
  const a = blur(energy, size, size, 1, 2.5);
  const b = blur(weight, size, size, 1, 2.5);
  const centre: number[] = [];
  for (const i of texels) {
    a[i] /= b[i] + 0.03;
    if (isCentre(i)) centre.push(a[i]);
  }
  const usual = Math.max(0.006, median(centre));
  // 5 times the usual energy is what hair over skin shows.
  for (const i of texels) a[i] /= usual * 5;
  return a;
}

/** Facing of each vertex with those that another part of the face hides turned away. */
export function visibleFacing(normals: Float32Array, hidden: Uint8Array): Float32Array {
  const z = normalZOf(normals);
  for (let i = 0; i < z.length; i++) if (hidden[i]) z[i] = Math.min(z[i], 0);
  return z;
}
