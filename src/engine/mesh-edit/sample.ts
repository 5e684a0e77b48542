import type { RgbImage } from '../../core/image.ts';

/** Bilinear sample into `out`, as R, G, B; outside of the image its nearest pixel. */
export function sampleRgb({ data, width, height }: RgbImage, x: number, y: number, out: Float64Array): void {
  const cx = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
  const cy = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
  const ix = Math.min(cx | 0, width - 2);
  const iy = Math.min(cy | 0, height - 2);
  const fx = cx - ix;
  const fy = cy - iy;
  const p = (iy * width + ix) * 3;
  const q = p + width * 3;
  for (let c = 0; c < 3; c++) {
    const top = data[p + c] + (data[p + 3 + c] - data[p + c]) * fx;
    const bottom = data[q + c] + (data[q + 3 + c] - data[q + c]) * fx;
    out[c] = top + (bottom - top) * fy;
  }
}
