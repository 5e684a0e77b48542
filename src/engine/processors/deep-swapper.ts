/** `deep_swapper`: puts in the face of the one person whom a model of the user's was trained on. */
import { AppError } from '../../core/errors.ts';
import { deepSwapperOptions } from '../../core/processor-options/deep-swapper.ts';
import { cutToBytes } from '../frames/cut-to-bytes.ts';
import { gaussianBlur } from '../frames/gaussian.ts';
import { matchColourWhereAlike } from '../frames/match-colour.ts';
import { fromTensor, isFiniteTensor, toTensor } from '../frames/tensor-pixels.ts';
import { unsharp } from '../frames/unsharp.ts';
import type { ModelSession, Tensor } from '../inference/session.ts';
import { erodeMask } from '../masks/erode-mask.ts';
import type { DeepSwapperFacts } from '../models/catalogue/deep-swappers.ts';
import { type CropInput, type CropOutput, createCropProcessor } from './crop-processor.ts';
import { defineProcessor, type FaceProcessor, type ProcessorContext } from './processor.ts';

const PICTURE = 'in_face:0';
const MORPH = 'morph_value:0';
/** The crop is sharpened by this share of what a blur of sigma 2 takes. */
const SHARPEN = { amount: 0.75, sigma: 2 } as const;
/** The model's own mask is made smaller by so many pixels, then soft. */
const MASK_ERODE = 2;
const MASK_SIGMA = 6.25;
const FORMAT = { layout: 'NHWC', order: 'BGR' } as const;

async function create(context: ProcessorContext): Promise<FaceProcessor> {
  const { store, options } = context;
  const { deepSwapperModel: id, deepSwapperMorph } = options;
  if (id === undefined) throw new AppError('OPTION_MISSING', 'Expected --deep-swapper-model, received nothing.');
  const { template } = (await store.userModel(id)).model.facts as DeepSwapperFacts;
  const session = await store.session(id);
  const size = edgeOf(session);
  const canMorph = session.inputs.some(({ name }) => name === MORPH);
  const morph: Tensor = { data: Float32Array.of(deepSwapperMorph / 100), dims: [1] };

  const work = async ({ crop }: CropInput): Promise<CropOutput | undefined> => {
    const face = toTensor(unsharp(crop, SHARPEN.amount, SHARPEN.sigma), FORMAT);
    const result = await session.run({ [PICTURE]: face, ...(canMorph ? { [MORPH]: morph } : {}) });
    const [targetMask, image, sourceMask] = session.outputs.map(({ name }) => result[name]!);
    const mask = maskOf(targetMask!, sourceMask!, size);
    const swapped = fromTensor(image!, FORMAT);
    if (!swapped || !mask) return undefined;
    if (swapped.width !== size || swapped.height !== size) {
      throw mismatch(session, `a picture of ${size} x ${size}`, `${swapped.width} x ${swapped.height}`);
    }
    return { pixels: matchColourWhereAlike(crop, cutToBytes(swapped)), mask };
  };
  return createCropProcessor(context, {
    ...{ id: 'deep_swapper', template, size, work },
    masks: ['box', 'occlusion', 'area', 'region'],
    usePadding: true,
  });
}

/** The edge of the square that a graph takes. @throws MODEL_IO_MISMATCH where it states none */
function edgeOf(session: ModelSession): number {
  const shape = session.inputs.find(({ name }) => name === PICTURE)?.shape ?? [];
  const [height, width] = shape.slice(1, 3);
  if (typeof height === 'number' && height > 0 && height === width) return height;
  throw mismatch(session, `a square size for ${PICTURE}`, `[${shape.join(', ')}]`);
}

/** What both masks leave, a little smaller and soft; undefined where a number is not finite. */
function maskOf(target: Tensor, source: Tensor, size: number): Float32Array | undefined {
  if (!isFiniteTensor(target) || !isFiniteTensor(source)) return undefined;
  const both = Float32Array.from({ length: size * size }, (_, at) =>
    Math.min(1, Math.max(0, Math.min(target.data[at] ?? 0, source.data[at] ?? 0))),
  );
  return gaussianBlur(erodeMask(both, size, size, MASK_ERODE), size, size, MASK_SIGMA);
}

const mismatch = ({ id }: ModelSession, expected: string, received: string): AppError =>
  new AppError('MODEL_IO_MISMATCH', `Expected ${expected} of ${id}, received ${received}.`, { details: { id } });

export const deepSwapper = defineProcessor({
  id: 'deep_swapper',
  kind: 'face',
  options: deepSwapperOptions,
  needsSource: false,
  needsFaces: true,
  create,
});
