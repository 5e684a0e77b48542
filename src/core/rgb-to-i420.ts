/** Decoded pictures as planar frames. */
import type { I420Frame } from './image.ts';

/** Shares of red and blue in luma: BT.601-7, BT.709-6, BT.2020-2. */
const WEIGHTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722], bt2020: [0.2627, 0.0593] } as const;

/**
 * Converts interleaved RGB to a planar frame of its matrix and range. Chroma is the mean of four pixels.
 * @param rgb 3 bytes a pixel, `width` x `height`; at an odd edge the last column or row is repeated
 * @param to  even size, at most one larger than the picture
 */
export function rgbToI420(rgb: Uint8Array, width: number, height: number, to: I420Frame): void {
  const { data, width: stride, height: rows, colour } = to;
  const [kr, kb] = WEIGHTS[colour.matrix];
  const kg = 1 - kr - kb;
  const [offset, lumaScale, chromaScale] = colour.range === 'full' ? [0, 1, 1] : [16, 219 / 255, 224 / 255];
  const chroma = stride * rows;
  for (let y = 0; y < rows; y += 2) {
    for (let x = 0; x < stride; x += 2) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let corner = 0; corner < 4; corner++) {
        const px = x + (corner & 1);
        const py = y + (corner >> 1);
        const at = (Math.min(py, height - 1) * width + Math.min(px, width - 1)) * 3;
        const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!];
        data[py * stride + px] = Math.round(offset + lumaScale * (kr * r + kg * g + kb * b));
        red += r;
        green += g;
        blue += b;
      }
      const luma = kr * red + kg * green + kb * blue;
      const place = chroma + (y / 2) * (stride / 2) + x / 2;
      data[place] = toByte(128 + (chromaScale * (blue - luma)) / (8 * (1 - kb)));
      data[place + chroma / 4] = toByte(128 + (chromaScale * (red - luma)) / (8 * (1 - kr)));
    }
  }
}

/** In full range pure blue and red come to 255.5. */
const toByte = (value: number): number => Math.min(255, Math.round(value));
