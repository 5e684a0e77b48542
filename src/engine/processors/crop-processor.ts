/** What processors have in common that work on an aligned crop of each face and blend the result back. */
import { AppError } from '../../core/errors.ts';
import type { Region, RgbImage } from '../../core/image.ts';
import { UNTIMED } from '../../core/stage-timer.ts';
import type { FaceMesh } from '../faces/face.ts';
import { landmarks5Of, landmarks68Of } from '../faces/landmarks.ts';
import { type CropPixels, cropMatrix, pasteArea, pasteCrop, scaleAboutNose, warpCrop } from '../frames/face-crop.ts';
import type { Picture } from '../frames/picture.ts';
import { type Affine, applyAffine } from '../frames/similarity.ts';
import type { WarpTemplate } from '../frames/warp-templates.ts';
import { createKernels } from '../kernels/kernels.ts';
import { RegionPixels } from '../kernels/region-pixels.ts';
import {
  type CropLandmarks,
  type CropScene,
  type FaceMaskType,
  isFiniteMask,
  openFaceMasker,
  smallestMask,
} from '../masks/face-masker.ts';
import { meshRegion } from '../mesh-swap/geometry.ts';
import type {
  FaceOutcome,
  FaceProcessor,
  FrameTime,
  LentPixels,
  Note,
  ProcessorContext,
  TargetFace,
} from './processor.ts';

/** One face, cut out and upright. */
export interface CropInput {
  /** Rounded bytes, owned by the processor until the end of the call. */
  readonly crop: RgbImage;
  readonly at: CropLandmarks;
  /** From pixels of the lent region to pixels of the crop. */
  readonly matrix: Affine;
  /** The face in coordinates of the region. */
  readonly face: TargetFace;
  /** The region as it was before this processor, and as it was in the target. */
  readonly region: RgbImage;
  readonly original: RgbImage;
  readonly time: FrameTime;
}

/** What becomes of a crop. */
export interface CropOutput {
  readonly pixels: CropPixels;
  /** A mask of its own, of the size of `pixels`; the smallest counts. */
  readonly mask?: Float32Array;
  /** Where the pixels lie, when that is not where the crop lay. */
  readonly matrix?: Affine;
  /** Share of the result in the picture, 0..1. Default 1. */
  readonly blend?: number;
}

export interface CropProcessorOptions {
  readonly id: string;
  readonly notes?: readonly Note[];
  readonly template: WarpTemplate;
  /** Edge of the crop in pixels. */
  readonly size: number;
  /** Landmarks are moved from the nose by this factor before the crop is cut. Default 1. */
  readonly aboutNose?: number;
  /** Masks that this processor knows; those that the user has chosen as well are used. */
  readonly masks: readonly FaceMaskType[];
  /** Masks that it uses whatever the user has chosen. */
  readonly alwaysMasks?: readonly FaceMaskType[];
  readonly usePadding: boolean;
  readonly needsOriginal?: boolean;
  /**
   * The model's work.
   * @returns undefined where its output cannot be shown: the face is left alone
   */
  readonly work: (input: CropInput) => Promise<CropOutput | undefined>;
  readonly forget?: (trackId: number) => void;
  /** See `FaceProcessor`. Default: nothing is remembered. */
  readonly save?: () => unknown;
  readonly restore?: (state: unknown) => Promise<void>;
  /** Releases what the processor has opened for itself. Sessions belong to the store. */
  readonly dispose?: () => Promise<void>;
}

/** Pixels around the crop that bilinear sampling reaches. */
const MARGIN = 2;

