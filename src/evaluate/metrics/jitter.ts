/** Tremble and shimmer over time: second differences, which steady motion does not have. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../../engine/faces/face.ts';
import { similarityBetween } from '../../engine/frames/similarity.ts';
import { interOcular } from '../../engine/mesh-swap/geometry.ts';
import { SURFACE_VERTEX_COUNT } from '../../engine/mesh-swap/rig.ts';
import { RIGID } from '../../engine/mesh-swap/vertex-sets.ts';
import { lumaAt } from './luma.ts';

/**
 * Mean second difference of the surface vertices in the face's own frame: moves of the head are taken out by a
 * similarity on points that expression moves little. `undefined` stands for a frame without a face.
 * @returns inter-ocular distances; `undefined` when no three frames in a row show the face
 */
export function meshJitter(meshes: readonly (FaceMesh | undefined)[]): number | undefined {
  const first = meshes.find((mesh) => mesh !== undefined);
  if (!first) return undefined;
  const unit = 1 / interOcular(first);
  const local = meshes.map((mesh) => mesh && toFrameOf(first, mesh));
  let sum = 0;
  let count = 0;
  for (let t = 1; t + 1 < local.length; t++) {
    const before = local[t - 1];
    const now = local[t];
    const after = local[t + 1];
    if (!before || !now || !after) continue;
    for (let i = 0; i < now.length; i += 2) {
      const x = now[i] - (before[i] + after[i]) / 2;
      const y = now[i + 1] - (before[i + 1] + after[i + 1]) / 2;
      sum += Math.hypot(x, y);
      count++;
    }
  }
  return count === 0 ? undefined : (sum / count) * unit;
}

/** x, y of the surface vertices of `mesh` after the similarity that brings its rigid points onto those of `reference`. */
function toFrameOf(reference: FaceMesh, mesh: FaceMesh): Float64Array {
  const [a, b, c, d, e, f] = similarityBetween(rigidPoints(mesh), rigidPoints(reference));
  const local = new Float64Array(SURFACE_VERTEX_COUNT * 2);
  for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
    const x = mesh[i * 3];
    const y = mesh[i * 3 + 1];
    local[i * 2] = a * x + b * y + c;
    local[i * 2 + 1] = d * x + e * y + f;
  }
  return local;
}

const rigidPoints = (mesh: FaceMesh): number[] => RIGID.flatMap((vertex) => [mesh[vertex * 3], mesh[vertex * 3 + 1]]);

/** Luma under every surface vertex: the face as the mesh carries it along, 468 values. */
export function lumaAtVertices(image: RgbImage, mesh: FaceMesh): Float32Array {
  const values = new Float32Array(SURFACE_VERTEX_COUNT);
  for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) values[i] = lumaAt(image, mesh[i * 3], mesh[i * 3 + 1]);
  return values;
}

/**
 * Mean absolute second difference over time of values that belong to the same points: flicker of light and texture.
 * @returns levels of 0..255; `undefined` when no three frames in a row are there
 */
export function flicker(frames: readonly (Float32Array | undefined)[]): number | undefined {
  let sum = 0;
  let count = 0;
  for (let t = 1; t + 1 < frames.length; t++) {
    const before = frames[t - 1];
    const now = frames[t];
    const after = frames[t + 1];
    if (!before || !now || !after) continue;
    for (let i = 0; i < now.length; i++) sum += Math.abs(now[i] - (before[i] + after[i]) / 2);
    count += now.length;
  }
  return count === 0 ? undefined : sum / count;
}
