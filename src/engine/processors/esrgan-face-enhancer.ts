/** `face_enhancer` with what is built in: the surroundings of a face get the detail that super-resolution finds in them. */
import { AppError } from '../../core/errors.ts';
import type { Region } from '../../core/image.ts';
import { UNTIMED } from '../../core/stage-timer.ts';
import { addDetail, detailGain, softnessOf } from '../enhance/add-detail.ts';
import { openEsrgan } from '../enhance/esrgan.ts';
import { boundsOf } from '../faces/boxes.ts';
import { resizeCubic } from '../frames/resize-cubic.ts';
import { resizeArea } from '../frames/resize-image.ts';
import { createKernels } from '../kernels/kernels.ts';
import { RegionPixels } from '../kernels/region-pixels.ts';
import { boxMask } from '../masks/box-mask.ts';
import { type FaceProcessor, type ProcessorContext, REMEMBERS_NOTHING, type TargetFace } from './processor.ts';

/** Surroundings on each side, relative to the face. */
const MARGIN = 0.18;
/** Longest edge of what the model sees: a face that is larger has detail of its own. */
const LARGEST_INPUT = 256;
/** Edge below which there is nothing to restore, in pixels. */
const SMALLEST = 24;

export async function createEsrganFaceEnhancer({
  store,
  options,
  timer = UNTIMED,
}: ProcessorContext): Promise<FaceProcessor> {
  const enlarge = await openEsrgan(store, 2);
  const pixels = new RegionPixels(createKernels());
  const blend = options.faceEnhancerBlend / 100;
  let mask: { readonly key: string; readonly weights: Float32Array } | undefined;

  const weightsOf = (width: number, height: number): Float32Array => {
    const key = `${width} ${height}`;
    if (mask?.key !== key) {
      mask = { key, weights: boxMask(width, height, options.faceMaskBlur).map((value) => value * blend) };
    }
    return mask.weights;
  };

  return {
    ...REMEMBERS_NOTHING,
    kind: 'face',
    id: 'face_enhancer',
    notes: [],
    regionOf: surroundings,
    takePixels(picture, region) {
      timer.enter('convert');
      pixels.load(picture, region);
      return pixels;
    },
    async processFace(lent) {
      if (lent !== pixels) throw new AppError('INTERNAL', 'Expected the pixels that this processor has lent.');
      timer.enter('swap');
      const { width, height } = pixels.before;
      if (Math.min(width, height) < SMALLEST) return { kind: 'left-alone', reason: 'small' };
      const gain = detailGain(softnessOf(pixels.before));
      if (gain === 0) return { kind: 'changed' };
      const factor = Math.max(2, Math.max(width, height) / LARGEST_INPUT);
      const small = resizeArea(pixels.before, Math.round(width / factor), Math.round(height / factor));
      const large = await enlarge(small);
      if (!large) return { kind: 'left-alone', reason: 'invalid-output' };
      timer.enter('blend');
      const [base, restored] = [resizeCubic(small, width, height), resizeCubic(large, width, height)];
      addDetail(pixels.before, base, restored, weightsOf(width, height), gain, pixels.out);
      return { kind: 'changed' };
    },
  };
}

/** A box around the face, with even coordinates. */
function surroundings(
  { mesh }: TargetFace,
  { width, height }: { readonly width: number; readonly height: number },
): Region {
  const { x0, y0, x1, y1 } = boundsOf(mesh);
  const [dx, dy] = [(x1 - x0) * MARGIN, (y1 - y0) * MARGIN];
  const down = (value: number, size: number): number => Math.min(size, Math.max(0, Math.floor(value))) & ~1;
  const up = (value: number, size: number): number => Math.max(0, Math.min(size, (Math.ceil(value) + 1) & ~1));
  return { x0: down(x0 - dx, width), y0: down(y0 - dy, height), x1: up(x1 + dx, width), y1: up(y1 + dy, height) };
}
