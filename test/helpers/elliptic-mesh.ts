import { type FaceMesh, MESH_VERTEX_COUNT } from '../../src/engine/faces/face.ts';
import { FACE_OVAL } from '../../src/engine/mesh-swap/vertex-sets.ts';

export interface MeshPlace {
  readonly centreX: number;
  readonly centreY: number;
  /** Distance of the temples, pixels. */
  readonly width: number;
  readonly angle?: number;
}

/**
 * A made-up face for tests: the oval is an ellipse, the other vertices fill it in a spiral, and lids and lips stand
 * where openings of a known size follow: mouth 0.1, mouth width 0.4, lids 0.06 face widths.
 */
export function ellipticMesh({ centreX, centreY, width, angle = 0 }: MeshPlace): FaceMesh {
  const local = new Float64Array(MESH_VERTEX_COUNT * 2);
  for (let i = 0; i < MESH_VERTEX_COUNT; i++)
    place(local, i, 0.45 * Math.sqrt(i / 478) * Math.cos(i * 2.4), 0.6 * Math.sqrt(i / 478) * Math.sin(i * 2.4));
  // Oval entry 0 is the top of the forehead, 9 the image-right temple.
  FACE_OVAL.forEach((vertex, i) => {
    const turn = (i / FACE_OVAL.length) * 2 * Math.PI;
    place(local, vertex, 0.5 * Math.sin(turn), -0.7 * Math.cos(turn));
  });
  const features: readonly (readonly [number, number, number])[] = [
    [234, -0.5, 0],
    [454, 0.5, 0],
    [33, -0.3, -0.15],
    [263, 0.3, -0.15],
    [159, -0.2, -0.18],
    [145, -0.2, -0.12],
    [386, 0.2, -0.18],
    [374, 0.2, -0.12],
    [13, 0, 0.25],
    [14, 0, 0.35],
    [61, -0.2, 0.3],
    [291, 0.2, 0.3],
  ];
  for (const [vertex, x, y] of features) place(local, vertex, x, y);
  const mesh = new Float32Array(MESH_VERTEX_COUNT * 3);
  for (let i = 0; i < MESH_VERTEX_COUNT; i++) {
    const x = local[i * 2] * width;
    const y = local[i * 2 + 1] * width;
    mesh[i * 3] = centreX + x * Math.cos(angle) - y * Math.sin(angle);
    mesh[i * 3 + 1] = centreY + x * Math.sin(angle) + y * Math.cos(angle);
  }
  return mesh;
}

function place(points: Float64Array, vertex: number, x: number, y: number): void {
  points[vertex * 2] = x;
  points[vertex * 2 + 1] = y;
}

/** A copy in which some vertices have moved by (x, y) pixels. */
export function moved(mesh: FaceMesh, vertices: readonly number[], x: number, y: number): FaceMesh {
  const copy = mesh.slice();
  for (const vertex of vertices) {
    copy[vertex * 3] += x;
    copy[vertex * 3 + 1] += y;
  }
  return copy;
}
