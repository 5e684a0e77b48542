import type { I420Frame, RgbImage } from '../../core/image.ts';
import { type CropOptions, cropAffine } from './crop-affine.ts';
import { cropAffineI420 } from './crop-affine-i420.ts';
import type { Affine } from './similarity.ts';

/**
 * What models can look at: a photo in RGB, or a video frame as the decoder gave it. Nothing needs the whole frame in
 * RGB to find or follow a face.
 */
export type Picture = RgbImage | I420Frame;

/** True for a planar frame. */
export const isI420 = (picture: Picture): picture is I420Frame => 'colour' in picture;

/** `cropAffine` or `cropAffineI420`, whichever the picture needs. */
export function cropPicture(
  picture: Picture,
  matrix: Affine,
  size: number,
  out: Float32Array,
  scale: number,
  offset: number,
  options?: CropOptions,
): Float32Array {
  return isI420(picture)
    ? cropAffineI420(picture, matrix, size, out, scale, offset, options)
    : cropAffine(picture, matrix, size, out, scale, offset, options);
}
