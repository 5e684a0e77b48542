import type { ModelStore } from '../inference/session.ts';
import { type FaceClassifier, openFaceClassifier } from './classify.ts';
import { openPublishedClassifier } from './published/published-classifier.ts';

/** The product's own, from face-api. */
export const EMBEDDED_CLASSIFIER = 'age_gender';

/**
 * Opens the embedded classifier, or one that the user has added.
 * @param id as in `faceClassifierModel`
 * @throws what opening a model throws
 */
export const openClassifier = (store: ModelStore, id: string = EMBEDDED_CLASSIFIER): Promise<FaceClassifier> =>
  id === EMBEDDED_CLASSIFIER ? openFaceClassifier(store) : openPublishedClassifier(store, id);
