/** Aligned crops out of photos and video frames alike. */
import type { RgbImage } from '../../core/image.ts';
import { createKernels } from '../kernels/kernels.ts';
import { RegionPixels } from '../kernels/region-pixels.ts';
import { cropMatrix, pasteArea, warpCrop } from './face-crop.ts';
import { isI420, type Picture } from './picture.ts';
import type { Affine } from './similarity.ts';
import type { WarpTemplate } from './warp-templates.ts';

/** Pixels around the crop that bilinear sampling reaches. */
const MARGIN = 2;

/**
 * @param landmarks5 5 x (x, y) in pixels of the picture
 * @returns owned by the caller
 * @throws FACE_DEGENERATE
 */
export type AlignedCropper = (
  picture: Picture,
  landmarks5: ArrayLike<number>,
  template: WarpTemplate,
  size: number,
) => RgbImage;

/** Crops with memory of its own: of a video frame, only what is around the face becomes RGB. */
export function createAlignedCropper(): AlignedCropper {
  let pixels: RegionPixels | undefined;
  return (picture, landmarks5, template, size) => {
    const matrix = cropMatrix(landmarks5, template, size);
    return cropByMatrix(picture, matrix, size, () => (pixels ??= new RegionPixels(createKernels())));
  };
}

/**
 * @param matrix   from pixels of the picture to pixels of the crop
 * @param pixelsOf memory for what is taken out of a video frame
 * @param border   see `warpCrop`
 */
export function cropByMatrix(
  picture: Picture,
  matrix: Affine,
  size: number,
  pixelsOf: () => RegionPixels,
  border: 'replicate' | 'black' = 'replicate',
): RgbImage {
  if (!isI420(picture)) return warpCrop(picture, matrix, size, size, border);
  const { width, height } = picture;
  const area = pasteArea(matrix, size, size, picture);
  // A crop beside the picture shows its nearest pixels.
  const x0 = Math.max(0, Math.min(area.x0 - MARGIN, width - 2)) & ~1;
  const y0 = Math.max(0, Math.min(area.y0 - MARGIN, height - 2)) & ~1;
  const x1 = Math.min(width, (Math.max(area.x1 + MARGIN, x0 + 2) + 1) & ~1);
  const y1 = Math.min(height, (Math.max(area.y1 + MARGIN, y0 + 2) + 1) & ~1);
  const pixels = pixelsOf();
  pixels.load(picture, { x0, y0, x1, y1 });
  const [a, b, c, d, e, f] = matrix;
  return warpCrop(pixels.before, [a, b, c + a * x0 + b * y0, d, e, f + d * x0 + e * y0], size, size, border);
}
