/** Light as a function of the surface normal: nine spherical harmonics of order two. */
import { blur } from '../frames/blur.ts';
import { clamp } from './curves.ts';
import { type FaceRig, SURFACE_VERTEX_COUNT } from './rig.ts';
import { solveSymmetric } from './shape.ts';

/** @see Ramamoorthi and Hanrahan, An Efficient Representation for Irradiance Environment Maps, 2001 */
function basis(x: number, y: number, z: number, out: Float64Array): void {
  out[0] = 1;
  out[1] = x;
  out[2] = y;
  out[3] = z;
  out[4] = x * y;
  out[5] = x * z;
  out[6] = y * z;
  out[7] = x * x - y * y;
  out[8] = 3 * z * z - 1;
}

/** Normals of the texels of a UV map, three a texel (not renormalised: the error is below the fit's). */
export function texelNormals(rig: FaceRig, normals: Float32Array, size: number): Float32Array {
  const { triangle, weights, texels } = rig.grid(size);
  const out = new Float32Array(size * size * 3);
  for (const i of texels) {
    const t = triangle[i] * 3;
    const w1 = weights[i * 2];
    const w2 = weights[i * 2 + 1];
    const w0 = 1 - w1 - w2;
    for (let k = 0; k < 3; k++) {
      out[i * 3 + k] =
        normals[rig.triangles[t] * 3 + k] * w0 +
        normals[rig.triangles[t + 1] * 3 + k] * w1 +
        normals[rig.triangles[t + 2] * 3 + k] * w2;
    }
  }
  return out;
}

/** Value of a fit at a normal, without its constant: the shading alone. */
export function harmonicShading(fit: ArrayLike<number>, x: number, y: number, z: number): number {
  return (
    fit[1] * x +
    fit[2] * y +
    fit[3] * z +
    fit[4] * x * y +
    fit[5] * x * z +
    fit[6] * y * z +
    fit[7] * (x * x - y * y) +
    fit[8] * (3 * z * z - 1)
  );
}

/**
 * Weighted least squares of values over normals.
 * @param ridge pull of all but the constant towards zero, in units of weight
 */
export function fitHarmonics(
  texels: ArrayLike<number>,
  normals: Float32Array,
  values: Float32Array,
  weightOf: (texel: number) => number,
  ridge: number,
): Float64Array {
  const products = new Float64Array(81);
  const right = new Float64Array(9);
  const b = new Float64Array(9);
  // Every second texel: the fit has nine unknowns.
  for (let n = 0; n < texels.length; n += 2) {
    const i = texels[n];
    const weight = weightOf(i);
    if (weight < 0.01) continue;
    basis(normals[i * 3], normals[i * 3 + 1], normals[i * 3 + 2], b);
    for (let r = 0; r < 9; r++) {
      const wr = weight * b[r];
      for (let c = r; c < 9; c++) products[r * 9 + c] += wr * b[c];
      right[r] += wr * values[i];
    }
  }
  const matrix = Array.from({ length: 9 }, (_, r) =>
    Float64Array.from({ length: 9 }, (_, c) => {
      const product = products[Math.min(r, c) * 9 + Math.max(r, c)];
      return r === c ? product + (r ? ridge : 0.01) : product;
    }),
  );
  return solveSymmetric(matrix, right) as Float64Array;
}

/** Largest log shading that is moved between source and target light. */
const SHADE_LIMIT = 0.25;

/**
 * The part of the shading that the relief of nose and cheeks explains and the low band does not hold.
 * @returns log ratio a texel, within +-0.25
 */
export function reliefShading(
  rig: FaceRig,
  fit: ArrayLike<number>,
  normals: Float32Array,
  weight: Float32Array,
  size: number,
  sigma: number,
): Float32Array {
  const { texels } = rig.grid(size);
  const shade = new Float32Array(size * size);
  const weighted = new Float32Array(size * size);
  for (const i of texels) {
    shade[i] = harmonicShading(fit, normals[i * 3], normals[i * 3 + 1], normals[i * 3 + 2]);
    weighted[i] = shade[i] * weight[i];
  }
  const low = blur(weighted, size, size, 1, sigma);
  const sum = blur(weight, size, size, 1, sigma);
  for (const i of texels) shade[i] = clamp(shade[i] - low[i] / (sum[i] + 1e-3), -SHADE_LIMIT, SHADE_LIMIT);
  return shade;
}

/**
 * Relief shading of a target face from its unwrapped colour.
 * @param colour RGB a texel; @param weight visible skin 0..1 a texel
 */
export function targetRelief(
  rig: FaceRig,
  vertexNormals: Float32Array,
  colour: Float32Array,
  weight: Float32Array,
  size: number,
  sigma: number,
  darkOffset: number,
): Float32Array {
  if (vertexNormals.length !== SURFACE_VERTEX_COUNT * 3) throw new RangeError('vertexNormals: expected 468 x 3 values');
  const { texels } = rig.grid(size);
  const normals = texelNormals(rig, vertexNormals, size);
  const luma = new Float32Array(size * size);
  for (const i of texels) {
    luma[i] = Math.log((colour[i * 3] + 2 * colour[i * 3 + 1] + colour[i * 3 + 2]) / 4 + darkOffset);
  }
  const skin = (i: number): number => (weight[i] < 0.3 ? 0 : weight[i]);
  const first = fitHarmonics(texels, normals, luma, skin, 2);
  const error = (i: number): number =>
    luma[i] - first[0] - harmonicShading(first, normals[i * 3], normals[i * 3 + 1], normals[i * 3 + 2]);
  // One Cauchy round at sigma 0.2 takes brows and stubble out.
  const fit = fitHarmonics(texels, normals, luma, (i) => skin(i) / (1 + (error(i) / 0.4) ** 2), 2);
  const blurWeight = Float32Array.from(rig.masks(size).skin, (s) => s + 0.05);
  return reliefShading(rig, fit, normals, blurWeight, size, sigma);
}
