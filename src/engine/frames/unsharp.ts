import type { RgbImage } from '../../core/image.ts';
import { gaussianBlur, gaussianKernel } from './gaussian.ts';

/**
 * Sharpens a picture by what a blurred copy of it lacks: (1 + amount) picture - amount blurred, cut to bytes.
 * @param sigma of the blur in pixels
 * @returns a new picture, owned by the caller
 */
export function unsharp({ data, width, height }: RgbImage, amount: number, sigma: number): RgbImage {
  const out = new Uint8ClampedArray(data.length);
  const kernel = gaussianKernel(sigma, 'byte');
  const plane = new Float32Array(width * height);
  for (let channel = 0; channel < 3; channel++) {
    for (let pixel = 0; pixel < plane.length; pixel++) plane[pixel] = data[pixel * 3 + channel]!;
    const blurred = gaussianBlur(plane, width, height, sigma, kernel);
    for (let pixel = 0; pixel < plane.length; pixel++) {
      // The blurred picture has bytes of its own.
      out[pixel * 3 + channel] = (1 + amount) * plane[pixel]! - amount * Math.round(blurred[pixel]!);
    }
  }
  return { data: new Uint8Array(out.buffer), width, height };
}
