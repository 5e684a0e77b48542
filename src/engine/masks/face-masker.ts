/** The masks of a face crop: which of its pixels come into the picture. */
import type { Region, RgbImage } from '../../core/image.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import type { FaceMesh } from '../faces/face.ts';
import type { Picture } from '../frames/picture.ts';
import type { Affine } from '../frames/similarity.ts';
import { createFaceHands } from '../hands/face-hands.ts';
import type { ModelStore } from '../inference/session.ts';
import { areaMask } from './area-mask.ts';
import { boxMask, type MaskPadding } from './box-mask.ts';
import { faceHullMask, takeHandOut } from './hand-mask.ts';
import { openOcclusionMasker } from './occlusion-mask.ts';
import { openRegionMasker, type RegionMasker } from './region-mask.ts';

export type FaceMaskType = 'box' | 'occlusion' | 'area' | 'region';

/** Where the face is in the crop. */
export interface CropLandmarks {
  /** 68 x (x, y), iBUG order, pixels of the crop. */
  readonly landmarks68: Float32Array;
  /** The dense mesh in pixels of the crop. */
  readonly mesh: FaceMesh;
  /** Where the crop comes from; without it the built-in occlusion mask knows no hands, only the outline of the face. */
  readonly scene?: CropScene;
}

/** The picture around a crop, in which hands can be followed. */
export interface CropScene {
  readonly picture: Picture;
  /** From pixels of the picture to pixels of the crop. */
  readonly toCrop: Affine;
  /** Bounds of the face in the picture. */
  readonly bounds: Region;
  readonly trackId: number;
  readonly timeSeconds: number;
}

export interface FaceMaskRequest {
  /** Masks to make, of those that the user has chosen. */
  readonly types: readonly FaceMaskType[];
  /** False for processors that leave no border out; then the padding is 0. */
  readonly usePadding: boolean;
}

/**
 * Makes masks with the options of one run. All have `width * height` values, 0..1; the smallest of all masks counts.
 * Where a model gives numbers that are none, so does its mask: the face is then to be left alone.
 */
export interface FaceMasker {
  /** Of the crop as it is in the picture: box, occlusion and area. Undefined where none of them was asked for. */
  before(crop: RgbImage, at: CropLandmarks, request: FaceMaskRequest): Promise<Float32Array | undefined>;
  /** Of the crop that a model has made: region. */
  after(crop: RgbImage, at: CropLandmarks, request: FaceMaskRequest): Promise<Float32Array | undefined>;
  /** Drops the hands that were followed before this face. */
  forget(trackId: number): void;
  /** What is remembered of the frames so far; see `Stateful`. */
  save(): unknown;
  restore(state: unknown): Promise<void>;
}

/** The four numbers of `faceMaskPadding` in CSS order. */
export function paddingOf({ faceMaskPadding }: Pick<ResolvedProcessOptions, 'faceMaskPadding'>): MaskPadding {
  const [top = 0, right = top, bottom = top, left = right] = faceMaskPadding;
  return [top, right, bottom, left];
}

/** The smallest of two masks, value by value. Either may be absent. */
export function smallestMask(a: Float32Array | undefined, b: Float32Array | undefined): Float32Array | undefined {
  if (!a || !b) return a ?? b;
  const smallest = new Float32Array(a.length);
  for (let at = 0; at < a.length; at++) smallest[at] = Math.min(a[at]!, b[at]!);
  return smallest;
}

/** Whether a mask can be used: a model may have given numbers that are none. */
export const isFiniteMask = (mask: Float32Array): boolean => mask.every(Number.isFinite);

/** The occluders that `many` stands for. */
const ALL_OCCLUDERS = ['xseg_1', 'xseg_2', 'xseg_3'] as const;

type Masker = (crop: RgbImage, at: CropLandmarks) => Promise<Float32Array>;

/**
 * @param types masks that will be asked for: the models that they need are opened. Default: those that the user has chosen
 * @throws what opening a model throws
 */
export async function openFaceMasker(
  store: ModelStore,
  options: ResolvedProcessOptions,
  types: readonly FaceMaskType[] = options.faceMaskTypes,
): Promise<FaceMasker> {
  const { faceMaskAreas, faceMaskRegions, faceOccluderModel, faceParserModel } = options;
  const hands = createFaceHands(store, options.faceMaskQuality);

  const openOcclusion = async (): Promise<Masker> => {
    if (faceOccluderModel !== 'hands') {
      return openOcclusionMasker(store, faceOccluderModel === 'many' ? ALL_OCCLUDERS : [faceOccluderModel]);
    }
    return async ({ width, height }, { mesh, scene }) => {
      const mask = faceHullMask(mesh, width, height);
      const matte = scene && (await hands.update(scene));
      if (matte) takeHandOut(mask, width, height, matte, scene.toCrop);
      return mask;
    };
  };
  const occlusion = types.includes('occlusion') ? await openOcclusion() : undefined;
  const openRegion = (): Promise<RegionMasker> => openRegionMasker(store, faceParserModel, faceMaskRegions);
  const region = types.includes('region') ? await openRegion() : undefined;

  let box: { readonly key: string; readonly mask: Float32Array } | undefined;
  const boxOf = ({ width, height }: RgbImage, padding: MaskPadding): Float32Array => {
    const key = [width, height, ...padding].join(' ');
    if (box?.key !== key) box = { key, mask: boxMask(width, height, options.faceMaskBlur, padding) };
    return box.mask;
  };
  return {
    async before(crop, at, { types: wanted, usePadding }) {
      let mask = wanted.includes('box') ? boxOf(crop, usePadding ? paddingOf(options) : [0, 0, 0, 0]) : undefined;
      if (occlusion && wanted.includes('occlusion')) mask = smallestMask(mask, await occlusion(crop, at));
      if (wanted.includes('area')) {
        mask = smallestMask(mask, areaMask(crop.width, crop.height, at.landmarks68, faceMaskAreas));
      }
      return mask;
    },
    async after(crop, { mesh }, { types: wanted }) {
      return region && wanted.includes('region') ? region(crop, mesh) : undefined;
    },
    forget: hands.forget,
    save: hands.save,
    restore: hands.restore,
  };
}
