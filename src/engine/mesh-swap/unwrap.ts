import type { RgbImage } from '../../core/image.ts';
import type { FaceMesh } from '../faces/face.ts';
import type { FaceRig } from './rig.ts';

/** A face laid out in UV space. */
export interface Unwrapped {
  /** RGB 0..255 a texel, 0 where the image does not show it. */
  readonly colour: Float32Array;
  /** z of the normal a texel: 1 faces the camera, <= 0 turned away or outside the image. */
  readonly facing: Float32Array;
}

/**
 * Samples the image under the mesh into a size x size UV map, bilinear.
 * @param normalZ z of each vertex's normal, see `normalZOf`
 * @param into    arrays to reuse; new ones are made and owned by the caller otherwise
 */
export function unwrap(
  rig: FaceRig,
  image: RgbImage,
  mesh: FaceMesh,
  size: number,
  normalZ: Float32Array,
  into?: Unwrapped,
): Unwrapped {
  const { triangle, weights, texels } = rig.grid(size);
  const { triangles } = rig;
  const { data, width, height } = image;
  const colour = into?.colour ?? new Float32Array(size * size * 3);
  const facing = into?.facing ?? new Float32Array(size * size);
  for (let n = 0; n < texels.length; n++) {
    const i = texels[n];
    const t = triangle[i] * 3;
    const a = triangles[t];
    const b = triangles[t + 1];
    const c = triangles[t + 2];
    const w1 = weights[i * 2];
    const w2 = weights[i * 2 + 1];
    const w0 = 1 - w1 - w2;
    const x = mesh[a * 3] * w0 + mesh[b * 3] * w1 + mesh[c * 3] * w2;
    const y = mesh[a * 3 + 1] * w0 + mesh[b * 3 + 1] * w1 + mesh[c * 3 + 1] * w2;
    const o = i * 3;
    if (!(x >= 0 && y >= 0 && x < width - 2 && y < height - 2)) {
      colour[o] = colour[o + 1] = colour[o + 2] = 0;
      facing[i] = 0;
      continue;
    }
    const ix = x | 0;
    const iy = y | 0;
    const fx = x - ix;
    const fy = y - iy;
    const p = (iy * width + ix) * 3;
    const q = p + width * 3;
    for (let k = 0; k < 3; k++) {
      colour[o + k] =
        (data[p + k] * (1 - fx) + data[p + 3 + k] * fx) * (1 - fy) +
        (data[q + k] * (1 - fx) + data[q + 3 + k] * fx) * fy;
    }
    facing[i] = normalZ[a] * w0 + normalZ[b] * w1 + normalZ[c] * w2;
  }
  return { colour, facing };
}

/** z of each vertex's normal from packed xyz normals. */
export function normalZOf(
  normals: Float32Array,
  out: Float32Array = new Float32Array(normals.length / 3),
): Float32Array {
  for (let i = 0; i < out.length; i++) out[i] = normals[i * 3 + 2];
  return out;
}
