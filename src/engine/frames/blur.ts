/** Separable blurs on interleaved Float32 planes. */

/** One horizontal box pass that writes its result transposed, so that two passes blur both ways. */
function boxPass(
  from: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  channels: number,
  radius: number,
): void {
  const scale = 1 / (2 * radius + 1);
  const last = (width - 1) * channels;
  const stride = height * channels;
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < channels; c++) {
      const row = y * width * channels + c;
      let sum = from[row] * (radius + 1);
      for (let x = 1; x <= radius; x++) sum += from[row + Math.min(x * channels, last)];
      let out = y * channels + c;
      for (let x = 0; x < width; x++, out += stride) {
        to[out] = sum * scale;
        const enter = (x + radius + 1) * channels;
        const leave = (x - radius) * channels;
        sum += from[row + (enter > last ? last : enter)] - from[row + (leave < 0 ? 0 : leave)];
      }
    }
  }
}

/** The same for four channels at once: the light estimate runs it several times a frame. */
function boxPass4(from: Float32Array, to: Float32Array, width: number, height: number, radius: number): void {
  const scale = 1 / (2 * radius + 1);
  const last = (width - 1) * 4;
  for (let y = 0; y < height; y++) {
    const row = y * width * 4;
    let a = from[row] * (radius + 1);
    let b = from[row + 1] * (radius + 1);
    let c = from[row + 2] * (radius + 1);
    let d = from[row + 3] * (radius + 1);
    for (let x = 1; x <= radius; x++) {
      const p = row + Math.min(x * 4, last);
      a += from[p];
      b += from[p + 1];
      c += from[p + 2];
      d += from[p + 3];
    }
    for (let x = 0, out = y * 4; x < width; x++, out += height * 4) {
      to[out] = a * scale;
      to[out + 1] = b * scale;
      to[out + 2] = c * scale;
      to[out + 3] = d * scale;
      const enter = (x + radius + 1) * 4;
      const leave = (x - radius) * 4;
      const p = row + (enter > last ? last : enter);
      const q = row + (leave < 0 ? 0 : leave);
      a += from[p] - from[q];
      b += from[p + 1] - from[q + 1];
      c += from[p + 2] - from[q + 2];
      d += from[p + 3] - from[q + 3];
    }
  }
}

/**
 * Approximates a Gaussian by repeated box blurs; the border repeats the outermost value.
 * @param values interleaved, `width * height * channels`; not changed
 * @param sigma  standard deviation in samples; the box radius is at least 1
 * @param passes number of box blurs; three are within 3 % of a Gaussian
 * @returns a new array, owned by the caller
 * @see Kovesi, Fast Almost-Gaussian Filtering, 2010 (ideal box width from sigma)
 */
export function blur(
  values: Float32Array,
  width: number,
  height: number,
  channels: number,
  sigma: number,
  passes = 3,
): Float32Array {
  const radius = Math.max(1, Math.round((Math.sqrt((12 * sigma * sigma) / passes + 1) - 1) / 2));
  const result = new Float32Array(values);
  const turned = new Float32Array(values.length);
  for (let i = 0; i < passes; i++) {
    if (channels === 4) {
      boxPass4(result, turned, width, height, radius);
      boxPass4(turned, result, height, width, radius);
    } else {
      boxPass(result, turned, width, height, channels, radius);
      boxPass(turned, result, height, width, channels, radius);
    }
  }
  return result;
}
