import type { ModelStore } from '../inference/session.ts';
import { openPublishedRecognizer } from './published/published-recognizer.ts';
import { type FaceEmbedder, openFaceEmbedder, similarity } from './recognise.ts';

/** The product's own, from dlib. */
export const EMBEDDED_RECOGNIZER = 'dlib';

/**
 * Opens the embedded recogniser, or one that the user has added.
 * @param id as in `faceRecognizerModel`
 * @throws what opening a model throws
 */
export const openRecognizer = (store: ModelStore, id: string = EMBEDDED_RECOGNIZER): Promise<FaceEmbedder> =>
  id === EMBEDDED_RECOGNIZER ? openFaceEmbedder(store) : openPublishedRecognizer(store, id);

/** Half of 1 - cosine, 0..1: how FaceFusion compares the embeddings of its recogniser. */
export const halfCosineDistance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  // Rounding may put the cosine of a face with itself a little above 1.
  Math.min(1, Math.max(0, (1 - similarity(a, b)) / 2));
