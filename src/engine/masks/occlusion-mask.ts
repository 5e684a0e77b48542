/** Masks of what is in front of a face, by models that see the crop. */
import type { RgbImage } from '../../core/image.ts';
import { resizeBilinear } from '../frames/resize-image.ts';
import { resizePlane } from '../frames/resize-plane.ts';
import { toTensor } from '../frames/tensor-pixels.ts';
import type { ModelSession, ModelStore } from '../inference/session.ts';
import type { FaceMaskerFacts } from '../models/catalogue/face-maskers.ts';
import { sharpenMask } from './sharpen-mask.ts';

/**
 * Makes masks of the crop as it is in the picture, 1 where the face is free.
 * @returns `width * height` values, 0..1, owned by the caller; not finite where a model's numbers are not
 */
export type OcclusionMasker = (crop: RgbImage) => Promise<Float32Array>;

/**
 * @param models ids; of several the smallest counts
 * @throws what opening a model throws
 */
export async function openOcclusionMasker(store: ModelStore, models: readonly string[]): Promise<OcclusionMasker> {
  const opened: { readonly session: ModelSession; readonly size: number }[] = [];
  for (const id of models) {
    const { size } = (await store.userModel(id)).model.facts as FaceMaskerFacts;
    opened.push({ session: await store.session(id), size });
  }
  return async (crop) => {
    const { width, height } = crop;
    let mask: Float32Array | undefined;
    for (const { session, size } of opened) {
      const input = toTensor(resizeBilinear(crop, size, size), { layout: 'NHWC', order: 'BGR' });
      const free = (await session.run({ input }))[session.outputs[0]!.name]!.data;
      for (let at = 0; at < free.length; at++) free[at] = Math.min(Math.max(free[at]!, 0), 1);
      const full = resizePlane(free, size, size, width, height);
      const other = mask;
      mask = other ? full.map((value, at) => Math.min(value, other[at]!)) : full;
    }
    return sharpenMask(mask!, width, height);
  };
}
