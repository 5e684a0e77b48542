import type { Region } from '../../core/image.ts';
import type { FaceMesh } from './face.ts';

/** Area in pixels; 0 for an empty box. */
export const areaOf = (box: Region): number => Math.max(0, box.x1 - box.x0) * Math.max(0, box.y1 - box.y0);

function intersection(a: Region, b: Region): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0..1. */
export function overlapOf(a: Region, b: Region): number {
  const common = intersection(a, b);
  return common === 0 ? 0 : common / (areaOf(a) + areaOf(b) - common);
}

/** Intersection over the smaller of both, 0..1: near 1 where one box is a part of the other. */
export function containmentOf(a: Region, b: Region): number {
  const common = intersection(a, b);
  return common === 0 ? 0 : common / Math.min(areaOf(a), areaOf(b));
}

/** Bounds of the face's 468 vertices, in pixels with fractions, not cut at the picture's border. */
export function boundsOf(mesh: FaceMesh): Region {
  let x0 = Number.POSITIVE_INFINITY;
  let y0 = Number.POSITIVE_INFINITY;
  let x1 = Number.NEGATIVE_INFINITY;
  let y1 = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < 468 * 3; i += 3) {
    const x = mesh[i]!;
    const y = mesh[i + 1]!;
    if (x < x0) x0 = x;
    if (x > x1) x1 = x;
    if (y < y0) y0 = y;
    if (y > y1) y1 = y;
  }
  return { x0, y0, x1, y1 };
}
