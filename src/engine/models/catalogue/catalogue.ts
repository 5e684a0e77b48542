/** Every published model that the product can run when the user brings its file. */
import { AGE_MODIFIERS } from './age-modifiers.ts';
import { BACKGROUND_REMOVERS } from './background-removers.ts';
import type { CatalogueModel, ModelTask } from './catalogue-model.ts';
import { CONTENT_ANALYSERS } from './content-analysers.ts';
import { DEEP_SWAPPERS } from './deep-swappers.ts';
import { EMBEDDING_CONVERTERS } from './embedding-converters.ts';
import { FACE_CLASSIFIERS } from './face-classifiers.ts';
import { FACE_DETECTORS } from './face-detectors.ts';
import { FACE_ENHANCERS } from './face-enhancers.ts';
import { FACE_LANDMARKERS } from './face-landmarkers.ts';
import { FACE_MASKERS } from './face-maskers.ts';
import { FACE_RECOGNIZERS } from './face-recognizers.ts';
import { FACE_SWAPPERS } from './face-swappers.ts';
import { FRAME_COLORIZERS } from './frame-colorizers.ts';
import { FRAME_ENHANCERS } from './frame-enhancers.ts';
import { LIP_SYNCERS } from './lip-syncers.ts';
import { LIVE_PORTRAIT } from './live-portrait.ts';
import { STYLIZERS } from './stylizers.ts';
import { VOICE_EXTRACTORS } from './voice-extractors.ts';

/** One list a family. */
const FAMILIES: readonly (readonly CatalogueModel[])[] = [
  AGE_MODIFIERS,
  LIP_SYNCERS,
  VOICE_EXTRACTORS,
  DEEP_SWAPPERS,
  FACE_DETECTORS,
  FACE_LANDMARKERS,
  FACE_RECOGNIZERS,
  FACE_CLASSIFIERS,
  CONTENT_ANALYSERS,
  FACE_MASKERS,
  FACE_SWAPPERS,
  EMBEDDING_CONVERTERS,
  FACE_ENHANCERS,
  FRAME_ENHANCERS,
  BACKGROUND_REMOVERS,
  FRAME_COLORIZERS,
  STYLIZERS,
  LIVE_PORTRAIT,
];

/** All models, family by family. */
export const CATALOGUE: readonly CatalogueModel[] = FAMILIES.flat();

const byId = new Map(CATALOGUE.map((model) => [model.id, model]));

export const findCatalogueModel = (id: string): CatalogueModel | undefined => byId.get(id);

/** Ids of the models for a task, in the catalogue's order; mere contracts are none. */
export const catalogueIds = (task: ModelTask): readonly string[] =>
  CATALOGUE.filter((model) => model.task === task && !model.contractOnly).map(({ id }) => id);
