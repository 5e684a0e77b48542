/** Planar frames changed by hand. */
import type { I420Frame, RgbImage } from '../../src/core/image.ts';

/** Paints columns `[x0, x1)`, both even, of a frame grey: whoever was there is gone. The frame itself stays. */
export function hide(frame: I420Frame, x0: number, x1: number): I420Frame {
  const data = frame.data.slice();
  const { width, height } = frame;
  for (let y = 0; y < height; y++) data.fill(128, y * width + x0, y * width + x1);
  for (let y = 0; y < height; y++) {
    const row = width * height + (y * width) / 2;
    data.fill(128, row + x0 / 2, row + x1 / 2);
  }
  return { ...frame, data };
}

/** Two frames beside each other. */
export function beside(left: I420Frame, right: I420Frame): I420Frame {
  const { width, height } = left;
  const data = new Uint8Array(width * height * 3);
  const plane = (from: number, to: number, rowWidth: number, rows: number): void => {
    for (let y = 0; y < rows; y++) {
      data.set(left.data.subarray(from + y * rowWidth, from + (y + 1) * rowWidth), to + y * 2 * rowWidth);
      data.set(right.data.subarray(from + y * rowWidth, from + (y + 1) * rowWidth), to + (2 * y + 1) * rowWidth);
    }
  };
  const luma = width * height;
  plane(0, 0, width, height);
  plane(luma, luma * 2, width / 2, height / 2);
  plane(luma * 1.25, luma * 2.5, width / 2, height / 2);
  return { ...left, data, width: width * 2 };
}

/** The brightness of a photo, in the top left corner of a frame as large as `like`; grey where it does not reach. */
export function photoFrame(photo: RgbImage, like: I420Frame): I420Frame {
  const { width, height } = like;
  const data = new Uint8Array(like.data.length).fill(128);
  for (let y = 0; y < Math.min(height, photo.height); y++) {
    for (let x = 0; x < Math.min(width, photo.width); x++) {
      const p = (y * photo.width + x) * 3;
      data[y * width + x] =
        16 + Math.round(0.257 * photo.data[p]! + 0.504 * photo.data[p + 1]! + 0.098 * photo.data[p + 2]!);
    }
  }
  return { ...like, data };
}
