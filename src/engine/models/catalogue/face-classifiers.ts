import { type CatalogueModel, defineModel, licenceOf, pictureTensor } from './catalogue-model.ts';

const classId = (name: string) => ({ name, dtype: 'int64', shape: [1], anyShape: true }) as const;

/** Models that estimate age and gender. Source: FaceFusion 3.8.1. */
export const FACE_CLASSIFIERS: readonly CatalogueModel<undefined>[] = [
  defineModel({
    ...{ id: 'fairface', task: 'face-classifier', file: 'fairface.onnx', release: 'models-3.0.0' },
    ...{ licence: licenceOf('CC-BY-4.0'), vendor: 'dchen236', year: 2021 },
    inputs: [pictureTensor('input', [224, 224], { range: 'ImageNet' })],
    outputs: [classId('race_id'), classId('gender_id'), classId('age_id')],
    facts: undefined,
  }),
];
