import type { ModelStore } from '../inference/session.ts';
import { type FaceDetector, openFaceDetector } from './detect.ts';
import { openPublishedDetector, type PublishedDetectorOptions } from './published/published-detector.ts';

/**
 * Opens the embedded detector, or published ones in its place.
 * @throws what opening a model throws
 */
export const openDetector = (store: ModelStore, published?: PublishedDetectorOptions): Promise<FaceDetector> =>
  published ? openPublishedDetector(store, published) : openFaceDetector(store);
