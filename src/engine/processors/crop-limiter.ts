/** Masks that are made on an aligned crop, for a processor that does not work on one. */
import type { RgbImage } from '../../core/image.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import { landmarks5Of } from '../faces/landmarks.ts';
import { cropMatrix, warpCrop } from '../frames/face-crop.ts';
import type { ModelStore } from '../inference/session.ts';
import { type FaceMaskType, isFiniteMask, openFaceMasker, smallestMask } from '../masks/face-masker.ts';
import { limitToMask } from '../masks/limit-to-mask.ts';
import { landmarksInCrop } from './crop-processor.ts';
import type { TargetFace } from './processor.ts';

const TEMPLATE = 'ffhq_512';
const SIZE = 256;

/**
 * Takes a change of a face back where the masks say so.
 * @param before the picture around the face as it was
 * @param out    the same size with the change; changed in place
 * @param face   in coordinates of that picture
 * @returns false where a model gave numbers that are none; then all of `out` is as `before`
 */
export type CropLimiter = (before: RgbImage, out: RgbImage, face: TargetFace) => Promise<boolean>;

/**
 * @param types masks to make, at least one
 * @throws what opening a model throws
 */
export async function openCropLimiter(
  store: ModelStore,
  options: ResolvedProcessOptions,
  types: readonly FaceMaskType[],
): Promise<CropLimiter> {
  const masker = await openFaceMasker(store, options, types);
  const request = { types, usePadding: true };
  return async (before, out, face) => {
    const matrix = cropMatrix(face.landmarks5 ?? landmarks5Of(face.mesh), TEMPLATE, SIZE);
    const at = landmarksInCrop(face, matrix);
    const mask = smallestMask(
      await masker.before(warpCrop(before, matrix, SIZE), at, request),
      await masker.after(warpCrop(out, matrix, SIZE), at, request),
    );
    if (mask && isFiniteMask(mask)) {
      limitToMask(before, out, mask, SIZE, matrix);
      return true;
    }
    out.data.set(before.data);
    return false;
  };
}
