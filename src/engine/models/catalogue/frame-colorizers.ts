import { type CatalogueModel, defineModel, licenceOf, pictureTensor } from './catalogue-model.ts';

/** What a frame colourizer needs besides its tensors. */
export interface FrameColorizerFacts {
  /**
   * `ddcolor` takes grey 0..1 and gives a and b of CIE L*a*b*; `deoldify` takes grey 0..255 and gives a picture, of which
   * the colours are taken.
   */
  readonly type: 'ddcolor' | 'deoldify';
}

const ddcolor = (id: string): CatalogueModel<FrameColorizerFacts> =>
  defineModel<FrameColorizerFacts>({
    ...{ id, task: 'frame-colorizer', file: `${id}.onnx`, release: 'models-3.0.0' },
    ...{ licence: licenceOf('Apache-2.0'), vendor: 'piddnad', year: 2023 },
    inputs: [pictureTensor('input', [null, null], { range: '0..1' })],
    outputs: [{ name: 'a and b', dtype: 'float32', shape: [1, 2, null, null], layout: 'NCHW', range: '-128..127' }],
    facts: { type: 'ddcolor' },
  });

const deoldify = (id: string): CatalogueModel<FrameColorizerFacts> =>
  defineModel<FrameColorizerFacts>({
    ...{ id, task: 'frame-colorizer', file: `${id}.onnx`, release: 'models-3.0.0' },
    ...{ licence: licenceOf('MIT'), vendor: 'jantic', year: 2022 },
    inputs: [pictureTensor('input', [null, null], { range: '0..255' })],
    outputs: [pictureTensor('output', [null, null], { range: '0..255' })],
    facts: { type: 'deoldify' },
  });

/** Models that colour black-and-white pictures. */
export const FRAME_COLORIZERS: readonly CatalogueModel<FrameColorizerFacts>[] = [
  ddcolor('ddcolor'),
  ddcolor('ddcolor_artistic'),
  deoldify('deoldify'),
  deoldify('deoldify_artistic'),
  deoldify('deoldify_stable'),
];
