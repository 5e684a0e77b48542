import { type CatalogueModel, defineModel, licenceOf, pictureTensor } from './catalogue-model.ts';

/** `heat`: points and heat maps; `points`: points whose third number is a score; `lift`: 68 points from five. */
export interface FaceLandmarkerFacts {
  readonly decoding: 'heat' | 'points' | 'lift';
}

const RELEASE = 'models-3.0.0';

/** Models that find 68 landmarks. Source: FaceFusion 3.8.1. */
export const FACE_LANDMARKERS: readonly CatalogueModel<FaceLandmarkerFacts>[] = [
  defineModel<FaceLandmarkerFacts>({
    ...{ id: '2dfan4', task: 'face-landmarker', file: '2dfan4.onnx', release: RELEASE },
    ...{ bytes: 97_904_803, sha256: '678c6fa539d52335a31c980feefdf4a6e02d781d83dce00af8a894f114557285' },
    ...{ licence: licenceOf('MIT'), vendor: 'breadbread1984', year: 2018 },
    inputs: [pictureTensor('input', [256, 256], { colour: 'BGR', range: '0..1' })],
    outputs: [
      { name: 'landmarks', dtype: 'float32', shape: [1, 68, 3], anyShape: true },
      { name: 'heatmaps', dtype: 'float32', shape: [1, 68, 64, 64], anyShape: true },
    ],
    facts: { decoding: 'heat' },
  }),
  defineModel<FaceLandmarkerFacts>({
    ...{ id: 'peppa_wutz', task: 'face-landmarker', file: 'peppa_wutz.onnx', release: RELEASE },
    ...{ licence: licenceOf('Apache-2.0'), vendor: 'Unknown', year: 2023 },
    inputs: [pictureTensor('input', [256, 256], { colour: 'BGR', range: '0..1' })],
    outputs: [{ name: 'landmarks', dtype: 'float32', shape: [1, 204], anyShape: true }],
    facts: { decoding: 'points' },
  }),
  defineModel<FaceLandmarkerFacts>({
    ...{ id: 'fan_68_5', task: 'face-landmarker', file: 'fan_68_5.onnx', release: RELEASE },
    ...{ licence: licenceOf('OpenRAIL-M'), vendor: 'FaceFusion', year: 2024 },
    inputs: [{ name: 'input', dtype: 'float32', shape: [1, 5, 2] }],
    outputs: [{ name: 'landmarks', dtype: 'float32', shape: [1, 68, 2], anyShape: true }],
    facts: { decoding: 'lift' },
  }),
];
