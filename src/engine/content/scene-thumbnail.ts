/** Tells whether a picture shows something new, for what need not look at the same scene again and again. Pure. */
import { cropPicture, type Picture } from '../frames/picture.ts';
import type { Affine } from '../frames/similarity.ts';

const SIZE = 32;
/** A cell has changed when one of its colours differs by more, of 255. */
const CHANGED = 24;
/** Share of the cells that may have changed: what fills less of a picture is too small to be judged anyway. */
const FEW = 0.02;

/** Means of the picture's cells, R, G, B row by row, 0..255. */
export type SceneThumbnail = Float32Array;

/** Owned by the caller. */
export function thumbnailOf(picture: Picture): SceneThumbnail {
  const [x, y] = [picture.width / SIZE, picture.height / SIZE];
  const matrix: Affine = [x, 0, (x - 1) / 2, 0, y, (y - 1) / 2];
  const out = new Float32Array(SIZE * SIZE * 3);
  return cropPicture(picture, matrix, SIZE, out, 1, 0, { outside: 'nearest', maximumSamples: 8 });
}

/** Whether two pictures show the same scene but for little. */
export function isSameScene(a: SceneThumbnail, b: SceneThumbnail): boolean {
  let changed = 0;
  for (let at = 0; at < a.length; at += 3) {
    const differs =
      Math.abs(a[at]! - b[at]!) > CHANGED ||
      Math.abs(a[at + 1]! - b[at + 1]!) > CHANGED ||
      Math.abs(a[at + 2]! - b[at + 2]!) > CHANGED;
    if (differs) changed++;
  }
  return changed <= FEW * SIZE * SIZE;
}
