/** Gaussian blur as OpenCV computes it for float images with a kernel size of (0, 0). */

/**
 * @param values one channel, `width * height`; not changed
 * @param sigma  standard deviation in pixels, above 0
 * @param kernel default: that of a float image
 * @returns a new array, owned by the caller. The border is reflected without repeating the outermost pixel.
 */
export function gaussianBlur(
  values: Float32Array,
  width: number,
  height: number,
  sigma: number,
  kernel: Float32Array = gaussianKernel(sigma),
): Float32Array {
  const across = blurRows(values, width, height, kernel);
  return transpose(blurRows(transpose(across, width, height), height, width, kernel), height, width);
}

/** Weights of an image: round(8 sigma + 1) of them, 6 for bytes, made odd, that add up to 1. */
export function gaussianKernel(sigma: number, depth: 'float' | 'byte' = 'float'): Float32Array {
  const size = Math.round(sigma * (depth === 'byte' ? 6 : 8) + 1) | 1;
  const weights = Float64Array.from({ length: size }, (_, at) =>
    Math.exp(-((at - (size - 1) / 2) ** 2) / (2 * sigma ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float32Array.from(weights, (weight) => weight / sum);
}

function blurRows(values: Float32Array, width: number, height: number, kernel: Float32Array): Float32Array {
  const radius = (kernel.length - 1) / 2;
  const row = new Float32Array(width + 2 * radius);
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) {
    const start = y * width;
    // Most rows of a mask are the same all along.
    if (isEven(values, start, width)) {
      out.fill(values[start]!, start, start + width);
      continue;
    }
    row.set(values.subarray(start, start + width), radius);
    for (let i = 0; i < radius; i++) {
      row[i] = values[start + reflect(i - radius, width)]!;
      row[radius + width + i] = values[start + reflect(width + i, width)]!;
    }
    for (let x = 0; x < width; x++) {
      let sum = row[x + radius]! * kernel[radius]!;
      // The kernel is symmetric.
      for (let k = 0, m = kernel.length - 1; k < radius; k++, m--) sum += (row[x + k]! + row[x + m]!) * kernel[k]!;
      out[start + x] = sum;
    }
  }
  return out;
}

function isEven(values: Float32Array, start: number, width: number): boolean {
  const first = values[start];
  for (let at = start + 1; at < start + width; at++) if (values[at] !== first) return false;
  return true;
}

/** OpenCV's BORDER_REFLECT_101. */
export function reflect(index: number, size: number): number {
  if (size === 1) return 0;
  const period = 2 * (size - 1);
  const at = ((index % period) + period) % period;
  return at < size ? at : period - at;
}

function transpose(values: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let y = 0, at = 0; y < height; y++) for (let x = 0; x < width; x++, at++) out[x * height + y] = values[at]!;
  return out;
}
