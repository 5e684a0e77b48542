import { describe, expect, it } from 'vitest';
import { gaussianBlur, gaussianKernel } from './gaussian.ts';

/** The definition, pixel by pixel, with the border mirrored. */
function blurred(values: Float32Array, width: number, height: number, sigma: number): Float32Array {
  const radius = (gaussianKernel(sigma).length - 1) / 2;
  const weight = (at: number): number => Math.exp(-(at * at) / (2 * sigma * sigma));
  const mirror = (at: number, size: number): number => {
    let index = at;
    while (index < 0 || index >= size) index = index < 0 ? -index : 2 * (size - 1) - index;
    return index;
  };
  return values.map((_, at) => {
    let [sum, total] = [0, 0];
    for (let y = -radius; y <= radius; y++) {
      for (let x = -radius; x <= radius; x++) {
        const row = mirror(Math.floor(at / width) + y, height);
        const column = mirror((at % width) + x, width);
        sum += weight(x) * weight(y) * values[row * width + column]!;
        total += weight(x) * weight(y);
      }
    }
    return sum / total;
  });
}

describe('gaussianBlur', () => {
  it.each([
    ['a noisy picture', (x: number, y: number) => ((x * 37 + y * 91) % 101) / 100, 1.3],
    ['a mask with rows that are all the same', (x: number, y: number) => (x > 4 && x < 9 && y > 3 && y < 8 ? 1 : 0), 1],
    ['a kernel that is wider than the picture', (x: number, y: number) => (x + 2 * y) / 40, 5],
  ])('is the definition for %s', (_name, valueAt, sigma) => {
    const [width, height] = [15, 11];
    const values = Float32Array.from({ length: width * height }, (_, at) =>
      valueAt(at % width, Math.floor(at / width)),
    );
    const wanted = blurred(values, width, height, sigma);
    const got = gaussianBlur(values, width, height, sigma);
    for (const [at, value] of got.entries()) expect(value).toBeCloseTo(wanted[at]!, 5);
  });

  it("has a kernel of OpenCV's size for floats", () => {
    expect(gaussianKernel(5)).toHaveLength(41);
    expect(gaussianKernel(19)).toHaveLength(153);
    expect(gaussianKernel(0.5)).toHaveLength(5);
  });
});
