import { type CatalogueModel, defineModel, licenceOf, pictureTensor, type TensorContract } from './catalogue-model.ts';

/** What a file of LivePortrait does; a set of them makes the model. */
export type PortraitPart =
  | 'feature_extractor'
  | 'motion_extractor'
  | 'eye_retargeter'
  | 'lip_retargeter'
  | 'stitcher'
  | 'generator';

export interface LivePortraitFacts {
  readonly part: PortraitPart;
}

const floats = (name: string, shape: readonly (number | null)[], range?: string): TensorContract => ({
  ...{ name, dtype: 'float32', shape },
  ...(range === undefined ? {} : { range }),
});
const SMALL = pictureTensor('input', [256, 256], { range: '0..1' });
/** Numbers whose arrangement no code relies on. */
const numbers = (name: string, shape: readonly (number | null)[], range?: string): TensorContract => ({
  ...floats(name, shape, range),
  anyShape: true,
});
const points = (name: string): TensorContract => floats(name, [1, 21, 3]);

const part = (
  name: PortraitPart,
  { inputs, outputs }: Pick<CatalogueModel, 'inputs' | 'outputs'>,
): CatalogueModel<LivePortraitFacts> =>
  defineModel<LivePortraitFacts>({
    id: `live_portrait_${name}`,
    task: 'live-portrait',
    file: `live_portrait_${name}.onnx`,
    release: 'models-3.0.0',
    licence: licenceOf('MIT'),
    vendor: 'KwaiVGI',
    year: 2024,
    inputs,
    outputs,
    facts: { part: name },
  });

/** The parts of LivePortrait. Motion is 21 points of a head in a space of their own. */
export const LIVE_PORTRAIT: readonly CatalogueModel<LivePortraitFacts>[] = [
  part('feature_extractor', {
    inputs: [SMALL],
    outputs: [floats('feature_volume', [1, null, null, null, null])],
  }),
  part('motion_extractor', {
    inputs: [SMALL],
    outputs: [
      numbers('pitch', [], 'degrees'),
      numbers('yaw', [], 'degrees'),
      numbers('roll', [], 'degrees'),
      numbers('scale', []),
      numbers('translation', [1, 3]),
      numbers('expression', [1, 21, 3]),
      numbers('motion_points', [1, 21, 3]),
    ],
  }),
  part('eye_retargeter', {
    inputs: [floats('input', [1, 66])],
    outputs: [numbers('delta', [1, 21, 3])],
  }),
  part('lip_retargeter', {
    inputs: [floats('input', [1, 65])],
    outputs: [numbers('delta', [1, 21, 3])],
  }),
  part('stitcher', {
    inputs: [points('source'), points('target')],
    outputs: [numbers('output', [1, 21, 3])],
  }),
  part('generator', {
    inputs: [floats('feature_volume', [1, null, null, null, null]), points('source'), points('target')],
    outputs: [pictureTensor('output', [512, 512], { range: '0..1' })],
  }),
];
