/** Identity shape: what of a mesh belongs to the person and not to pose, expression or camera. */
import type { FaceMesh } from '../faces/face.ts';
import { applySimilarity3, procrustes } from './procrustes.ts';
import { type FaceRig, SURFACE_VERTEX_COUNT } from './rig.ts';
import { CHIN, FOREHEAD_TOP, LEFT_TEMPLE, RIGHT_TEMPLE, RIGID } from './vertex-sets.ts';

/** Upright, centred, symmetric, unit size: `Float32Array(468 * 3)`. */
export type IdentityShape = Float32Array;

type Vector = [number, number, number];
const at = (points: Float32Array, i: number): Vector => [points[i * 3], points[i * 3 + 1], points[i * 3 + 2]];
const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const unit = (a: Vector): Vector => {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
};
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** Mean of the mesh and its mirror image laid over it: half an expression and the noise of one side go away. */
function symmetrise(rig: FaceRig, mesh: FaceMesh): Float32Array {
  const mirrored = new Float32Array(SURFACE_VERTEX_COUNT * 3);
  for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
    const j = rig.mirror[i] * 3;
    mirrored[i * 3] = -mesh[j];
    mirrored[i * 3 + 1] = mesh[j + 1];
    mirrored[i * 3 + 2] = mesh[j + 2];
  }
  const laid = applySimilarity3(procrustes(mirrored, mesh, RIGID), mirrored);
  for (let i = 0; i < laid.length; i++) laid[i] = (laid[i] + mesh[i]) / 2;
  return laid;
}

/** Shape of the person of one mesh. Expression is still in it; `shapeDifference` takes that out. */
export function identityShape(rig: FaceRig, mesh: FaceMesh): IdentityShape {
  const points = symmetrise(rig, mesh);
  const right = unit(minus(at(points, RIGHT_TEMPLE), at(points, LEFT_TEMPLE)));
  const slanted = minus(at(points, CHIN), at(points, FOREHEAD_TOP));
  const along = dot(right, slanted);
  const down = unit([slanted[0] - along * right[0], slanted[1] - along * right[1], slanted[2] - along * right[2]]);
  const away = cross(right, down);
  const centre: Vector = [0, 0, 0];
  for (const i of RIGID) for (let k = 0; k < 3; k++) centre[k] += points[i * 3 + k] / RIGID.length;
  const shape = new Float32Array(SURFACE_VERTEX_COUNT * 3);
  for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
    const p = minus(at(points, i), centre);
    shape[i * 3] = dot(right, p);
    shape[i * 3 + 1] = dot(down, p);
    shape[i * 3 + 2] = dot(away, p);
  }
  let size = 0;
  for (const i of RIGID) size += shape[i * 3] ** 2 + shape[i * 3 + 1] ** 2 + shape[i * 3 + 2] ** 2;
  size = Math.sqrt(size / RIGID.length);
  for (let i = 0; i < shape.length; i++) shape[i] /= size;
  return shape;
}

/** One way in which expression moves the face: a Gaussian bump around vertices, along one axis. */
interface ExpressionMode {
  readonly vertices: readonly number[];
  readonly axis: 0 | 1 | 2;
  /** Width in UV units. */
  readonly sigma: number;
  /** The second vertex moves the other way. */
  readonly opposed?: boolean;
}

/** Mouth corners, lips, jaw, lids, brows and cheeks. */
const EXPRESSION_MODES: readonly ExpressionMode[] = [
  { vertices: [61, 291], axis: 0, sigma: 0.06, opposed: true },
  { vertices: [61, 291], axis: 1, sigma: 0.06 },
  { vertices: [61, 291], axis: 2, sigma: 0.08 },
  { vertices: [17], axis: 1, sigma: 0.05 },
  { vertices: [152], axis: 1, sigma: 0.16 },
  { vertices: [152], axis: 2, sigma: 0.16 },
  { vertices: [0], axis: 1, sigma: 0.05 },
  { vertices: [14], axis: 1, sigma: 0.03 },
  { vertices: [13], axis: 1, sigma: 0.03 },
  { vertices: [17], axis: 2, sigma: 0.06 },
  { vertices: [0], axis: 2, sigma: 0.06 },
  { vertices: [159, 386], axis: 1, sigma: 0.025 },
  { vertices: [145, 374], axis: 1, sigma: 0.025 },
  { vertices: [105, 334], axis: 1, sigma: 0.07 },
  { vertices: [107, 336], axis: 1, sigma: 0.05 },
  { vertices: [50, 280], axis: 1, sigma: 0.08 },
  { vertices: [50, 280], axis: 2, sigma: 0.08 },
  { vertices: [205, 425], axis: 0, sigma: 0.06, opposed: true },
];

interface ExpressionModes {
  readonly vectors: readonly Float32Array[];
  /** Products of all pairs, with a ridge. */
  readonly gram: readonly (readonly number[])[];
}

const knownModes = new WeakMap<FaceRig, ExpressionModes>();

function dotProduct(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function expressionModes(rig: FaceRig): ExpressionModes {
  let modes = knownModes.get(rig);
  if (modes) return modes;
  const { uv } = rig;
  const vectors = EXPRESSION_MODES.map(({ vertices, axis, sigma, opposed }) => {
    const vector = new Float32Array(SURFACE_VERTEX_COUNT * 3);
    vertices.forEach((vertex, j) => {
      for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
        const squared = (uv[i * 2] - uv[vertex * 2]) ** 2 + (uv[i * 2 + 1] - uv[vertex * 2 + 1]) ** 2;
        vector[i * 3 + axis] += (opposed && j ? -1 : 1) * Math.exp(-squared / (2 * sigma * sigma));
      }
    });
    return vector;
  });
  const gram = vectors.map((a, i) => vectors.map((b, j) => dotProduct(a, b) * (i === j ? 1.02 : 1)));
  modes = { vectors, gram };
  knownModes.set(rig, modes);
  return modes;
}

/** Gaussian elimination without pivoting, for small well-conditioned symmetric systems; changes its arguments. */
export function solveSymmetric(
  matrix: (number[] | Float64Array)[],
  right: number[] | Float64Array,
): number[] | Float64Array {
  const n = right.length;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const factor = matrix[j][i] / matrix[i][i];
      for (let k = i; k < n; k++) matrix[j][k] -= factor * matrix[i][k];
      right[j] -= factor * right[i];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let j = i + 1; j < n; j++) right[i] -= matrix[i][j] * right[j];
    right[i] /= matrix[i][i];
  }
  return right;
}

/** Share of the expression that stays in the difference: all of it would freeze, none would lose real proportions. */
const EXPRESSION_KEPT = 0.15;

/**
 * How the target's proportions must change to become the source's, in the target's canonical frame, with expression
 * projected out by least squares.
 * @returns `Float32Array(468 * 3)`, owned by the caller
 */
export function shapeDifference(rig: FaceRig, source: IdentityShape, target: IdentityShape): Float32Array {
  const laid = applySimilarity3(procrustes(source, target, RIGID), source);
  const difference = new Float32Array(laid.length);
  for (let i = 0; i < difference.length; i++) difference[i] = laid[i] - target[i];
  const { vectors, gram } = expressionModes(rig);
  const amounts = solveSymmetric(
    gram.map((row) => [...row]),
    vectors.map((mode) => dotProduct(mode, difference)),
  );
  vectors.forEach((mode, m) => {
    const amount = (1 - EXPRESSION_KEPT) * amounts[m];
    for (let i = 0; i < difference.length; i++) difference[i] -= amount * mode[i];
  });
  return difference;
}
