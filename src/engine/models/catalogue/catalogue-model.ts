/** What is known of a published model file that the user may bring. Nothing here is shipped or downloaded by itself. */

/** What a model is for. An option that chooses a model takes those of one task. */
export const MODEL_TASKS = [
  'face-detector',
  'face-landmarker',
  'face-recognizer',
  'face-classifier',
  'face-occluder',
  'face-parser',
  'content-analyser',
  'face-swapper',
  'embedding-converter',
  'face-enhancer',
  'frame-enhancer',
  'live-portrait',
  'age-modifier',
  'lip-syncer',
  'voice-extractor',
  'frame-colorizer',
  'background-remover',
  'deep-swapper',
  'stylizer',
] as const;
export type ModelTask = (typeof MODEL_TASKS)[number];

/** Whether the licence lets somebody sell what the model makes; `not-stated` where nobody has said. */
export type CommercialUse = 'allowed' | 'forbidden' | 'not-stated';

export interface CatalogueLicence {
  /** As recorded by FaceFusion 3.8.1: an SPDX id where there is one. */
  readonly name: string;
  readonly commercialUse: CommercialUse;
}

/** Types of tensors that are read as numbers. All float types are taken for each other and converted. */
export type TensorType = 'float16' | 'float32' | 'float64' | 'int32' | 'int64';

/** One input or output as the calling code needs it. */
export interface TensorContract {
  /** Outputs are taken by position; their name is for reading. */
  readonly name: string;
  readonly dtype: TensorType;
  /** null: any size. A number must be the graph's own unless the graph leaves that size open. */
  readonly shape: readonly (number | null)[];
  /** Order of axes of a picture. */
  readonly layout?: 'NCHW' | 'NHWC';
  readonly colour?: 'RGB' | 'BGR';
  /** Range of the values, in words: `0..1`, `-1..1`, `0..255`. */
  readonly range?: string;
  /** True where only the numbers count, in their order, however the graph arranges them: `shape` is for reading. */
  readonly anyShape?: true;
  /** True for an input that a graph may lack. */
  readonly optional?: true;
  /** True for the only input of a model whose graph may call it anything. */
  readonly anyName?: true;
}

/**
 * One model file.
 * @typeParam Facts what its family needs besides: template, size, normalisation
 */
export interface CatalogueModel<Facts = unknown> {
  /** FaceFusion's id. */
  readonly id: string;
  readonly task: ModelTask;
  readonly file: string;
  /** Tag of FaceFusion's release that has the file; absent for files that only the user has. */
  readonly release?: string;
  /** Where somebody has published them. */
  readonly bytes?: number;
  readonly sha256?: string;
  readonly licence: CatalogueLicence;
  readonly vendor: string;
  readonly year?: number;
  readonly inputs: readonly TensorContract[];
  /** Those that are used, in the graph's order; a graph may have more. */
  readonly outputs: readonly TensorContract[];
  /** True for a contract without a file: the user's own models may be like it, but it is none itself. */
  readonly contractOnly?: true;
  /** Ids of other models without which this one cannot be used. */
  readonly needs?: readonly string[];
  readonly facts: Facts;
}

/** Declares a model of a family. */
export const defineModel = <Facts>(model: CatalogueModel<Facts>): CatalogueModel<Facts> => model;

/** What FaceFusion records about licences, and what each means for selling what the model makes. */
const COMMERCIAL_USE: Readonly<Record<string, CommercialUse>> = {
  MIT: 'allowed',
  'Apache-2.0': 'allowed',
  'BSD-3-Clause': 'allowed',
  'CC-BY-4.0': 'allowed',
  // Both bind whoever passes the file on, not whoever sells pictures made with it.
  'GPL-3.0': 'allowed',
  WTFPL: 'allowed',
  // Use restrictions, but none on commerce.
  'OpenRAIL-M': 'allowed',
  // "Research use only" in the name's sense.
  ResearchRAIL: 'forbidden',
  'Non-Commercial': 'forbidden',
  // NTU S-Lab License 1.0 allows redistribution and use for non-commercial purposes only.
  'S-Lab-1.0': 'forbidden',
};

/** A licence by the name that FaceFusion records. One that is not known states nothing. */
export const licenceOf = (name: string): CatalogueLicence => ({
  name,
  commercialUse: COMMERCIAL_USE[name] ?? 'not-stated',
});

/** A float32 picture `[1, 3, height, width]`; null leaves a side open. */
export const pictureTensor = (
  name: string,
  [width, height]: readonly [number | null, number | null],
  rest: Pick<TensorContract, 'range'> & { readonly colour?: 'RGB' | 'BGR'; readonly channels?: number } = {},
): TensorContract => ({
  name,
  dtype: 'float32',
  shape: [1, rest.channels ?? 3, height, width],
  layout: 'NCHW',
  colour: rest.colour ?? 'RGB',
  ...(rest.range === undefined ? {} : { range: rest.range }),
});
