import type { RgbImage } from '../../core/image.ts';
import { warpCrop } from './face-crop.ts';
import { type Affine, invertAffine } from './similarity.ts';

/** Counter-clockwise, in degrees. */
export type QuarterTurn = 0 | 90 | 180 | 270;

/**
 * Turns a picture about its middle, on a canvas that holds all of it, and says how to come back. The middle is that of
 * the picture's edges, as in FaceFusion, so that one row or column of pixels falls off.
 */
export function turnPicture(image: RgbImage, angle: QuarterTurn): { turned: RgbImage; back: Affine } {
  if (angle === 0) return { turned: image, back: [1, 0, 0, 0, 1, 0] };
  const [cos, sin] = [Math.round(Math.cos((angle * Math.PI) / 180)), Math.round(Math.sin((angle * Math.PI) / 180))];
  const { width: w, height: h } = image;
  const width = Math.abs(cos) * w + Math.abs(sin) * h;
  const height = Math.abs(sin) * w + Math.abs(cos) * h;
  const [cx, cy] = [w / 2, h / 2];
  const there: Affine = [
    ...[cos, sin, (1 - cos) * cx - sin * cy + (width - w) / 2],
    ...[-sin, cos, sin * cx + (1 - cos) * cy + (height - h) / 2],
  ] as unknown as Affine;
  return { turned: warpCrop(image, there, width, height, 'black'), back: invertAffine(there) };
}
