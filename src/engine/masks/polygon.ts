/** Polygons as x, y, x, y … in pixels; pixel centres are whole numbers. */

/**
 * The convex hull, clockwise on the screen, without points on its edges (Andrew's monotone chain, 1979).
 * @returns owned by the caller; fewer than three points where all lie on a line
 */
export function convexHull(points: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: points.length >> 1 }, (_, i) => i).sort(
    (a, b) => points[2 * a]! - points[2 * b]! || points[2 * a + 1]! - points[2 * b + 1]!,
  );
  const turns = (a: number, b: number, c: number): boolean =>
    (points[2 * b]! - points[2 * a]!) * (points[2 * c + 1]! - points[2 * a + 1]!) -
      (points[2 * b + 1]! - points[2 * a + 1]!) * (points[2 * c]! - points[2 * a]!) >
    0;
  const chain = (indices: readonly number[]): number[] => {
    const hull: number[] = [];
    for (const index of indices) {
      while (hull.length > 1 && !turns(hull.at(-2)!, hull.at(-1)!, index)) hull.pop();
      hull.push(index);
    }
    // The last is the first of the other chain.
    return hull.slice(0, -1);
  };
  const hull = [...chain(order), ...chain(order.toReversed())];
  return Float64Array.from(hull.flatMap((index) => [points[2 * index]!, points[2 * index + 1]!]));
}

/**
 * Sets the pixels whose centres lie inside of a polygon or within half a pixel beside it in its row.
 * @param plane `width * height` values, changed in place
 */
export function fillPolygon(
  plane: Float32Array | Uint8Array,
  width: number,
  height: number,
  points: ArrayLike<number>,
  value: number,
): void {
  const count = points.length >> 1;
  let top = Number.POSITIVE_INFINITY;
  let bottom = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    top = Math.min(top, points[2 * i + 1]!);
    bottom = Math.max(bottom, points[2 * i + 1]!);
  }
  const crossings: number[] = [];
  for (let y = Math.max(0, Math.ceil(top)); y <= Math.min(height - 1, Math.floor(bottom)); y++) {
    crossings.length = 0;
    for (let i = 0, j = count - 1; i < count; j = i++) {
      const y0 = points[2 * j + 1]!;
      const y1 = points[2 * i + 1]!;
      if (y0 === y1) continue;
      // An edge has its upper end and not its lower one, but for the very bottom, so that corners count once.
      const isIn = y === bottom ? Math.max(y0, y1) === y : y >= Math.min(y0, y1) && y < Math.max(y0, y1);
      if (isIn) crossings.push(points[2 * j]! + ((points[2 * i]! - points[2 * j]!) * (y - y0)) / (y1 - y0));
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.max(0, Math.round(crossings[i]!));
      const to = Math.min(width - 1, Math.round(crossings[i + 1]!));
      if (from <= to) plane.fill(value, y * width + from, y * width + to + 1);
    }
  }
}

/**
 * How far each pixel lies inside of a convex polygon, in pixels; below 0 outside, where it is the distance from the
 * nearest edge's line.
 * @param hull clockwise on the screen, as `convexHull` gives it, at least three points
 * @returns `width * height` values, owned by the caller
 */
export function depthInHull(hull: Float64Array, width: number, height: number): Float32Array {
  const count = hull.length >> 1;
  const edges = new Float64Array(count * 3);
  for (let i = 0; i < count; i++) {
    const [x0, y0] = [hull[2 * i]!, hull[2 * i + 1]!];
    const [x1, y1] = [hull[2 * ((i + 1) % count)]!, hull[2 * ((i + 1) % count) + 1]!];
    const length = Math.hypot(x1 - x0, y1 - y0);
    const a = -(y1 - y0) / length;
    const b = (x1 - x0) / length;
    edges.set([a, b, -(a * x0 + b * y0)], i * 3);
  }
  const out = new Float32Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      let depth = Number.POSITIVE_INFINITY;
      for (let e = 0; e < edges.length; e += 3) {
        const distance = edges[e]! * x + edges[e + 1]! * y + edges[e + 2]!;
        if (distance < depth) depth = distance;
      }
      out[at] = depth;
    }
  }
  return out;
}
