import { AppError } from '../../core/errors.ts';

/** `[a, b, c, d, e, f]`: (x, y) goes to (a x + b y + c, d x + e y + f). */
export type Affine = readonly [number, number, number, number, number, number];

/** Points further than this from the main axis, relative to their spread along it, make a plane and not a line. */
const COLLINEAR_RATIO = 1e-3;

/** Maps one point. */
export function applyAffine(matrix: Affine, x: number, y: number): [number, number] {
  const [a, b, c, d, e, f] = matrix;
  return [a * x + b * y + c, d * x + e * y + f];
}

/**
 * The transform that undoes `matrix`.
 * @throws FACE_DEGENERATE when the matrix flattens the plane
 */
export function invertAffine(matrix: Affine): Affine {
  const [a, b, c, d, e, f] = matrix;
  const determinant = a * e - b * d;
  if (!Number.isFinite(determinant) || determinant === 0) throw degenerate('The transform has no inverse.');
  const k = 1 / determinant;
  return [e * k, -b * k, (b * f - c * e) * k, -d * k, a * k, (c * d - a * f) * k];
}

/** Turn, scale and shift: (x, y) of a square of `size` units, turned by `angle` about its centre, into the image. */
export function squareToImage(centreX: number, centreY: number, side: number, angle: number, size: number): Affine {
  const k = side / size;
  const cos = Math.cos(angle) * k;
  const sin = Math.sin(angle) * k;
  // Pixel centres are whole numbers, so the middle of the square is at (size - 1) / 2.
  const middle = (size - 1) / 2;
  return [cos, -sin, centreX - (cos - sin) * middle, sin, cos, centreY - (sin + cos) * middle];
}

/**
 * The turn, scale and shift (no reflection) that brings `from` closest to `to` in the least-squares sense.
 * @param from n x (x, y), interleaved, at least two points
 * @param to   as many points
 * @throws FACE_DEGENERATE when the points are not finite, coincide or lie on one line
 * @see Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991; in two
 *      dimensions the rotation has the closed form below
 */
export function similarityBetween(from: ArrayLike<number>, to: ArrayLike<number>): Affine {
  const count = Math.min(from.length, to.length) >> 1;
  let fromX = 0;
  let fromY = 0;
  let toX = 0;
  let toY = 0;
  for (let i = 0; i < count; i++) {
    fromX += from[2 * i]! / count;
    fromY += from[2 * i + 1]! / count;
    toX += to[2 * i]! / count;
    toY += to[2 * i + 1]! / count;
  }
  let dot = 0;
  let cross = 0;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let i = 0; i < count; i++) {
    const x = from[2 * i]! - fromX;
    const y = from[2 * i + 1]! - fromY;
    const u = to[2 * i]! - toX;
    const v = to[2 * i + 1]! - toY;
    dot += x * u + y * v;
    cross += x * v - y * u;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  const spread = xx + yy;
  if (!(spread > 0) || !Number.isFinite(spread + dot + cross))
    throw degenerate('The points coincide or are not finite.');
  // Ratio of the principal variances: the eigenvalues of [[xx, xy], [xy, yy]].
  const difference = Math.sqrt((xx - yy) ** 2 + 4 * xy * xy);
  if (spread - difference < COLLINEAR_RATIO ** 2 * (spread + difference))
    throw degenerate('The points lie on one line.');
  const a = dot / spread;
  const b = cross / spread;
  return [a, -b, toX - a * fromX + b * fromY, b, a, toY - b * fromX - a * fromY];
}

function degenerate(message: string): AppError {
  return new AppError('FACE_DEGENERATE', message);
}
