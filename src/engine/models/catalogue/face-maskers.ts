import { type CatalogueModel, defineModel, licenceOf, pictureTensor } from './catalogue-model.ts';

/** What a masker needs besides its tensors. */
export interface FaceMaskerFacts {
  /** Edge of its picture in pixels. */
  readonly size: number;
}

const XSEG_SIZE = 256;
const BISENET_SIZE = 512;
/** Classes of CelebAMask-HQ, which bisenet was trained on. */
const BISENET_CLASSES = 19;

const xseg = (id: string, release: string): CatalogueModel<FaceMaskerFacts> =>
  defineModel<FaceMaskerFacts>({
    id,
    task: 'face-occluder',
    file: `${id}.onnx`,
    release,
    licence: licenceOf('GPL-3.0'),
    vendor: 'DeepFaceLab',
    year: 2021,
    inputs: [
      {
        ...{ name: 'input', dtype: 'float32', shape: [1, XSEG_SIZE, XSEG_SIZE, 3] },
        ...{ layout: 'NHWC', colour: 'BGR', range: '0..1' },
      },
    ],
    outputs: [{ name: 'output', dtype: 'float32', shape: [1, XSEG_SIZE, XSEG_SIZE, 1], layout: 'NHWC', range: '0..1' }],
    facts: { size: XSEG_SIZE },
  });

const bisenet = (id: string, release: string): CatalogueModel<FaceMaskerFacts> =>
  defineModel<FaceMaskerFacts>({
    id,
    task: 'face-parser',
    file: `${id}.onnx`,
    release,
    licence: licenceOf('MIT'),
    vendor: 'yakhyo',
    year: 2024,
    inputs: [pictureTensor('input', [BISENET_SIZE, BISENET_SIZE], { range: 'ImageNet' })],
    outputs: [
      {
        ...{ name: 'output', dtype: 'float32', shape: [1, BISENET_CLASSES, BISENET_SIZE, BISENET_SIZE] },
        ...{ layout: 'NCHW', range: 'a score a class' },
      },
    ],
    facts: { size: BISENET_SIZE },
  });

/** Models that find what covers a face, and those that tell its parts. */
export const FACE_MASKERS: readonly CatalogueModel<FaceMaskerFacts>[] = [
  xseg('xseg_1', 'models-3.1.0'),
  xseg('xseg_2', 'models-3.1.0'),
  xseg('xseg_3', 'models-3.2.0'),
  bisenet('bisenet_resnet_18', 'models-3.1.0'),
  bisenet('bisenet_resnet_34', 'models-3.0.0'),
];
