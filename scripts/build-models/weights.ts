/** Numbers with a shape, before they become a constant of a graph. */
export interface Weights {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/**
 * Reorders the axes of a tensor: axis `i` of the result is axis `order[i]` of `weights`.
 * Kernels arrive as height x width x in x out, ONNX wants out x in x height x width.
 * @returns a new tensor, owned by the caller
 */
export function permute({ data, shape }: Weights, order: readonly number[]): Weights {
  const strides = shape.map((_, axis) => productOf(shape.slice(axis + 1)));
  const newShape = order.map((axis) => shape[axis]);
  const newStrides = order.map((axis) => strides[axis]);
  const result = new Float32Array(data.length);
  const index = newShape.map(() => 0);
  let source = 0;
  for (let target = 0; target < result.length; target++) {
    result[target] = data[source];
    for (let axis = newShape.length - 1; axis >= 0; axis--) {
      source += newStrides[axis];
      if (++index[axis] < newShape[axis]) break;
      source -= newStrides[axis] * newShape[axis];
      index[axis] = 0;
    }
  }
  return { data: result, shape: newShape };
}

export function productOf(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

/**
 * The bytes in a buffer of their own, so that a view of wider numbers is aligned and sees nothing else. Not `slice`: a
 * Node Buffer's slice shares the whole buffer.
 */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** Decodes IEEE 754 half floats. Exact: every half float is a float. */
export function decodeHalfFloats(halves: Uint16Array): Float32Array {
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = decodeHalfFloat(halves[i]);
  return floats;
}

function decodeHalfFloat(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
