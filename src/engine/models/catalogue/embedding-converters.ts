import { type CatalogueModel, defineModel, licenceOf, type TensorContract } from './catalogue-model.ts';

/** Length of an identity vector. */
export const EMBEDDING_SIZE = 512;

/** An identity vector `[1, 512]`. */
export const embeddingTensor = (name: string): TensorContract => ({
  name,
  dtype: 'float32',
  shape: [1, EMBEDDING_SIZE],
});

/** FaceFusion records no licence for the converters by themselves. */
const crossface = (id: string): CatalogueModel =>
  defineModel({
    id,
    task: 'embedding-converter',
    file: `${id}.onnx`,
    release: 'models-3.4.0',
    licence: licenceOf('Unknown'),
    vendor: 'FaceFusion',
    year: 2025,
    inputs: [embeddingTensor('input')],
    outputs: [embeddingTensor('output')],
    facts: undefined,
  });

/** Models that turn an ArcFace embedding as it comes into that of the recogniser which a swapper was trained with. */
export const EMBEDDING_CONVERTERS: readonly CatalogueModel[] = [
  crossface('crossface_ghost'),
  crossface('crossface_hififace'),
  crossface('crossface_simswap'),
];
