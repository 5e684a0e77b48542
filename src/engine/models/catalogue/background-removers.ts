import { type CatalogueModel, defineModel, licenceOf, pictureTensor, type TensorContract } from './catalogue-model.ts';

/** What a background remover needs besides its tensors. */
export interface BackgroundRemoverFacts {
  /**
   * How the first output is read: a mask 0..1; `classes` of cloth, of which the first is none; `keyed`, which wants to be
   * told where a green screen is, and gives the colours of the foreground as well.
   */
  readonly type: 'mask' | 'classes' | 'keyed';
  /** Edge in pixels to which the whole frame is stretched. */
  readonly size: number;
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

type Normalisation = Pick<BackgroundRemoverFacts, 'mean' | 'deviation'>;

const PLAIN: Normalisation = { mean: [0, 0, 0], deviation: [1, 1, 1] };
const CENTRED: Normalisation = { mean: [0.5, 0.5, 0.5], deviation: [1, 1, 1] };
const SIGNED: Normalisation = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };
const IMAGENET: Normalisation = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

interface Published extends Partial<Pick<BackgroundRemoverFacts, 'type'>> {
  readonly size: number;
  readonly as: Normalisation;
  readonly vendor: string;
  readonly year: number;
  readonly licence: string;
  readonly release?: string;
}

const outputsOf = ({ type, size }: Pick<BackgroundRemoverFacts, 'type' | 'size'>): readonly TensorContract[] => {
  const mask: TensorContract = { name: 'mask', dtype: 'float32', shape: [1, 1, null, null], range: '0..1' };
  if (type === 'classes') return [{ ...mask, name: 'classes', shape: [1, null, null, null], range: 'scores' }];
  if (type === 'keyed') return [mask, pictureTensor('foreground', [size, size], { range: '0..1' })];
  return [mask];
};

function backgroundRemover(id: string, published: Published): CatalogueModel<BackgroundRemoverFacts> {
  const { type = 'mask', size, as, vendor, year, licence, release = 'models-3.5.0' } = published;
  return defineModel<BackgroundRemoverFacts>({
    ...{ id, task: 'background-remover', file: `${id}.onnx`, release, licence: licenceOf(licence), vendor, year },
    inputs: [pictureTensor('input', [size, size], { channels: type === 'keyed' ? 4 : 3, range: 'normalised' })],
    outputs: outputsOf({ type, size }),
    facts: { type, size, ...as },
  });
}

/** Models that tell what stands in front from what is behind. */
export const BACKGROUND_REMOVERS: readonly CatalogueModel<BackgroundRemoverFacts>[] = [
  backgroundRemover('ben_2', { size: 1024, as: PLAIN, vendor: 'PramaLLC', year: 2025, licence: 'MIT' }),
  backgroundRemover('birefnet_general', { size: 1024, as: PLAIN, vendor: 'ZhengPeng7', year: 2024, licence: 'MIT' }),
  backgroundRemover('birefnet_portrait', { size: 1024, as: PLAIN, vendor: 'ZhengPeng7', year: 2024, licence: 'MIT' }),
  backgroundRemover('corridor_key_1024', {
    ...{ type: 'keyed', size: 1024, as: IMAGENET, vendor: 'nikopueringer', year: 2025 },
    ...{ licence: 'Non-Commercial', release: 'models-3.6.0' },
  }),
  backgroundRemover('corridor_key_2048', {
    ...{ type: 'keyed', size: 2048, as: IMAGENET, vendor: 'nikopueringer', year: 2025 },
    ...{ licence: 'Non-Commercial', release: 'models-3.6.0' },
  }),
  backgroundRemover('isnet_general', {
    ...{ size: 1024, as: CENTRED, vendor: 'xuebinqin', year: 2022, licence: 'Apache-2.0' },
  }),
  backgroundRemover('modnet', { size: 512, as: SIGNED, vendor: 'ZHKKKe', year: 2020, licence: 'Apache-2.0' }),
  backgroundRemover('ormbg', { size: 1024, as: PLAIN, vendor: 'schirrmacher', year: 2024, licence: 'Apache-2.0' }),
  backgroundRemover('rmbg_1.4', { size: 1024, as: CENTRED, vendor: 'Bria', year: 2023, licence: 'Non-Commercial' }),
  backgroundRemover('rmbg_2.0', { size: 1024, as: IMAGENET, vendor: 'Bria', year: 2024, licence: 'Non-Commercial' }),
  backgroundRemover('silueta', { size: 320, as: IMAGENET, vendor: 'Kikedao', year: 2022, licence: 'Apache-2.0' }),
  backgroundRemover('u2net_cloth', {
    ...{ type: 'classes', size: 768, as: IMAGENET, vendor: 'levindabhi', year: 2021, licence: 'MIT' },
  }),
  backgroundRemover('u2net_general', {
    ...{ size: 320, as: IMAGENET, vendor: 'xuebinqin', year: 2020, licence: 'Apache-2.0' },
  }),
  backgroundRemover('u2net_human', {
    ...{ size: 320, as: IMAGENET, vendor: 'xuebinqin', year: 2021, licence: 'Apache-2.0' },
  }),
  backgroundRemover('u2netp', { size: 320, as: IMAGENET, vendor: 'xuebinqin', year: 2021, licence: 'Apache-2.0' }),
];
