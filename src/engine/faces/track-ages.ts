/** How old each face of a clip is, so that one face is not older in one frame and younger in the next. */
import type { RgbImage } from '../../core/image.ts';
import { boundsOf } from './boxes.ts';
import type { FaceClassifier } from './classify.ts';
import { landmarks5Of } from './landmarks.ts';

/** Estimates of a face after which nothing new is to be learnt. */
const ENOUGH = 30;

interface Estimates {
  readonly count: number;
  readonly sumYears: number;
}

/** Remembers estimates by track. */
export interface TrackAges {
  /**
   * The mean of all estimates of a face so far, in years, this picture's included. A few dozen are made, then no more.
   * @param region shows the face
   * @param mesh   in pixels of the region
   * @param landmarks5 of a landmarker that the user has chosen; default: the mesh's
   */
  ageOf(trackId: number, region: RgbImage, mesh: Float32Array, landmarks5?: ArrayLike<number>): Promise<number>;
  forget(trackId: number): void;
  /** See `FaceProcessor`. */
  save(): unknown;
  restore(state: unknown): void;
}

/** @param classifier lent */
export function createTrackAges(classifier: FaceClassifier): TrackAges {
  const known = new Map<number, Estimates>();
  return {
    async ageOf(trackId, region, mesh, landmarks5 = landmarks5Of(mesh)) {
      const { count, sumYears } = known.get(trackId) ?? { count: 0, sumYears: 0 };
      if (count >= ENOUGH) return sumYears / count;
      const { ageYears } = await classifier.classify(region, { box: boundsOf(mesh), landmarks5 });
      known.set(trackId, { count: count + 1, sumYears: sumYears + ageYears });
      return (sumYears + ageYears) / (count + 1);
    },
    forget: (trackId) => void known.delete(trackId),
    save: () => new Map(known),
    restore(state) {
      known.clear();
      for (const [trackId, estimates] of state as ReadonlyMap<number, Estimates>) known.set(trackId, estimates);
    },
  };
}
