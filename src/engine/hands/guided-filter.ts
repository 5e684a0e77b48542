/**
 * Pulls a soft mask to the edges of a picture.
 * @see He, Sun, Tang, "Guided image filtering", ECCV 2010
 */
export interface GuidedFilter {
  /**
   * @param guide   brightness 0..1, `width * height`
   * @param mask    0..1, the same size
   * @param radius  half the edge of the window, in grid cells
   * @param epsilon brightness variance below which the guide counts as flat
   * @param out     receives the mask; may leave 0..1 a little
   * @param mean    receives the mask's own box mean
   */
  run(
    guide: Float32Array,
    mask: Float32Array,
    width: number,
    height: number,
    radius: number,
    epsilon: number,
    out: Float32Array,
    mean: Float32Array,
  ): void;
}

/** Creates a filter that keeps its scratch memory from one run to the next. */
export function createGuidedFilter(): GuidedFilter {
  let capacity = 0;
  let scratch: Float32Array[] = [];
  return {
    run(guide, mask, width, height, radius, epsilon, out, mean) {
      const count = width * height;
      if (count > capacity) {
        capacity = count;
        scratch = Array.from({ length: 6 }, () => new Float32Array(count));
      }
      const [product, guideMean, square, cross, rows, columns] = scratch as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const boxMean = (from: Float32Array, to: Float32Array): void =>
        meanOfBoxes(from, to, rows, columns, width, height, radius);

      boxMean(guide, guideMean);
      boxMean(mask, mean);
      for (let i = 0; i < count; i++) product[i] = guide[i]! * guide[i]!;
      boxMean(product, square);
      for (let i = 0; i < count; i++) product[i] = guide[i]! * mask[i]!;
      boxMean(product, cross);
      // In each window the mask is slope * guide + offset; slope goes into `cross`, offset into `square`.
      for (let i = 0; i < count; i++) {
        const brightness = guideMean[i]!;
        const slope = (cross[i]! - brightness * mean[i]!) / (square[i]! - brightness * brightness + epsilon);
        square[i] = mean[i]! - slope * brightness;
        cross[i] = slope;
      }
      boxMean(cross, guideMean);
      boxMean(square, product);
      for (let i = 0; i < count; i++) out[i] = guideMean[i]! * guide[i]! + product[i]!;
    },
  };
}

/**
 * Mean over a square window of `2 * radius + 1` cells; beyond the border the outermost value repeats. `from` and `to` may
 * be the same. `rows`, of their length, and `columns`, at least `width`, are scratch.
 */
export function meanOfBoxes(
  from: Float32Array,
  to: Float32Array,
  rows: Float32Array,
  columns: Float32Array,
  width: number,
  height: number,
  radius: number,
): void {
  const last = width - 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let sum = from[row]! * (radius + 1);
    for (let x = 1; x <= radius; x++) sum += from[row + Math.min(x, last)]!;
    for (let x = 0; x < width; x++) {
      rows[row + x] = sum;
      const enter = x + radius + 1;
      const leave = x - radius;
      sum += from[row + (enter > last ? last : enter)]! - from[row + (leave < 0 ? 0 : leave)]!;
    }
  }
  // Running sums of all columns at once: memory is read in order.
  const bottom = (height - 1) * width;
  for (let x = 0; x < width; x++) columns[x] = rows[x]! * (radius + 1);
  for (let y = 1; y <= radius; y++) {
    const row = Math.min(y * width, bottom);
    for (let x = 0; x < width; x++) columns[x]! += rows[row + x]!;
  }
  const scale = 1 / ((2 * radius + 1) * (2 * radius + 1));
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const enter = Math.min((y + radius + 1) * width, bottom);
    const leave = Math.max((y - radius) * width, 0);
    for (let x = 0; x < width; x++) {
      to[row + x] = columns[x]! * scale;
      columns[x]! += rows[enter + x]! - rows[leave + x]!;
    }
  }
}
