/** Distances over a UV map along the path of least change, by Dijkstra's algorithm with a binary heap. */

/** A min-heap of (distance, texel) pairs. Distances are Float64: rounding to Float32 would never settle. */
class Heap {
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  get size(): number {
    return this.#keys.length;
  }

  push(key: number, value: number): void {
    const keys = this.#keys;
    const values = this.#values;
    let k = keys.length;
    keys.push(key);
    values.push(value);
    while (k > 0) {
      const parent = (k - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[k] = keys[parent];
      values[k] = values[parent];
      k = parent;
    }
    keys[k] = key;
    values[k] = value;
  }

  pop(): readonly [number, number] {
    const keys = this.#keys;
    const values = this.#values;
    const top = [keys[0], values[0]] as const;
    const key = keys.pop()!;
    const value = values.pop()!;
    const n = keys.length;
    if (n > 0) {
      let k = 0;
      for (;;) {
        let child = 2 * k + 1;
        if (child >= n) break;
        if (child + 1 < n && keys[child + 1] < keys[child]) child++;
        if (keys[child] >= key) break;
        keys[k] = keys[child];
        values[k] = values[child];
        k = child;
      }
      keys[k] = key;
      values[k] = value;
    }
    return top;
  }
}

/** Reached by no path. */
export const UNREACHED = 1e9;

/**
 * @param seeds    texels at distance 0
 * @param passable whether a texel may be entered
 * @param cost     price of the step between two neighbours; `length` is 1 or the diagonal's 1.41
 * @returns Float64 distance a texel, UNREACHED where no path leads
 */
export function geodesicDistances(
  size: number,
  seeds: readonly number[],
  passable: (texel: number) => boolean,
  cost: (from: number, to: number, length: number) => number,
): Float64Array {
  const distance = new Float64Array(size * size).fill(UNREACHED);
  const heap = new Heap();
  for (const seed of seeds) {
    distance[seed] = 0;
    heap.push(0, seed);
  }
  const steps: readonly (readonly [number, number])[] = [
    [1, 1],
    [-1, 1],
    [size, 1],
    [-size, 1],
    [size + 1, Math.SQRT2],
    [size - 1, Math.SQRT2],
    [-size + 1, Math.SQRT2],
    [-size - 1, Math.SQRT2],
  ];
  while (heap.size) {
    const [d, i] = heap.pop();
    if (d > distance[i]) continue;
    for (const [offset, length] of steps) {
      const j = i + offset;
      if (!passable(j)) continue;
      const next = d + cost(i, j, length);
      if (next < distance[j]) {
        distance[j] = next;
        heap.push(next, j);
      }
    }
  }
  return distance;
}
