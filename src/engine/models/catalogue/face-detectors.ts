import { type CatalogueModel, defineModel, licenceOf, pictureTensor, type TensorContract } from './catalogue-model.ts';

/** How a detector's answer is read; see src/engine/faces/published. */
export interface FaceDetectorFacts {
  readonly decoding: 'anchors' | 'yolo' | 'yunet';
  /** (value - mean) / deviation of bytes. */
  readonly mean: number;
  readonly deviation: number;
  /** Edge of the input where the graph leaves it open. */
  readonly size: number;
}

const numbers = (name: string): TensorContract => ({ name, dtype: 'float32', shape: [null], anyShape: true });
/** A list of tensors for the strides 8, 16 and 32. */
const byStride = (...names: string[]): TensorContract[] =>
  names.flatMap((name) => [8, 16, 32].map((stride) => numbers(`${name}_${stride}`)));

const detector = (
  id: string,
  file: string,
  release: string,
  [vendor, year, licence]: readonly [string, number, string],
  range: string,
  outputs: readonly TensorContract[],
  facts: FaceDetectorFacts,
  published: Pick<CatalogueModel, 'bytes' | 'sha256'> = {},
): CatalogueModel<FaceDetectorFacts> =>
  defineModel<FaceDetectorFacts>({
    ...{ id, task: 'face-detector', file, release: `models-${release}`, vendor, year, ...published },
    licence: licenceOf(licence),
    inputs: [pictureTensor('input', [null, null], { colour: 'BGR', range })],
    outputs,
    facts,
  });

/** Models that find faces. Source: FaceFusion 3.8.1. */
export const FACE_DETECTORS: readonly CatalogueModel<FaceDetectorFacts>[] = [
  detector(
    ...(['retinaface', 'retinaface_10g.onnx', '3.0.0', ['InsightFace', 2020, 'Non-Commercial'], '-1..1'] as const),
    byStride('score', 'box', 'landmarks'),
    { decoding: 'anchors', mean: 127.5, deviation: 128, size: 640 },
  ),
  detector(
    ...(['scrfd', 'scrfd_2.5g.onnx', '3.0.0', ['InsightFace', 2021, 'Non-Commercial'], '-1..1'] as const),
    byStride('score', 'box', 'landmarks'),
    { decoding: 'anchors', mean: 127.5, deviation: 128, size: 640 },
  ),
  detector(
    ...(['yolo_face', 'yoloface_8n.onnx', '3.0.0', ['derronqi', 2022, 'GPL-3.0'], '0..1'] as const),
    [{ name: 'output', dtype: 'float32', shape: [1, 20, null] }],
    { decoding: 'yolo', mean: 0, deviation: 255, size: 640 },
    { bytes: 12_659_761, sha256: '821cdbb1e65fbbabdde7dd0933f754797a343e56fd962729c61ffcefcd135929' },
  ),
  detector(
    ...(['yunet', 'yunet_2023_mar.onnx', '3.4.0', ['OpenCV', 2023, 'MIT'], '0..255'] as const),
    byStride('class', 'object', 'box', 'landmarks'),
    { decoding: 'yunet', mean: 0, deviation: 1, size: 640 },
  ),
];
