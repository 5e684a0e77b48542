import { type CatalogueModel, defineModel, licenceOf, type TensorContract } from './catalogue-model.ts';

/** Left and right, each as real and imaginary part; 3072 frequencies; as many frames as the graph says. */
const spectrum = (name: string): TensorContract => ({
  name,
  dtype: 'float32',
  shape: [null, 4, 3072, null],
  range: 'sums of windowed samples -1..1',
});

const voiceExtractor = (id: string, release: string, vendor: string, licence: string): CatalogueModel =>
  defineModel({
    id,
    task: 'voice-extractor',
    file: `${id}.onnx`,
    release,
    licence: licenceOf(licence),
    vendor,
    year: 2023,
    inputs: [spectrum('input')],
    outputs: [spectrum('output')],
    facts: undefined,
  });

/** Models that take the voice out of a sound. */
export const VOICE_EXTRACTORS: readonly CatalogueModel[] = [
  voiceExtractor('kim_vocal_1', 'models-3.4.0', 'KimberleyJensen', 'Non-Commercial'),
  voiceExtractor('kim_vocal_2', 'models-3.0.0', 'KimberleyJensen', 'Non-Commercial'),
  voiceExtractor('uvr_mdxnet', 'models-3.4.0', 'Anjok07', 'MIT'),
];
