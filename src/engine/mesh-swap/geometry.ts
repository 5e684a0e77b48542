import type { Region } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import { type FaceRig, SURFACE_VERTEX_COUNT } from './rig.ts';
import { LEFT_EYE_OUTER, LEFT_TEMPLE, RIGHT_EYE_OUTER, RIGHT_TEMPLE } from './vertex-sets.ts';

/** Distance of the temples in three dimensions, pixels: the face's size whatever its yaw. */
export function faceWidth(mesh: FaceMesh): number {
  const a = LEFT_TEMPLE * 3;
  const b = RIGHT_TEMPLE * 3;
  return Math.hypot(mesh[b] - mesh[a], mesh[b + 1] - mesh[a + 1], mesh[b + 2] - mesh[a + 2]);
}

/** Distance of the outer eye corners in the image, pixels. */
export function interOcular(mesh: FaceMesh): number {
  const a = LEFT_EYE_OUTER * 3;
  const b = RIGHT_EYE_OUTER * 3;
  return Math.hypot(mesh[b] - mesh[a], mesh[b + 1] - mesh[a + 1]);
}

/** Bounds of the face surface grown by `padding` pixels, clipped to the frame, on even coordinates. */
export function meshRegion(mesh: FaceMesh, padding: number, width: number, height: number): Region {
  let x0 = Number.POSITIVE_INFINITY;
  let y0 = Number.POSITIVE_INFINITY;
  let x1 = Number.NEGATIVE_INFINITY;
  let y1 = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < SURFACE_VERTEX_COUNT * 3; i += 3) {
    const x = mesh[i];
    const y = mesh[i + 1];
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
  }
  const even = (value: number, limit: number): number => Math.min(limit, Math.max(0, value)) & ~1;
  return {
    x0: even(Math.floor(x0 - padding), width),
    y0: even(Math.floor(y0 - padding), height),
    x1: Math.min(width, even(Math.ceil(x1 + padding) + 1, width + 1)),
    y1: Math.min(height, even(Math.ceil(y1 + padding) + 1, height + 1)),
  };
}

/** Area-weighted vertex normals, towards the camera positive in z; three a vertex, unit length. */
export function vertexNormals(
  rig: FaceRig,
  mesh: FaceMesh,
  out: Float32Array = new Float32Array(SURFACE_VERTEX_COUNT * 3),
): Float32Array {
  out.fill(0);
  const { triangles } = rig;
  let facing = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const a = triangles[t] * 3;
    const b = triangles[t + 1] * 3;
    const c = triangles[t + 2] * 3;
    const ux = mesh[b] - mesh[a];
    const uy = mesh[b + 1] - mesh[a + 1];
    const uz = mesh[b + 2] - mesh[a + 2];
    const vx = mesh[c] - mesh[a];
    const vy = mesh[c + 1] - mesh[a + 1];
    const vz = mesh[c + 2] - mesh[a + 2];
    const x = uy * vz - uz * vy;
    const y = uz * vx - ux * vz;
    const z = ux * vy - uy * vx;
    facing += z;
    out[a] += x;
    out[a + 1] += y;
    out[a + 2] += z;
    out[b] += x;
    out[b + 1] += y;
    out[b + 2] += z;
    out[c] += x;
    out[c + 1] += y;
    out[c + 2] += z;
  }
  const sign = facing < 0 ? -1 : 1;
  for (let i = 0; i < out.length; i += 3) {
    const scale = sign / (Math.sqrt(out[i] * out[i] + out[i + 1] * out[i + 1] + out[i + 2] * out[i + 2]) + 1e-9);
    out[i] *= scale;
    out[i + 1] *= scale;
    out[i + 2] *= scale;
  }
  return out;
}

/** Edge of the z-buffer of `selfOccluded`. */
const DEPTH_SIZE = 96;

/** For each vertex 1 where another part of the face lies in front of it (the nose over the far cheek). */
export function selfOccluded(rig: FaceRig, mesh: FaceMesh): Uint8Array {
  let x0 = Number.POSITIVE_INFINITY;
  let y0 = Number.POSITIVE_INFINITY;
  let x1 = Number.NEGATIVE_INFINITY;
  let y1 = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < SURFACE_VERTEX_COUNT * 3; i += 3) {
    x0 = Math.min(x0, mesh[i]);
    x1 = Math.max(x1, mesh[i]);
    y0 = Math.min(y0, mesh[i + 1]);
    y1 = Math.max(y1, mesh[i + 1]);
  }
  const scale = (DEPTH_SIZE - 1) / Math.max(x1 - x0, y1 - y0);
  const depth = new Float32Array(DEPTH_SIZE * DEPTH_SIZE).fill(Number.POSITIVE_INFINITY);
  const { triangles } = rig;
  for (let t = 0; t < triangles.length; t += 3) {
    const a = triangles[t] * 3;
    const b = triangles[t + 1] * 3;
    const c = triangles[t + 2] * 3;
    const ax = (mesh[a] - x0) * scale;
    const ay = (mesh[a + 1] - y0) * scale;
    const bx = (mesh[b] - x0) * scale;
    const by = (mesh[b + 1] - y0) * scale;
    const cx = (mesh[c] - x0) * scale;
    const cy = (mesh[c + 1] - y0) * scale;
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (Math.abs(area) < 1e-9) continue;
    const yEnd = Math.max(ay, by, cy);
    const xEnd = Math.max(ax, bx, cx);
    for (let y = Math.ceil(Math.min(ay, by, cy)); y <= yEnd; y++) {
      for (let x = Math.ceil(Math.min(ax, bx, cx)); x <= xEnd; x++) {
        const w1 = ((x - ax) * (cy - ay) - (cx - ax) * (y - ay)) / area;
        const w2 = ((bx - ax) * (y - ay) - (x - ax) * (by - ay)) / area;
        if (w1 < 0 || w2 < 0 || w1 + w2 > 1) continue;
        const z = mesh[a + 2] * (1 - w1 - w2) + mesh[b + 2] * w1 + mesh[c + 2] * w2;
        const p = y * DEPTH_SIZE + x;
        if (z < depth[p]) depth[p] = z;
      }
    }
  }
  const hidden = new Uint8Array(SURFACE_VERTEX_COUNT);
  const bias = 0.06 * faceWidth(mesh);
  for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
    const x = Math.round((mesh[i * 3] - x0) * scale);
    const y = Math.round((mesh[i * 3 + 1] - y0) * scale);
    hidden[i] = mesh[i * 3 + 2] > depth[y * DEPTH_SIZE + x] + bias ? 1 : 0;
  }
  return hidden;
}
