/** Resizes pictures as OpenCV does, for models that were made with it. */
import type { RgbImage } from '../../core/image.ts';
import { samplePlaces } from './sample-places.ts';

/** Bilinear with pixel centres at half pixels, without averaging, rounded. Owned by the caller. */
export function resizeBilinear({ data, width, height }: RgbImage, toWidth: number, toHeight: number): RgbImage {
  if (width === toWidth && height === toHeight) return { data: Uint8Array.from(data), width, height };
  const columns = samplePlaces(toWidth, width);
  const rows = samplePlaces(toHeight, height);
  const out = new Uint8Array(toWidth * toHeight * 3);
  for (let y = 0, o = 0; y < toHeight; y++) {
    const above = rows.low[y]! * width * 3;
    const below = rows.high[y]! * width * 3;
    const fy = rows.part[y]!;
    for (let x = 0; x < toWidth; x++) {
      const left = columns.low[x]! * 3;
      const right = columns.high[x]! * 3;
      const fx = columns.part[x]!;
      for (let channel = 0; channel < 3; channel++, o++) {
        const top = data[above + left + channel]! * (1 - fx) + data[above + right + channel]! * fx;
        const bottom = data[below + left + channel]! * (1 - fx) + data[below + right + channel]! * fx;
        out[o] = top * (1 - fy) + bottom * fy + 0.5;
      }
    }
  }
  return { data: out, width: toWidth, height: toHeight };
}

/**
 * Averages what each pixel covers, rounded: OpenCV's INTER_AREA for shrinking. A side that grows is bilinear.
 * Owned by the caller.
 */
export function resizeArea(image: RgbImage, toWidth: number, toHeight: number): RgbImage {
  const { data, width, height } = image;
  if (toWidth > width || toHeight > height) return resizeBilinear(image, toWidth, toHeight);
  const out = new Uint8Array(toWidth * toHeight * 3);
  const [scaleX, scaleY] = [width / toWidth, height / toHeight];
  const weightX = 1 / scaleX;
  const weightY = 1 / scaleY;
  for (let y = 0, o = 0; y < toHeight; y++) {
    const y0 = y * scaleY;
    const y1 = Math.min(height, y0 + scaleY);
    for (let x = 0; x < toWidth; x++, o += 3) {
      const x0 = x * scaleX;
      const x1 = Math.min(width, x0 + scaleX);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let row = Math.floor(y0); row < y1; row++) {
        const share = (Math.min(row + 1, y1) - Math.max(row, y0)) * weightY;
        for (let column = Math.floor(x0); column < x1; column++) {
          const weight = share * (Math.min(column + 1, x1) - Math.max(column, x0)) * weightX;
          const p = (row * width + column) * 3;
          red += data[p]! * weight;
          green += data[p + 1]! * weight;
          blue += data[p + 2]! * weight;
        }
      }
      out[o] = red + 0.5;
      out[o + 1] = green + 0.5;
      out[o + 2] = blue + 0.5;
    }
  }
  return { data: out, width: toWidth, height: toHeight };
}
