import type { WarpTemplate } from '../../frames/warp-templates.ts';
import { type CatalogueModel, defineModel } from './catalogue-model.ts';

/** What a deep swapper needs besides its tensors. */
export interface DeepSwapperFacts {
  readonly template: WarpTemplate;
}

/** Of any size that the graph states, channels last. */
const picture = (name: string, channels: number): CatalogueModel['inputs'][number] => ({
  name,
  dtype: 'float32',
  shape: [null, null, null, channels],
  layout: 'NHWC',
  ...(channels === 3 ? { colour: 'BGR' } : {}),
  range: '0..1',
});

/**
 * Models of one person that somebody has trained with DeepFaceLab. There is only the contract: who has such a model adds
 * it as `custom/NAME`, like this. Nobody's likeness is listed here.
 */
export const DEEP_SWAPPERS: readonly CatalogueModel<DeepSwapperFacts>[] = [
  defineModel<DeepSwapperFacts>({
    id: 'deep_swapper_dfm',
    task: 'deep-swapper',
    file: 'NAME.dfm',
    // A model that is like this one has what the user says of it.
    licence: { name: 'not stated', commercialUse: 'not-stated' },
    vendor: 'the user',
    contractOnly: true,
    inputs: [
      picture('in_face:0', 3),
      { name: 'morph_value:0', dtype: 'float32', shape: [1], range: '0..1', optional: true },
    ],
    outputs: [picture('out_face_mask:0', 1), picture('out_celeb_face:0', 3), picture('out_celeb_face_mask:0', 1)],
    facts: { template: 'dfl_whole_face' },
  }),
];
