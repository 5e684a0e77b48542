import { type CatalogueModel, defineModel, pictureTensor } from './catalogue-model.ts';

/** Contracts of models that turn a whole picture into another. */
export const STYLIZERS: readonly CatalogueModel<null>[] = [
  defineModel<null>({
    id: 'image_to_image',
    task: 'stylizer',
    file: 'NAME.onnx',
    // A model that is like this one has what the user says of it.
    licence: { name: 'not stated', commercialUse: 'not-stated' },
    vendor: 'the user',
    inputs: [{ ...pictureTensor('input', [null, null], { range: '0..1' }), anyName: true }],
    outputs: [pictureTensor('output', [null, null], { range: '0..1' })],
    contractOnly: true,
    facts: null,
  }),
];
