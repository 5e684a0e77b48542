import type { WarpTemplate } from '../../frames/warp-templates.ts';
import { type CatalogueModel, defineModel, licenceOf, pictureTensor } from './catalogue-model.ts';

/** What a recogniser needs besides its tensors. */
export interface FaceRecognizerFacts {
  readonly template: WarpTemplate;
  /** Edge of the crop in pixels. */
  readonly size: number;
}

/** Models that tell people apart. */
export const FACE_RECOGNIZERS: readonly CatalogueModel<FaceRecognizerFacts>[] = [
  defineModel<FaceRecognizerFacts>({
    id: 'arcface',
    task: 'face-recognizer',
    file: 'arcface_w600k_r50.onnx',
    release: 'models-3.0.0',
    bytes: 174_388_474,
    sha256: 'f1f79dc3b0b79a69f94799af1fffebff09fbd78fd96a275fd8f0cbbea23270d1',
    licence: licenceOf('Non-Commercial'),
    vendor: 'InsightFace',
    year: 2018,
    inputs: [pictureTensor('input', [112, 112], { range: '-1..1' })],
    outputs: [{ name: 'output', dtype: 'float32', shape: [1, 512] }],
    facts: { template: 'arcface_112_v2', size: 112 },
  }),
];