/** @throws what opening a masker's model throws */
export async function createCropProcessor(
  { store, options, timer = UNTIMED }: ProcessorContext,
  settings: CropProcessorOptions,
): Promise<FaceProcessor> {
  const { id, template, size, aboutNose = 1, usePadding, work } = settings;
  const chosen = settings.masks.filter((type) => (options.faceMaskTypes as readonly string[]).includes(type));
  const types = [...new Set([...(settings.alwaysMasks ?? []), ...chosen])];
  const request = { types: types.length > 0 ? types : (['box'] as const), usePadding };
  const masker = await openFaceMasker(store, options, request.types);
  const pixels = new RegionPixels(createKernels());
  const originalPixels = settings.needsOriginal ? new RegionPixels(createKernels()) : undefined;

  /** Where the lent pixels come from. */
  let lentFrom: { readonly picture: Picture; readonly region: Region } | undefined;

  const matrixOf = (face: TargetFace): Affine => {
    const five = face.landmarks5 ?? landmarks5Of(face.mesh);
    return cropMatrix(aboutNose === 1 ? five : scaleAboutNose(five, aboutNose), template, size);
  };

  return {
    kind: 'face',
    id,
    notes: settings.notes ?? [],
    needsOriginal: settings.needsOriginal ?? false,
    regionOf: (face, picture) => widen(pasteArea(matrixOf(face), size, size, picture), picture),
    takePixels(picture, region, original): LentPixels {
      timer.enter('convert');
      pixels.load(picture, region);
      if (original) originalPixels?.load(original, region);
      lentFrom = { picture, region };
      return pixels;
    },
    async processFace(lent, face, time): Promise<FaceOutcome> {
      if (lent !== pixels || !lentFrom)
        throw new AppError('INTERNAL', 'Expected the pixels that this processor has lent.');
      timer.enter('swap');
      const matrix = matrixOf(face);
      const crop = warpCrop(pixels.before, matrix, size);
      const at = { ...landmarksInCrop(face, matrix), scene: sceneOf(face, lentFrom, matrix, time) };
      const before = await masker.before(crop, at, request);
      const region = pixels.before;
      const made = await work({ crop, at, matrix, face, region, original: originalPixels?.before ?? region, time });
      if (!made) return { kind: 'left-alone', reason: 'invalid-output' };
      const result = made.pixels;
      const isSameSize = result.width === size && result.height === size;
      const after = isSameSize ? await masker.after(toBytes(result), at, request) : undefined;
      const mask = smallestMask(smallestMask(isSameSize ? before : undefined, after), made.mask);
      if (!mask) throw new AppError('INTERNAL', `Expected a mask of ${result.width} x ${result.height} from ${id}.`);
      if (!isFiniteMask(mask)) return { kind: 'left-alone', reason: 'invalid-output' };
      const blend = made.blend ?? 1;
      const paste = blend === 1 ? mask : scaled(mask, blend);
      timer.enter('blend');
      pasteCrop(pixels.out, result, paste, made.matrix ?? matrix);
      return { kind: 'changed' };
    },
    forget(trackId) {
      settings.forget?.(trackId);
      masker.forget(trackId);
    },
    save: (): CropProcessorState => ({ own: settings.save?.(), masks: masker.save() }),
    async restore(state) {
      const { own, masks } = state as CropProcessorState;
      await settings.restore?.(own);
      await masker.restore(masks);
    },
    async [Symbol.asyncDispose]() {
      await settings.dispose?.();
    },
  };
}

interface CropProcessorState {
  /** What the processor itself remembers. */
  readonly own: unknown;
  readonly masks: unknown;
}

/** The picture around a face that is given in coordinates of the lent region. */
function sceneOf(
  { mesh, trackId }: TargetFace,
  { picture, region }: { readonly picture: Picture; readonly region: Region },
  [a, b, c, d, e, f]: Affine,
  { timeSeconds }: FrameTime,
): CropScene {
  const { x0, y0 } = region;
  const bounds = meshRegion(mesh, 0, region.x1 - x0, region.y1 - y0);
  return {
    ...{ picture, trackId, timeSeconds },
    toCrop: [a, b, c - a * x0 - b * y0, d, e, f - d * x0 - e * y0],
    bounds: { x0: bounds.x0 + x0, y0: bounds.y0 + y0, x1: bounds.x1 + x0, y1: bounds.y1 + y0 },
  };
}

/** Even coordinates inside the picture, with a margin. */
function widen({ x0, y0, x1, y1 }: Region, { width, height }: { width: number; height: number }): Region {
  if (x1 <= x0 || y1 <= y0) return { x0: 0, y0: 0, x1: 0, y1: 0 };
  const down = (value: number): number => Math.max(0, (value - MARGIN) & ~1);
  const up = (value: number, size: number): number => Math.min(size, (value + MARGIN + 1) & ~1);
  return { x0: down(x0), y0: down(y0), x1: up(x1, width), y1: up(y1, height) };
}

/** The landmarks of a face, moved into a crop. */
export function landmarksInCrop(face: TargetFace, matrix: Affine): CropLandmarks {
  const landmarks68 = Float32Array.from(face.landmarks68 ?? landmarks68Of(face.mesh));
  for (let at = 0; at < landmarks68.length; at += 2) {
    const [x, y] = applyAffine(matrix, landmarks68[at]!, landmarks68[at + 1]!);
    landmarks68[at] = x;
    landmarks68[at + 1] = y;
  }
  const scale = Math.hypot(matrix[0], matrix[3]);
  const mesh: FaceMesh = Float32Array.from(face.mesh);
  for (let at = 0; at < mesh.length; at += 3) {
    const [x, y] = applyAffine(matrix, mesh[at]!, mesh[at + 1]!);
    mesh[at] = x;
    mesh[at + 1] = y;
    mesh[at + 2] = mesh[at + 2]! * scale;
  }
  return { landmarks68, mesh };
}

function scaled(values: Float32Array, factor: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) out[at] = values[at]! * factor;
  return out;
}

/** Cut off, as numpy casts. */
const toBytes = ({ data, width, height }: CropPixels): RgbImage => ({
  data: data instanceof Uint8Array ? data : Uint8Array.from(data),
  width,
  height,
});
