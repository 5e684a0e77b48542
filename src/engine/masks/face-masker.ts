/** The masks of a face crop: which of its pixels come into the picture. */
import type { RgbImage } from '../../core/image.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import type { FaceMesh } from '../faces/face.ts';
import type { ModelStore } from '../inference/session.ts';
import { boxMask, type MaskPadding } from './box-mask.ts';

export type FaceMaskType = 'box' | 'occlusion' | 'area' | 'region';

/** Where the face is in the crop. */
export interface CropLandmarks {
  /** 68 x (x, y), iBUG order, pixels of the crop. */
  readonly landmarks68: Float32Array;
  /** The dense mesh in pixels of the crop. */
  readonly mesh: FaceMesh;
}

export interface FaceMaskRequest {
  /** Masks to make, of those that the user has chosen. */
  readonly types: readonly FaceMaskType[];
  /** False for processors that leave no border out; then the padding is 0. */
  readonly usePadding: boolean;
}

/** Makes masks with the options of one run. All have `width * height` values, 0..1; the smallest of all masks counts. */
export interface FaceMasker {
  /** Of the crop as it is in the picture: box, occlusion and area. Undefined where none of them was asked for. */
  before(crop: RgbImage, at: CropLandmarks, request: FaceMaskRequest): Promise<Float32Array | undefined>;
  /** Of the crop that a model has made: region. */
  after(crop: RgbImage, at: CropLandmarks, request: FaceMaskRequest): Promise<Float32Array | undefined>;
}

/** The four numbers of `faceMaskPadding` in CSS order. */
export function paddingOf({ faceMaskPadding }: Pick<ResolvedProcessOptions, 'faceMaskPadding'>): MaskPadding {
  const [top = 0, right = top, bottom = top, left = right] = faceMaskPadding;
  return [top, right, bottom, left];
}

/** The smallest of two masks, value by value. Either may be absent. */
export function smallestMask(a: Float32Array | undefined, b: Float32Array | undefined): Float32Array | undefined {
  if (!a || !b) return a ?? b;
  return a.map((value, at) => Math.min(value, b[at]!));
}

/** @throws what opening a model throws */
export async function openFaceMasker(_store: ModelStore, options: ResolvedProcessOptions): Promise<FaceMasker> {
  let box: { readonly key: string; readonly mask: Float32Array } | undefined;
  const boxOf = ({ width, height }: RgbImage, padding: MaskPadding): Float32Array => {
    const key = [width, height, ...padding].join(' ');
    if (box?.key !== key) box = { key, mask: boxMask(width, height, options.faceMaskBlur, padding) };
    return box.mask;
  };
  return {
    async before(crop, _at, { types, usePadding }) {
      return types.includes('box') ? boxOf(crop, usePadding ? paddingOf(options) : [0, 0, 0, 0]) : undefined;
    },
    async after() {
      return undefined;
    },
  };
}
