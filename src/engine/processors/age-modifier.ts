/** `age_modifier`: makes a face younger or older. */
import { ageModifierOptions } from '../../core/processor-options/age-modifier.ts';
import { landmarks5Of } from '../faces/landmarks.ts';
import { openClassifier } from '../faces/open-classifier.ts';
import { createTrackAges } from '../faces/track-ages.ts';
import { cutToBytes } from '../frames/cut-to-bytes.ts';
import { cropMatrix, warpCrop } from '../frames/face-crop.ts';
import { matchColour } from '../frames/match-colour.ts';
import { resizeArea } from '../frames/resize-image.ts';
import { resizePlane } from '../frames/resize-plane.ts';
import { type Affine, invertAffine } from '../frames/similarity.ts';
import { fromTensor, type PixelFormat, toTensor } from '../frames/tensor-pixels.ts';
import type { ModelSession, Tensor } from '../inference/session.ts';
import { openFaceMasker, smallestMask } from '../masks/face-masker.ts';
import { moveMask } from '../masks/move-mask.ts';
import type { AgeModifierFacts } from '../models/catalogue/age-modifiers.ts';
import { type CropInput, type CropOutput, createCropProcessor, landmarksInCrop } from './crop-processor.ts';
import { defineProcessor, type FaceProcessor, type ProcessorContext } from './processor.ts';

/** StyleGANEX sees the head with its surroundings: landmarks are drawn together about the nose. */
const ABOUT_NOSE = 0.875;
/** What it makes is brought to this multiple of the edge that it was given. */
const ENLARGE = 4;
/** Its direction at -100; the opposite at 100. */
const YOUNGEST = 2.5;

async function create(context: ProcessorContext): Promise<FaceProcessor> {
  const { store, options } = context;
  const facts = (await store.userModel(options.ageModifierModel)).model.facts as AgeModifierFacts;
  const session = await store.session(options.ageModifierModel);
  return facts.type === 'fran' ? createFran(context, session, facts) : createStyleGanex(context, session, facts);
}

/** FRAN: one crop, and two ages in hundreds of years. */
async function createFran(
  context: ProcessorContext,
  session: ModelSession,
  { target: { template, size } }: AgeModifierFacts,
): Promise<FaceProcessor> {
  const ages = createTrackAges(await openClassifier(context.store, context.options.faceClassifierModel));
  const years = context.options.ageModifierDirection;
  const ratio = (age: number): number => Math.min(1, Math.max(0, age / 100));
  return createCropProcessor(context, {
    ...{ id: 'age_modifier', template, size },
    ...{ masks: ['occlusion'], alwaysMasks: ['box'], usePadding: false },
    forget: ages.forget,
    save: ages.save,
    restore: async (state) => ages.restore(state),
    async work({ crop, face, region }) {
      const age = await ages.ageOf(face.trackId, region, face.mesh, face.landmarks5);
      const direction = { data: Float32Array.of(ratio(age), ratio(age + years)), dims: [2] };
      const result = await session.run({ target: toTensor(crop), direction });
      const pixels = fromTensor(result[session.outputs[0]!.name]!);
      return pixels && { pixels };
    },
  });
}

/** StyleGANEX: the face, and the head with its surroundings, which is what comes back. */
async function createStyleGanex(
  context: ProcessorContext,
  session: ModelSession,
  { target, surroundings = target, mean, deviation }: AgeModifierFacts,
): Promise<FaceProcessor> {
  const { store, options } = context;
  const format: PixelFormat = { mean, deviation };
  const masker = await openFaceMasker(store, options);
  const direction = directionOf(session, (-YOUNGEST * options.ageModifierDirection) / 100);
  const edge = target.size * ENLARGE;

  const maskOf = async (input: CropInput, inner: CropInput): Promise<Float32Array> => {
    const box = (await masker.before(input.crop, input.at, { types: ['box'], usePadding: false }))!;
    const covered = options.faceMaskTypes.includes('occlusion')
      ? await masker.before(inner.crop, inner.at, { types: ['occlusion'], usePadding: false })
      : undefined;
    const back = compose(inner.matrix, invertAffine(input.matrix));
    const moved = covered && moveMask(covered, target.size, target.size, back, surroundings.size);
    const mask = smallestMask(box, moved)!;
    return resizePlane(mask, surroundings.size, surroundings.size, edge, edge);
  };

  const work = async (input: CropInput): Promise<CropOutput | undefined> => {
    const inner = faceIn(input, target);
    const result = await session.run({
      target: toTensor(inner.crop, format),
      target_with_background: toTensor(input.crop, format),
      direction,
    });
    const made = fromTensor(result[session.outputs[0]!.name]!, format);
    if (!made) return undefined;
    const large = resizeArea(cutToBytes(made), edge, edge);
    return {
      pixels: matchColour(input.crop, large),
      mask: await maskOf(input, inner),
      matrix: input.matrix.map((value) => (value * edge) / surroundings.size) as unknown as Affine,
    };
  };
  return createCropProcessor(context, {
    ...{ id: 'age_modifier', template: surroundings.template, size: surroundings.size, aboutNose: ABOUT_NOSE },
    ...{ masks: [], alwaysMasks: ['box'], usePadding: false, work },
  });
}

/** The crop of the face alone, out of the same region. */
function faceIn(input: CropInput, { template, size }: AgeModifierFacts['target']): CropInput {
  const { face, region } = input;
  const matrix = cropMatrix(face.landmarks5 ?? landmarks5Of(face.mesh), template, size);
  return { ...input, matrix, crop: warpCrop(region, matrix, size), at: landmarksInCrop(face, matrix) };
}

/** A number in the shape that the graph states: a scalar may be a row of one. */
function directionOf(session: ModelSession, value: number): Tensor {
  const shape = session.inputs.find(({ name }) => name === 'direction')?.shape ?? [];
  return { data: Float32Array.of(value), dims: shape.map(() => 1) };
}

/** First `b`, then `a`. */
const compose = ([a, b, c, d, e, f]: Affine, [g, h, i, j, k, l]: Affine): Affine => [
  a * g + b * j,
  a * h + b * k,
  a * i + b * l + c,
  d * g + e * j,
  d * h + e * k,
  d * i + e * l + f,
];

export const ageModifier = defineProcessor({
  id: 'age_modifier',
  kind: 'face',
  options: ageModifierOptions,
  needsSource: false,
  needsFaces: true,
  create,
});
