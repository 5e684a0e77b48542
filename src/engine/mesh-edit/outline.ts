/** The outline of an opening in the picture: a closed polygon of vertices. */

export interface Outline {
  /** x, y of the corners. */
  readonly points: Float64Array;
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export function outlineOf(mesh: Float32Array, vertices: readonly number[]): Outline {
  const points = new Float64Array(vertices.length * 2);
  vertices.forEach((vertex, k) => {
    points[2 * k] = mesh[vertex * 3];
    points[2 * k + 1] = mesh[vertex * 3 + 1];
  });
  const xs = points.filter((_, k) => k % 2 === 0);
  const ys = points.filter((_, k) => k % 2 === 1);
  return {
    points,
    ...{ x0: Math.floor(Math.min(...xs)), y0: Math.floor(Math.min(...ys)) },
    ...{ x1: Math.ceil(Math.max(...xs)), y1: Math.ceil(Math.max(...ys)) },
  };
}

/** Distance in pixels to the outline, positive inside. */
export function depthIn({ points }: Outline, x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let inside = false;
  for (let a = 0; a < points.length; a += 2) {
    const b = (a + 2) % points.length;
    const [ax, ay] = [points[a], points[a + 1]];
    const dx = points[b] - ax;
    const dy = points[b + 1] - ay;
    if (ay <= y !== points[b + 1] <= y && x < ax + ((y - ay) / dy) * dx) inside = !inside;
    const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-12)));
    const ex = x - ax - t * dx;
    const ey = y - ay - t * dy;
    const squared = ex * ex + ey * ey;
    if (squared < nearest) nearest = squared;
  }
  return inside ? Math.sqrt(nearest) : -Math.sqrt(nearest);
}

/** An opening measured across: where its edges are along an axis, as heights above the line of its corners. */
export interface Span {
  /** Position along the line from the first corner to the second, 0..1. */
  along(x: number, y: number): number;
  /** Height in pixels above (negative) or below that line. */
  across(x: number, y: number): number;
  /** Heights of both edges at a position. */
  upperAt(t: number): number;
  lowerAt(t: number): number;
  /** Back to the picture. */
  toX(t: number, height: number): number;
  toY(t: number, height: number): number;
  readonly width: number;
}

/**
 * @param ring  first corner, lower edge, second corner, upper edge back; both edges have as many entries
 * @param turns 1 where the ring's first corner is the image-left one of an upright face, -1 where it is the other
 */
export function spanOf(mesh: Float32Array, ring: readonly number[], turns: 1 | -1 = 1): Span {
  const half = ring.length / 2;
  const [a, b] = [ring[0] * 3, ring[half] * 3];
  const [ax, ay] = [mesh[a], mesh[a + 1]];
  const [dx, dy] = [mesh[b] - ax, mesh[b + 1] - ay];
  const width = Math.sqrt(dx * dx + dy * dy) + 1e-9;
  const along = (x: number, y: number): number => ((x - ax) * dx + (y - ay) * dy) / (width * width);
  const across = (x: number, y: number): number => (turns * ((y - ay) * dx - (x - ax) * dy)) / width;
  const edge = (vertices: readonly number[]): ((t: number) => number) => {
    const points = vertices.map((vertex) => {
      const [x, y] = [mesh[vertex * 3], mesh[vertex * 3 + 1]];
      return [along(x, y), across(x, y)] as const;
    });
    return (t) => {
      let k = 1;
      while (k < points.length - 1 && points[k][0] < t) k++;
      const [t0, h0] = points[k - 1];
      const [t1, h1] = points[k];
      const s = Math.min(1, Math.max(0, (t - t0) / (t1 - t0 + 1e-9)));
      return h0 + s * (h1 - h0);
    };
  };
  return {
    ...{ along, across, width },
    upperAt: edge([ring[0], ...ring.slice(half + 1).reverse(), ring[half]]),
    lowerAt: edge(ring.slice(0, half + 1)),
    toX: (t, height) => ax + t * dx - (turns * height * dy) / width,
    toY: (t, height) => ay + t * dy + (turns * height * dx) / width,
  };
}
