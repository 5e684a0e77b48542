/** Upright, aligned crops of faces, as recognisers see them. */
import type { RgbImage } from '../core/image.ts';
import type { Face } from '../engine/faces/face.ts';
import { ARCFACE_112 } from '../engine/frames/alignment-templates.ts';
import { cropPicture, type Picture } from '../engine/frames/picture.ts';
import { similarityBetween } from '../engine/frames/similarity.ts';

/** Edge of a crop in pixels. */
export const FACE_CROP_SIZE = 256;

/**
 * The face turned upright, its five landmarks on ArcFace's template.
 * @param picture in which the face was found, lent
 * @returns FACE_CROP_SIZE square, owned by the caller
 * @throws FACE_DEGENERATE when the landmarks are collinear
 */
export function cropFace(picture: Picture, face: Pick<Face, 'landmarks5'>): RgbImage {
  const size = FACE_CROP_SIZE;
  const points = ARCFACE_112.points.map((value) => (value * size) / ARCFACE_112.size);
  const values = new Float32Array(size * size * 3);
  cropPicture(picture, similarityBetween(points, face.landmarks5), size, values, 1, 0);
  return { data: new Uint8Array(Uint8ClampedArray.from(values).buffer), width: size, height: size };
}
