import { type CatalogueModel, defineModel, licenceOf, pictureTensor, type TensorContract } from './catalogue-model.ts';

type Triple = readonly [number, number, number];

/** What a content analyser needs besides its tensors. */
export interface ContentAnalyserFacts {
  readonly size: number;
  readonly mean: Triple;
  readonly deviation: Triple;
  /** How the value is read, and the value from which a picture is flagged. */
  readonly reading: 'detections' | 'difference' | 'levels';
  readonly threshold: number;
}

const analyser = (
  id: string,
  [vendor, year, licence]: readonly [string, number, string],
  output: TensorContract,
  facts: ContentAnalyserFacts,
): CatalogueModel<ContentAnalyserFacts> =>
  defineModel<ContentAnalyserFacts>({
    ...{ id, task: 'content-analyser', file: `${id}.onnx`, release: 'models-3.3.0', vendor, year },
    licence: licenceOf(licence),
    inputs: [pictureTensor('input', [facts.size, facts.size])],
    outputs: [output],
    facts,
  });

/** Models that tell what must not be worked on. Source: FaceFusion 3.8.1. */
export const CONTENT_ANALYSERS: readonly CatalogueModel<ContentAnalyserFacts>[] = [
  analyser(
    'nsfw_1',
    ['EraX', 2024, 'Apache-2.0'],
    { name: 'output', dtype: 'float32', shape: [1, null, null] },
    {
      ...{ size: 640, mean: [0, 0, 0], deviation: [1, 1, 1], reading: 'detections', threshold: 0.2 },
    },
  ),
  analyser(
    'nsfw_2',
    ['Marqo', 2024, 'Apache-2.0'],
    { name: 'output', dtype: 'float32', shape: [1, 2] },
    {
      ...{ size: 384, mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5], reading: 'difference', threshold: 0.25 },
    },
  ),
  analyser(
    'nsfw_3',
    ['Freepik', 2025, 'MIT'],
    { name: 'output', dtype: 'float32', shape: [1, 4] },
    {
      ...{ size: 448, reading: 'levels', threshold: 10.5 },
      mean: [0.48145466, 0.4578275, 0.40821073],
      deviation: [0.26862954, 0.26130258, 0.27577711],
    },
  ),
];
