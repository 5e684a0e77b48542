import type { Region } from '../../core/image.ts';
import type { FaceMesh } from './face.ts';

/** The mesh in coordinates of a region of its picture. A new array, owned by the caller. */
export function meshInRegion(mesh: FaceMesh, { x0, y0 }: Region): FaceMesh {
  const moved = Float32Array.from(mesh);
  for (let i = 0; i < moved.length; i += 3) {
    moved[i] -= x0;
    moved[i + 1] -= y0;
  }
  return moved;
}

/** The same for x, y pairs. */
export function pointsInRegion(points: Float32Array, { x0, y0 }: Region): Float32Array {
  return points.map((value, at) => value - (at % 2 === 0 ? x0 : y0));
}
