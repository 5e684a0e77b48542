/** Stands where faces are followed and chosen, in runs whose processors are the same whoever is in the picture. */
import type { FaceTracker } from '../engine/faces/track.ts';
import type { FaceChooser } from './face-chooser.ts';

/** Finds nobody. */
export const createIdleTracker = (): FaceTracker => ({
  lastWasCut: false,
  update: async () => [],
  save: () => undefined,
  restore() {},
});

/** Chooses nobody. */
export const IDLE_CHOOSER: FaceChooser = {
  choose: async () => [],
  forget() {},
  save: () => undefined,
  restore() {},
};
