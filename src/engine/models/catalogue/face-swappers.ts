import type { WarpTemplate } from '../../frames/warp-templates.ts';
import { type CatalogueModel, defineModel, licenceOf, pictureTensor, type TensorContract } from './catalogue-model.ts';
import { embeddingTensor } from './embedding-converters.ts';

type Triple = readonly [number, number, number];

/** What a swapper is told of the source. */
export type SwapIdentity =
  /** The ArcFace embedding times the last tensor of the model, over the length that it had before. */
  | { readonly kind: 'embedding'; readonly from: 'projected'; readonly isUnitLength: true }
  /** The embedding with unit length. */
  | { readonly kind: 'embedding'; readonly from: 'normalised'; readonly isUnitLength: true }
  /** The embedding by way of another model, and then with unit length or as it comes. */
  | {
      readonly kind: 'embedding';
      readonly from: 'converted';
      readonly converter: string;
      /** Also of the target's embedding, where that is mixed in. */
      readonly isUnitLength: boolean;
    }
  /** The first source photo, cut so; values 0..1. */
  | { readonly kind: 'picture'; readonly template: WarpTemplate; readonly size: number };

/** What a swapper needs besides its tensors. */
export interface FaceSwapperFacts {
  readonly template: WarpTemplate;
  /** Edge of the crop in pixels. */
  readonly size: number;
  /** Of the crop: (value / 255 - mean) / deviation. */
  readonly mean: Triple;
  readonly deviation: Triple;
  /** Whether the model's picture is normalised like its crop; otherwise it is 0..1. */
  readonly isOutputNormalised: boolean;
  readonly identity: SwapIdentity;
}

/** Id of the recogniser whose embeddings all these models were trained with. */
export const SWAPPER_RECOGNIZER = 'arcface';

const ZERO: Triple = [0, 0, 0];
const HALF: Triple = [0.5, 0.5, 0.5];
const ONE: Triple = [1, 1, 1];

const PROJECTED: SwapIdentity = { kind: 'embedding', from: 'projected', isUnitLength: true };
const NORMALISED: SwapIdentity = { kind: 'embedding', from: 'normalised', isUnitLength: true };
const converted = (converter: string, isUnitLength: boolean): SwapIdentity => ({
  kind: 'embedding',
  from: 'converted',
  converter,
  isUnitLength,
});
const picture = (template: WarpTemplate, size: number): SwapIdentity => ({ kind: 'picture', template, size });

type Origin = Pick<CatalogueModel, 'id' | 'vendor' | 'year' | 'bytes' | 'sha256'> & {
  readonly release: string;
  readonly licence: string;
};

const swapper = ({ licence, ...origin }: Origin, facts: FaceSwapperFacts): CatalogueModel<FaceSwapperFacts> => {
  const { identity, size } = facts;
  const source: TensorContract =
    identity.kind === 'embedding'
      ? embeddingTensor('source')
      : pictureTensor('source', [identity.size, identity.size], { range: '0..1' });
  const range = facts.mean === HALF ? '-1..1' : facts.mean === ZERO ? '0..1' : 'ImageNet';
  const needs =
    identity.kind === 'picture'
      ? []
      : [SWAPPER_RECOGNIZER, ...(identity.from === 'converted' ? [identity.converter] : [])];
  return defineModel<FaceSwapperFacts>({
    ...origin,
    task: 'face-swapper',
    file: `${origin.id}.onnx`,
    licence: licenceOf(licence),
    inputs: [source, pictureTensor('target', [size, size], { range })],
    outputs: [pictureTensor('output', [size, size], { range: facts.isOutputNormalised ? range : '0..1' })],
    ...(needs.length > 0 ? { needs } : {}),
    facts,
  });
};

const ghost = (id: string): CatalogueModel<FaceSwapperFacts> =>
  swapper(
    { id, release: 'models-3.0.0', vendor: 'ai-forever', year: 2022, licence: 'Apache-2.0' },
    {
      ...{ template: 'arcface_112_v1', size: 256, mean: HALF, deviation: HALF, isOutputNormalised: true },
      identity: converted('crossface_ghost', false),
    },
  );

const hyperswap = (id: string): CatalogueModel<FaceSwapperFacts> =>
  swapper(
    { id, release: 'models-3.3.0', vendor: 'FaceFusion', year: 2025, licence: 'ResearchRAIL' },
    {
      ...{ template: 'arcface_128', size: 256, mean: HALF, deviation: HALF, isOutputNormalised: true },
      identity: NORMALISED,
    },
  );

const inswapper = (origin: Pick<Origin, 'id' | 'bytes' | 'sha256'>): CatalogueModel<FaceSwapperFacts> =>
  swapper(
    { ...origin, release: 'models-3.0.0', vendor: 'InsightFace', year: 2023, licence: 'Non-Commercial' },
    {
      ...{ template: 'arcface_128', size: 128, mean: ZERO, deviation: ONE, isOutputNormalised: false },
      identity: PROJECTED,
    },
  );

/** Models that give a face another identity. Numbers as in FaceFusion 3.8.1. */
export const FACE_SWAPPERS: readonly CatalogueModel<FaceSwapperFacts>[] = [
  swapper(
    { id: 'blendswap_256', release: 'models-3.0.0', vendor: 'mapooon', year: 2023, licence: 'Non-Commercial' },
    {
      ...{ template: 'ffhq_512', size: 256, mean: ZERO, deviation: ONE, isOutputNormalised: false },
      identity: picture('arcface_112_v2', 112),
    },
  ),
  ghost('ghost_1_256'),
  ghost('ghost_2_256'),
  ghost('ghost_3_256'),
  swapper(
    { id: 'hififace_unofficial_256', release: 'models-3.1.0', vendor: 'GuijiAI', year: 2021, licence: 'Unknown' },
    {
      ...{ template: 'mtcnn_512', size: 256, mean: HALF, deviation: HALF, isOutputNormalised: true },
      identity: converted('crossface_hififace', true),
    },
  ),
  hyperswap('hyperswap_1a_256'),
  hyperswap('hyperswap_1b_256'),
  hyperswap('hyperswap_1c_256'),
  inswapper({ id: 'inswapper_128' }),
  inswapper({
    id: 'inswapper_128_fp16',
    bytes: 277_680_829,
    sha256: 'c4eccca86ad177586c85c28bf1a64a9d9ed237e283a15818d831f7facfd3f420',
  }),
  swapper(
    { id: 'simswap_256', release: 'models-3.0.0', vendor: 'neuralchen', year: 2020, licence: 'Non-Commercial' },
    {
      ...{ template: 'arcface_112_v1', size: 256, isOutputNormalised: false },
      ...{ mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
      identity: converted('crossface_simswap', true),
    },
  ),
  swapper(
    {
      ...{ id: 'simswap_unofficial_512', release: 'models-3.0.0', vendor: 'neuralchen', year: 2020 },
      licence: 'Non-Commercial',
    },
    {
      ...{ template: 'arcface_112_v1', size: 512, mean: ZERO, deviation: ONE, isOutputNormalised: false },
      identity: converted('crossface_simswap', true),
    },
  ),
  swapper(
    { id: 'uniface_256', release: 'models-3.0.0', vendor: 'xc-csc101', year: 2022, licence: 'Unknown' },
    {
      ...{ template: 'ffhq_512', size: 256, mean: HALF, deviation: HALF, isOutputNormalised: true },
      identity: picture('ffhq_512', 256),
    },
  ),
];
