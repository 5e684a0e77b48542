import type { FaceMesh } from '../faces/face.ts';
import { DARK_OFFSET, smoothstep } from './curves.ts';
import { type FaceRig, LIGHT_SIZE, SURFACE_VERTEX_COUNT, sampleUv } from './rig.ts';

/** Floats a vertex: x, y, z, unused; light R G B (+ dark offset), opacity; texture x and y, suspicion, skin. */
export const ATTRIBUTES = 12;

export interface VertexLighting {
  /** RGB light, LIGHT_SIZE x LIGHT_SIZE. */
  readonly light: Float32Array;
  /** 0..1 how likely something lies in front, or undefined to draw everywhere. */
  readonly suspicion: Float32Array | undefined;
  /** Log relief shading of the target times its share, or undefined. */
  readonly relief: Float32Array | undefined;
  readonly reliefShare: number;
}

/**
 * Fills the attributes that the rasteriser interpolates over each triangle.
 * @param mesh    where to draw, pixels
 * @param facing  z of the vertices' normals; faces seen edge-on fade out
 */
export function fillVertexAttributes(
  rig: FaceRig,
  mesh: FaceMesh,
  facing: Float32Array,
  textureSize: number,
  lighting: VertexLighting,
  out: Float32Array,
): void {
  const { uv } = rig;
  const { skin } = rig.masks(LIGHT_SIZE);
  const { light, suspicion, relief, reliefShare } = lighting;
  const limit = textureSize - 1.02;
  for (let i = 0; i < SURFACE_VERTEX_COUNT; i++) {
    const u = uv[i * 2];
    const v = uv[i * 2 + 1];
    const a = i * ATTRIBUTES;
    const shade = relief ? Math.exp(reliefShare * sampleUv(relief, LIGHT_SIZE, 1, u, v, 0)) : 1;
    out[a] = mesh[i * 3];
    out[a + 1] = mesh[i * 3 + 1];
    out[a + 2] = mesh[i * 3 + 2];
    for (let c = 0; c < 3; c++) out[a + 4 + c] = shade * (sampleUv(light, LIGHT_SIZE, 3, u, v, c) + DARK_OFFSET);
    out[a + 7] = smoothstep(0.02, 0.3, facing[i]);
    out[a + 8] = Math.min(limit, Math.max(0.01, u * textureSize - 0.5));
    out[a + 9] = Math.min(limit, Math.max(0.01, v * textureSize - 0.5));
    out[a + 10] = suspicion ? sampleUv(suspicion, LIGHT_SIZE, 1, u, v, 0) : 0;
    out[a + 11] = sampleUv(skin, LIGHT_SIZE, 1, u, v, 0);
  }
}
