import type { WarpTemplate } from '../../frames/warp-templates.ts';
import { type CatalogueModel, defineModel, licenceOf, pictureTensor } from './catalogue-model.ts';

/** What an age modifier needs besides its tensors. */
export interface AgeModifierFacts {
  /** `fran` gets both ages; `styleganex` a direction, and the head with its surroundings besides. */
  readonly type: 'fran' | 'styleganex';
  /** Template and edge in pixels of the input `target`. */
  readonly target: { readonly template: WarpTemplate; readonly size: number };
  /** The same for `target_with_background`. */
  readonly surroundings?: { readonly template: WarpTemplate; readonly size: number };
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

const FRAN_SIZE = 1024;
const STYLEGANEX_SIZES = { target: 256, surroundings: 384 } as const;

/** Models that make a face younger or older. */
export const AGE_MODIFIERS: readonly CatalogueModel<AgeModifierFacts>[] = [
  defineModel<AgeModifierFacts>({
    id: 'fran',
    task: 'age-modifier',
    file: 'fran.onnx',
    release: 'models-3.6.0',
    licence: licenceOf('MIT'),
    vendor: 'ry-lu',
    year: 2024,
    inputs: [
      pictureTensor('target', [FRAN_SIZE, FRAN_SIZE], { range: '0..1' }),
      { name: 'direction', dtype: 'float32', shape: [2], range: 'age now, age wanted; years / 100' },
    ],
    outputs: [pictureTensor('output', [FRAN_SIZE, FRAN_SIZE], { range: '0..1' })],
    facts: {
      type: 'fran',
      target: { template: 'ffhq_512', size: FRAN_SIZE },
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
    },
  }),
  defineModel<AgeModifierFacts>({
    id: 'styleganex_age',
    task: 'age-modifier',
    file: 'styleganex_age.onnx',
    release: 'models-3.1.0',
    licence: licenceOf('S-Lab-1.0'),
    vendor: 'williamyang1991',
    year: 2023,
    inputs: [
      pictureTensor('target', [STYLEGANEX_SIZES.target, STYLEGANEX_SIZES.target], { range: '-1..1' }),
      pictureTensor('target_with_background', [STYLEGANEX_SIZES.surroundings, STYLEGANEX_SIZES.surroundings], {
        range: '-1..1',
      }),
      { name: 'direction', dtype: 'float32', shape: [], range: '2.5 younger .. -2.5 older' },
    ],
    outputs: [pictureTensor('output', [null, null], { range: '-1..1' })],
    facts: {
      type: 'styleganex',
      target: { template: 'ffhq_512', size: STYLEGANEX_SIZES.target },
      surroundings: { template: 'styleganex_384', size: STYLEGANEX_SIZES.surroundings },
      mean: [0.5, 0.5, 0.5],
      deviation: [0.5, 0.5, 0.5],
    },
  }),
];
