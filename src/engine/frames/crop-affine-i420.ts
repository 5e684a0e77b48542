/**
 * The crop of `crop-affine.ts` from planar YUV. Sampling and averaging happen in YUV, where the colour conversion is
 * linear, so it is done once an output pixel and not once a sample.
 */
import type { I420Frame } from '../../core/image.ts';
import { type CropOptions, isInside, samplesOf } from './crop-affine.ts';
import type { Affine } from './similarity.ts';
import { yuvCoefficients } from './yuv-coefficients.ts';

/** Turns the fixed-point coefficients into floats. */
const FROM_FIXED = 1 / 65536;

/** Samples a crop of a planar frame into RGB. Parameters as in `cropAffine`. */
export function cropAffineI420(
  frame: I420Frame,
  matrix: Affine,
  size: number,
  out: Float32Array,
  scale: number,
  offset: number,
  options: CropOptions = {},
): Float32Array {
  const samples = samplesOf(matrix, options.maximumSamples ?? Number.POSITIVE_INFINITY);
  const safe = isInside(frame, matrix, size);
  const black = options.outside !== 'nearest';
  const { data, width, height } = frame;
  const chromaWidth = width >> 1;
  const chromaHeight = height >> 1;
  const uPlane = width * height;
  const vPlane = uPlane + chromaWidth * chromaHeight;
  const [a, b, c, d, e, f] = matrix;

  const k = yuvCoefficients(frame.colour);
  const lumaScale = k.lumaScale * FROM_FIXED;
  const redFromV = k.redFromV * FROM_FIXED;
  const greenFromU = k.greenFromU * FROM_FIXED;
  const greenFromV = k.greenFromV * FROM_FIXED;
  const blueFromU = k.blueFromU * FROM_FIXED;

  // Chroma has half the samples: one of its pixels covers four of luma.
  const chromaSamples = Math.max(1, samples >> 1);
  const step = 1 / samples;
  const chromaStep = 1 / chromaSamples;
  const first = step / 2 - 0.5;
  const chromaFirst = chromaStep / 2 - 0.5;
  const lumaWeight = step * step;
  const chromaWeight = chromaStep * chromaStep;

  for (let y = 0, o = 0; y < size; y++) {
    for (let x = 0; x < size; x++, o += 3) {
      const centreX = a * x + b * y + c;
      const centreY = d * x + e * y + f;
      let luma = 0;
      let covered = 1;
      let u: number;
      let v: number;
      if (samples > 1) {
        covered = 0;
        let rowX = centreX + (a + b) * first + 0.5;
        let rowY = centreY + (d + e) * first + 0.5;
        for (let j = 0; j < samples; j++, rowX += b * step, rowY += e * step) {
          let atX = rowX;
          let atY = rowY;
          for (let i = 0; i < samples; i++, atX += a * step, atY += d * step) {
            let column = Math.floor(atX);
            let line = Math.floor(atY);
            if (!safe && (column < 0 || line < 0 || column >= width || line >= height)) {
              if (black) continue;
              column = column < 0 ? 0 : column >= width ? width - 1 : column;
              line = line < 0 ? 0 : line >= height ? height - 1 : line;
            }
            luma += data[line * width + column]!;
            covered++;
          }
        }
        luma = covered > 0 ? luma / covered : 0;
        covered *= lumaWeight;
        u = 0;
        v = 0;
        rowX = (centreX + (a + b) * chromaFirst + 0.5) * 0.5;
        rowY = (centreY + (d + e) * chromaFirst + 0.5) * 0.5;
        for (let j = 0; j < chromaSamples; j++, rowX += b * chromaStep * 0.5, rowY += e * chromaStep * 0.5) {
          let atX = rowX;
          let atY = rowY;
          for (let i = 0; i < chromaSamples; i++, atX += a * chromaStep * 0.5, atY += d * chromaStep * 0.5) {
            let column = Math.floor(atX);
            let line = Math.floor(atY);
            if (!safe) {
              column = column < 0 ? 0 : column >= chromaWidth ? chromaWidth - 1 : column;
              line = line < 0 ? 0 : line >= chromaHeight ? chromaHeight - 1 : line;
            }
            const q = line * chromaWidth + column;
            u += data[uPlane + q]!;
            v += data[vPlane + q]!;
          }
        }
        u *= chromaWeight;
        v *= chromaWeight;
      } else {
        const insideX = centreX < 0 ? 0 : centreX > width - 1 ? width - 1 : centreX;
        const insideY = centreY < 0 ? 0 : centreY > height - 1 ? height - 1 : centreY;
        if (!safe && black && (Math.abs(centreX - insideX) > 0.5 || Math.abs(centreY - insideY) > 0.5)) covered = 0;
        luma = bilinear(data, 0, width, height, insideX, insideY);
        const chromaX = insideX * 0.5 - 0.25;
        const chromaY = insideY * 0.5 - 0.25;
        const cx = chromaX < 0 ? 0 : chromaX > chromaWidth - 1 ? chromaWidth - 1 : chromaX;
        const cy = chromaY < 0 ? 0 : chromaY > chromaHeight - 1 ? chromaHeight - 1 : chromaY;
        u = bilinear(data, uPlane, chromaWidth, chromaHeight, cx, cy);
        v = bilinear(data, vPlane, chromaWidth, chromaHeight, cx, cy);
      }
      const l = (luma - k.lumaOffset) * lumaScale;
      u -= 128;
      v -= 128;
      const red = l + redFromV * v;
      const green = l + greenFromU * u + greenFromV * v;
      const blue = l + blueFromU * u;
      const gain = scale * covered;
      out[o] = (red < 0 ? 0 : red > 255 ? 255 : red) * gain + offset;
      out[o + 1] = (green < 0 ? 0 : green > 255 ? 255 : green) * gain + offset;
      out[o + 2] = (blue < 0 ? 0 : blue > 255 ? 255 : blue) * gain + offset;
    }
  }
  return out;
}

/** One sample of a plane; x and y lie inside it. */
function bilinear(data: Uint8Array, plane: number, width: number, height: number, x: number, y: number): number {
  const column = Math.floor(x);
  const line = Math.floor(y);
  const fx = x - column;
  const fy = y - line;
  const p = plane + line * width + column;
  const right = column < width - 1 ? 1 : 0;
  const below = line < height - 1 ? width : 0;
  const top = data[p]! + (data[p + right]! - data[p]!) * fx;
  const bottom = data[p + below]! + (data[p + below + right]! - data[p + below]!) * fx;
  return top + (bottom - top) * fy;
}
