import type { WarpTemplate } from '../../frames/warp-templates.ts';
import { type CatalogueModel, defineModel, licenceOf, pictureTensor, type TensorContract } from './catalogue-model.ts';

/** What a face enhancer needs besides its tensors. */
export interface FaceEnhancerFacts {
  readonly template: WarpTemplate;
  /** Edge of the crop in pixels. */
  readonly size: number;
}

/** How faithful the model stays to its input, 0..1. */
const WEIGHT: TensorContract = { name: 'weight', dtype: 'float64', shape: [1], range: '0..1' };

const enhancer = (
  id: string,
  vendor: string,
  year: number,
  licence: string,
  size = 512,
  template: WarpTemplate = 'ffhq_512',
  more: readonly TensorContract[] = [],
  published: Pick<CatalogueModel, 'bytes' | 'sha256'> = {},
): CatalogueModel<FaceEnhancerFacts> =>
  defineModel<FaceEnhancerFacts>({
    ...{ id, task: 'face-enhancer', file: `${id}.onnx`, release: 'models-3.0.0', vendor, year },
    ...published,
    licence: licenceOf(licence),
    inputs: [pictureTensor('input', [size, size], { range: '-1..1' }), ...more],
    outputs: [pictureTensor('output', [size, size], { range: '-1..1' })],
    facts: { template, size },
  });

/** Models that restore an aligned face. Source: FaceFusion 3.8.1. */
export const FACE_ENHANCERS: readonly CatalogueModel<FaceEnhancerFacts>[] = [
  enhancer('codeformer', 'sczhou', 2022, 'S-Lab-1.0', 512, 'ffhq_512', [WEIGHT]),
  enhancer('gfpgan_1.2', 'TencentARC', 2022, 'Apache-2.0'),
  enhancer('gfpgan_1.3', 'TencentARC', 2022, 'Apache-2.0'),
  enhancer('gfpgan_1.4', 'TencentARC', 2022, 'Apache-2.0', 512, 'ffhq_512', [], {
    bytes: 340_299_087,
    sha256: 'accc4757b26bdb89b32b4d3500d4f79c9dff97c1dd7c7104bf9dcb95e3311385',
  }),
  enhancer('gpen_bfr_256', 'yangxy', 2021, 'Non-Commercial', 256, 'arcface_128'),
  enhancer('gpen_bfr_512', 'yangxy', 2021, 'Non-Commercial'),
  enhancer('gpen_bfr_1024', 'yangxy', 2021, 'Non-Commercial', 1024),
  enhancer('gpen_bfr_2048', 'yangxy', 2021, 'Non-Commercial', 2048),
  enhancer('restoreformer_plus_plus', 'wzhouxiff', 2022, 'Apache-2.0'),
];
