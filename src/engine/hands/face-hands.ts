/** Watches for hands in front of each face of a clip, with one tracker a face. */
import type { Region } from '../../core/image.ts';
import type { Picture } from '../frames/picture.ts';
import type { ModelStore } from '../inference/session.ts';
import type { HandMatte } from './hand-matte.ts';
import { createHandTracker, type HandTracker } from './hand-tracker.ts';

/** Frames between two searches for hands, by `faceMaskQuality`; a search takes 12 ms. */
const SEARCH_EVERY = { fast: 24, balanced: 12, premium: 4 } as const;

/** A face of a frame, and where to look. */
export interface WatchedFace {
  readonly trackId: number;
  /** The whole frame; see `HandTracker.update`. */
  readonly picture: Picture;
  /** Bounds of the face in the picture. */
  readonly bounds: Region;
  readonly timeSeconds: number;
  /** True when something hints at a hand: search soon. Default false. */
  readonly cue?: boolean;
}

/** Watches all faces of a clip. */
export interface FaceHands {
  /** @returns what covers the face and its surroundings, or null when no hand does; owned by the caller */
  update(face: WatchedFace): Promise<HandMatte | null>;
  forget(trackId: number): void;
  /** See `Stateful`. */
  save(): unknown;
  restore(state: unknown): Promise<void>;
}

/** Opens the models with the first face. */
export function createFaceHands(store: ModelStore, quality: keyof typeof SEARCH_EVERY): FaceHands {
  const trackers = new Map<number, HandTracker>();
  const open = (): Promise<HandTracker> => createHandTracker(store, { searchEvery: SEARCH_EVERY[quality] });
  return {
    async update({ trackId, picture, bounds, timeSeconds, cue = false }) {
      let tracker = trackers.get(trackId);
      if (!tracker) trackers.set(trackId, (tracker = await open()));
      return tracker.update(picture, bounds, cue, timeSeconds);
    },
    forget(trackId) {
      trackers.delete(trackId);
    },
    save: (): ReadonlyMap<number, unknown> =>
      new Map(Array.from(trackers, ([trackId, tracker]) => [trackId, tracker.save()])),
    async restore(state) {
      trackers.clear();
      for (const [trackId, saved] of state as ReadonlyMap<number, unknown>) {
        const tracker = await open();
        tracker.restore(saved);
        trackers.set(trackId, tracker);
      }
    },
  };
}
