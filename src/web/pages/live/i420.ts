/** Pixels of a camera as planes: Y, then U and V in half the size. */
import type { Colour } from './live-packet.ts';

/** Turns a picture left to right, in place. */
export function mirror(planes: Uint8Array, width: number, height: number): void {
  const half = width / 2;
  let at = 0;
  const turn = (rows: number, length: number): void => {
    for (let row = 0; row < rows; row++, at += length) planes.subarray(at, at + length).reverse();
  };
  turn(height, width);
  turn(height, half);
}

/** U and V of NV12, which come in turn, one plane after the other. */
export function splitChroma(nv12: Uint8Array, planes: Uint8Array, width: number, height: number): void {
  const count = width * height;
  const quarter = count / 4;
  planes.set(nv12.subarray(0, count));
  for (let at = 0, from = count; at < quarter; at++, from += 2) {
    planes[count + at] = nv12[from]!;
    planes[count + quarter + at] = nv12[from + 1]!;
  }
}

/** RGBA in BT.601, limited range; the chroma of four pixels is their mean. */
export function fromRgba(rgba: Uint8ClampedArray, planes: Uint8Array, width: number, height: number): void {
  const count = width * height;
  const stride = width * 4;
  for (let at = 0, p = 0; at < count; at++, p += 4) {
    planes[at] = (66 * rgba[p]! + 129 * rgba[p + 1]! + 25 * rgba[p + 2]! + 4224) >> 8;
  }
  let u = count;
  let v = count + count / 4;
  for (let y = 0; y < height; y += 2) {
    for (let x = 0; x < width; x += 2) {
      const p = y * stride + x * 4;
      const sum = (channel: number): number =>
        rgba[p + channel]! + rgba[p + 4 + channel]! + rgba[p + stride + channel]! + rgba[p + stride + 4 + channel]!;
      const [r, g, b] = [sum(0), sum(1), sum(2)];
      // 128 and a half in units of four pixels and 256.
      planes[u++] = (-38 * r - 74 * g + 112 * b + 131_584) >> 10;
      planes[v++] = (112 * r - 94 * g - 18 * b + 131_584) >> 10;
    }
  }
}

/** What V and U add, of luma and chroma in full range. */
const WEIGHTS = {
  bt601: { red: 1.402, greenU: 0.344136, greenV: 0.714136, blue: 1.772 },
  bt709: { red: 1.5748, greenU: 0.187324, greenV: 0.468124, blue: 1.8556 },
} as const;

/** For browsers that draw no planes. @param rgba filled */
export function toRgba(
  planes: Uint8Array,
  width: number,
  height: number,
  { matrix, isFull }: Colour,
  rgba: Uint8ClampedArray,
): void {
  const { red, greenU, greenV, blue } = WEIGHTS[matrix];
  const [black, lumaScale, chromaScale] = isFull ? [0, 1, 1] : [16, 255 / 219, 255 / 224];
  const count = width * height;
  const half = width / 2;
  for (let y = 0, at = 0, p = 0; y < height; y++) {
    const row = count + (y >> 1) * half;
    for (let x = 0; x < width; x++, at++, p += 4) {
      const chroma = row + (x >> 1);
      const luma = (planes[at]! - black) * lumaScale;
      const u = (planes[chroma]! - 128) * chromaScale;
      const v = (planes[chroma + count / 4]! - 128) * chromaScale;
      rgba[p] = luma + red * v;
      rgba[p + 1] = luma - greenU * u - greenV * v;
      rgba[p + 2] = luma + blue * u;
      rgba[p + 3] = 255;
    }
  }
}
