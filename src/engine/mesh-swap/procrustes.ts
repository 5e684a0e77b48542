/** Similarity transforms between sets of 3-D points. */

/** `p -> scale * rotation * (p - from) + to`; rotation row-major 3x3. */
export interface Similarity3 {
  readonly rotation: readonly number[];
  readonly scale: number;
  readonly from: readonly [number, number, number];
  readonly to: readonly [number, number, number];
}

function centroid(points: Float32Array, indices: readonly number[]): [number, number, number] {
  const sum: [number, number, number] = [0, 0, 0];
  for (const i of indices) for (let k = 0; k < 3; k++) sum[k] += points[i * 3 + k] / indices.length;
  return sum;
}

/**
 * The similarity that moves `a` onto `b` with least squared error over `indices`.
 * @see Horn, Closed-form solution of absolute orientation using unit quaternions, 1987
 */
export function procrustes(a: Float32Array, b: Float32Array, indices: readonly number[]): Similarity3 {
  const from = centroid(a, indices);
  const to = centroid(b, indices);
  const s = new Float64Array(9);
  let varianceA = 0;
  let varianceB = 0;
  for (const i of indices) {
    for (let r = 0; r < 3; r++) {
      const p = a[i * 3 + r] - from[r];
      const q = b[i * 3 + r] - to[r];
      varianceA += p * p;
      varianceB += q * q;
      for (let c = 0; c < 3; c++) s[r * 3 + c] += p * (b[i * 3 + c] - to[c]);
    }
  }
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s;
  // Horn's symmetric 4x4; its eigenvector of the largest eigenvalue is the rotation. The shift makes it positive
  // definite, so that power iteration finds that one.
  const shift = Math.sqrt(varianceA * varianceB) + 1e-9;
  const m = [
    [xx + yy + zz + shift, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz + shift, xy + yx, zx + xz],
    [zx - xz, xy + yx, -xx + yy - zz + shift, yz + zy],
    [xy - yx, zx + xz, yz + zy, -xx - yy + zz + shift],
  ];
  let [w, x, y, z] = [1, 0.01, 0.01, 0.01];
  for (let round = 0; round < 80; round++) {
    const [nextW, nextX, nextY, nextZ] = m.map((row) => row[0] * w + row[1] * x + row[2] * y + row[3] * z);
    const length = Math.sqrt(nextW * nextW + nextX * nextX + nextY * nextY + nextZ * nextZ);
    [w, x, y, z] = [nextW / length, nextX / length, nextY / length, nextZ / length];
  }
  return {
    rotation: [
      1 - 2 * (y * y + z * z),
      2 * (x * y - w * z),
      2 * (x * z + w * y),
      2 * (x * y + w * z),
      1 - 2 * (x * x + z * z),
      2 * (y * z - w * x),
      2 * (x * z - w * y),
      2 * (y * z + w * x),
      1 - 2 * (x * x + y * y),
    ],
    scale: Math.sqrt(varianceB / varianceA),
    from,
    to,
  };
}

/** Applies a similarity to all points of an xyz array. */
export function applySimilarity3(t: Similarity3, points: Float32Array): Float32Array {
  const out = new Float32Array(points.length);
  const { rotation: r, scale, from, to } = t;
  for (let i = 0; i < points.length; i += 3) {
    const x = points[i] - from[0];
    const y = points[i + 1] - from[1];
    const z = points[i + 2] - from[2];
    out[i] = scale * (r[0] * x + r[1] * y + r[2] * z) + to[0];
    out[i + 1] = scale * (r[3] * x + r[4] * y + r[5] * z) + to[1];
    out[i + 2] = scale * (r[6] * x + r[7] * y + r[8] * z) + to[2];
  }
  return out;
}
