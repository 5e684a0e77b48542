import type { I420Frame, Region, RgbImage } from '../../core/image.ts';
import { createKernels } from '../kernels/kernels.ts';
import { RegionPixels } from '../kernels/region-pixels.ts';
import { isI420, type Picture } from './picture.ts';

/**
 * Converts `region` of one frame into the same place of `out`. For single frames: a loop keeps a RegionPixels of its
 * own.
 * @param out    picture of the frame's size; only the region is written
 * @param region even coordinates, inside the frame
 * @throws INTERNAL when the region or a size does not fit
 */
export function i420ToRgb(frame: I420Frame, out: RgbImage, region: Region): void {
  const pixels = new RegionPixels(createKernels());
  pixels.load(frame, region);
  pixels.copyTo(out, region);
}

/** The whole of a picture in RGB; a photo is its own. For single frames. */
export function toRgb(picture: Picture): RgbImage {
  if (!isI420(picture)) return picture;
  const { width, height } = picture;
  const image = { data: new Uint8Array(width * height * 3), width, height };
  i420ToRgb(picture, image, { x0: 0, y0: 0, x1: width, y1: height });
  return image;
}
