/** Whether a picture shows a label, by comparing it with the label that would be drawn. Pure. */
import { type LabelMarket, makeLabel, type VisibleLabel } from './visible-label.ts';

/** Correlation from which on a label counts as seen: blurred by compression it is above 0.9, elsewhere below 0.3. */
const SEEN = 0.7;
/** A label that was scaled with its picture ends a little beside where one of that size would be. */
const SHIFTS = [0, -1, 1, -2, 2, -3, 3] as const;

/** @param luma rows without gaps */
export function showsLabel(
  markets: readonly LabelMarket[],
  luma: ArrayLike<number>,
  { width, height }: { readonly width: number; readonly height: number },
): boolean {
  const label = makeLabel(markets, width, height);
  return SHIFTS.some((dy) => SHIFTS.some((dx) => correlation(label, luma, width, height, dx, dy) >= SEEN));
}

/** Lines of a label that are compared: enough for its letters, however large the picture. */
const LINES = 32;

/** Pearson's, over evenly spaced pixels of the label. */
function correlation(
  label: VisibleLabel,
  luma: ArrayLike<number>,
  width: number,
  height: number,
  dx: number,
  dy: number,
): number {
  let [count, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  const step = Math.max(1, Math.floor(label.height / LINES));
  for (let y = 0; y < label.height; y += step) {
    const row = label.y + y + dy;
    if (row < 0 || row >= height) continue;
    for (let x = 0; x < label.width; x += step) {
      const column = label.x + x + dx;
      if (column < 0 || column >= width) continue;
      const a = label.grey[y * label.width + x]!;
      const b = luma[row * width + column]!;
      count++;
      sumA += a;
      sumB += b;
      sumAA += a * a;
      sumBB += b * b;
      sumAB += a * b;
    }
  }
  const varianceA = count * sumAA - sumA * sumA;
  const varianceB = count * sumBB - sumB * sumB;
  return varianceA > 0 && varianceB > 0 ? (count * sumAB - sumA * sumB) / Math.sqrt(varianceA * varianceB) : 0;
}
