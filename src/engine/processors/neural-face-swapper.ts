/** `face_swapper` with a published model: gives the aligned crop of a face another identity. */
import { AppError } from '../../core/errors.ts';
import type { RgbImage } from '../../core/image.ts';
import { landmarks5Of } from '../faces/landmarks.ts';
import type { CropPixels } from '../frames/face-crop.ts';
import { fromTensor, isFiniteTensor, toTensor } from '../frames/tensor-pixels.ts';
import type { Tensor } from '../inference/session.ts';
import type { FaceSwapperFacts } from '../models/catalogue/face-swappers.ts';
import { boostFactor, explodeInto, implode } from '../neural-swap/pixel-boost.ts';
import { mixIdentity, readSourceIdentity, targetShare } from '../neural-swap/source-identity.ts';
import { type CropInput, createCropProcessor } from './crop-processor.ts';
import type { FaceProcessor, Note, ProcessorContext } from './processor.ts';

/** Weight where none is given: the source's identity as it is. */
const NEURAL_WEIGHT = 0.5;

/**
 * @throws what opening the swapper, its recogniser and its converter throws; OPTION_INVALID for a pixel boost that is no
 *   multiple of the model's size; MODEL_IO_MISMATCH and INFERENCE_FAILED from reading the source's identity
 */
export async function createNeuralFaceSwapper(context: ProcessorContext): Promise<FaceProcessor> {
  const { store, options, sources } = context;
  const id = options.faceSwapperModel;
  const { template, size, mean, deviation, isOutputNormalised, identity } = (await store.userModel(id)).model
    .facts as FaceSwapperFacts;
  const factor = boostFactor(options.faceSwapperPixelBoost, size, id);
  const session = await store.session(id);
  const output = session.outputs[0]!.name;
  const { tensor: source, embedder } = await readSourceIdentity(store, id, identity, sources);
  const share = embedder ? targetShare(options.faceSwapperWeight ?? NEURAL_WEIGHT) : 0;
  const cropFormat = { mean, deviation };
  const outputFormat = isOutputNormalised ? cropFormat : {};

  const notes: Note[] = [];
  if (identity.kind === 'picture') {
    if (sources.length > 1) {
      notes.push({
        code: 'sources-unused',
        message: `${id} takes the identity from the first of ${sources.length} sources.`,
        hint: 'Name the best photo first.',
      });
    }
    if (options.faceSwapperWeight !== undefined) {
      notes.push({ code: 'weight-unused', message: `--face-swapper-weight has no effect on ${id}.` });
    }
  }

  /** The vector for one target. A quirk that is kept: the target's part is not projected, nor converted. */
  const identityFor = async ({ face, original }: CropInput): Promise<Tensor> => {
    if (!embedder || identity.kind === 'picture' || share === 0) return source;
    const target = await embedder.embed(original, face.landmarks5 ?? landmarks5Of(face.mesh));
    const vector = identity.isUnitLength ? target.normalised : target.raw;
    return { data: mixIdentity(source.data, vector, share), dims: source.dims };
  };
  const swap = async (crop: RgbImage, vector: Tensor): Promise<(CropPixels & { data: Float32Array }) | undefined> => {
    const result = await session.run({ source: vector, target: toTensor(crop, cropFormat) });
    const pixels = fromTensor(result[output]!, outputFormat);
    if (!pixels || (pixels.width === crop.width && pixels.height === crop.height)) return pixels;
    throw new AppError(
      'MODEL_IO_MISMATCH',
      `Expected a picture of ${size} x ${size} from ${id}, received ${pixels.width} x ${pixels.height}.`,
    );
  };

  return createCropProcessor(context, {
    id: 'face_swapper',
    notes,
    template,
    size: size * factor,
    masks: ['box', 'occlusion', 'area', 'region'],
    usePadding: true,
    needsOriginal: share !== 0,
    async work(input) {
      const vector = await identityFor(input);
      if (!isFiniteTensor(vector)) return undefined;
      if (factor === 1) {
        const pixels = await swap(input.crop, vector);
        return pixels && { pixels };
      }
      const { width, height } = input.crop;
      const data = new Float32Array(width * height * 3);
      for (const [index, part] of implode(input.crop, factor).entries()) {
        const pixels = await swap(part, vector);
        if (!pixels) return undefined;
        explodeInto(data, pixels, factor, index);
      }
      return { pixels: { data, width, height } };
    },
  });
}
