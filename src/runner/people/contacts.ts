/** Faces that touch: where tracks may change over from one to the other. */
import type { Region } from '../../core/image.ts';

/** Faces closer than this part of the smaller one touch. */
const MARGIN = 0.1;

/** For each box, whether it touches another one. */
export function findContacts(boxes: readonly Region[]): boolean[] {
  return boxes.map((box, i) => boxes.some((other, j) => i !== j && touch(box, other)));
}

function touch(a: Region, b: Region): boolean {
  const margin = MARGIN * Math.min(a.x1 - a.x0, b.x1 - b.x0);
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return width > -margin && height > -margin;
}
