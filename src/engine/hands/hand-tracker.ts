/** Watches for hands in front of one face: searches now and then, follows while there is one. */
import type { Region } from '../../core/image.ts';
import type { Stateful } from '../../core/stateful.ts';
import { createOneEuro, type OneEuro } from '../faces/one-euro.ts';
import type { Picture } from '../frames/picture.ts';
import type { ModelStore } from '../inference/session.ts';
import { type HandPoints, type HandRegion, palmWidthOf } from './hand.ts';
import { nextHandRegion, openHandFinder } from './hand-landmarks.ts';
import { createHandMatteMaker, type HandMatte } from './hand-matte.ts';
import { openPalmDetector } from './palms.ts';

/** Frames between two searches, unless the options say otherwise; a search takes 12 ms, so 1 ms a frame. */
const SEARCH_EVERY = 12;
/** So many times as often while the caller has a cue, as something odd in the middle of the face. */
const MORE_ON_CUE = 4;
/** Nobody holds more hands before one face. */
const MAXIMUM_HANDS = 2;
/** Below this the landmark model has lost the hand. */
const LOST_PRESENCE = 0.5;
/** Two regions whose centres are closer, in their size, are one hand. */
const SAME_HAND_DISTANCE = 0.35;
/** Where a hand may come from, around the face's box: to the sides, above, below, in its width and height. */
const AROUND = { side: 0.6, above: 0.5, below: 0.7 } as const;
/** Steadies the points, in palm widths: weaker than for faces, as hands move fast and their matte has soft edges. */
const POINT_FILTER = { minimumCutoff: 4, beta: 12 } as const;
/** Frame time for the filter when the caller gives none. */
const USUAL_FRAME_SECONDS = 1 / 25;

export interface HandTrackerOptions {
  /** Frames between two searches while fewer than two hands are known, 1 and above; 12 by default. */
  readonly searchEvery?: number;
}

/** Watches one face; a second face needs a tracker of its own. */
export interface HandTracker extends Stateful {
  /**
   * @param picture     the whole frame, planar or RGB; of an RGB image only `handSearchRegion` needs to be valid
   * @param faceRegion  bounds of the face
   * @param cue         true when something hints at a hand: search soon
   * @param timeSeconds presentation time, for the steadiness of the points; 25 frames a second without it
   * @returns what covers the face and its surroundings, or null when no hand does; owned by the caller
   */
  update(picture: Picture, faceRegion: Region, cue?: boolean, timeSeconds?: number): Promise<HandMatte | null>;
  /** Forgets the hands and searches in the next frame: after a cut, or for a photo. */
  reset(): void;
}

/** The part of a picture in which a tracker looks for hands near a face, cut at the picture's border. */
export function handSearchRegion(face: Region, picture: { readonly width: number; readonly height: number }): Region {
  const width = face.x1 - face.x0;
  const height = face.y1 - face.y0;
  return {
    x0: Math.max(0, Math.floor(face.x0 - AROUND.side * width)),
    y0: Math.max(0, Math.floor(face.y0 - AROUND.above * height)),
    x1: Math.min(picture.width, Math.ceil(face.x1 + AROUND.side * width)),
    y1: Math.min(picture.height, Math.ceil(face.y1 + AROUND.below * height)),
  };
}

interface TrackedHand {
  region: HandRegion;
  readonly filter: OneEuro;
  /** Palm width in pixels when the hand was seen first. */
  unit?: number | undefined;
}

interface HandTrackerState {
  readonly hands: readonly {
    readonly region: HandRegion;
    readonly filter: unknown;
    readonly unit: number | undefined;
  }[];
  readonly sinceSearch: number;
  readonly lastTime: number;
}

/**
 * Opens the palm and hand models.
 * @throws MODEL_NOT_FOUND, MODEL_CORRUPT, MODEL_IO_MISMATCH or MODEL_UNREADABLE from the store
 */
export async function createHandTracker(store: ModelStore, options: HandTrackerOptions = {}): Promise<HandTracker> {
  const { searchEvery = SEARCH_EVERY } = options;
  const searchEveryOnCue = Math.max(1, Math.round(searchEvery / MORE_ON_CUE));
  const palms = await openPalmDetector(store);
  const finder = await openHandFinder(store);
  const mattes = createHandMatteMaker();
  let hands: TrackedHand[] = [];
  let sinceSearch = Number.POSITIVE_INFINITY;
  let lastTime = Number.NaN;

  const search = async (picture: Picture, around: Region): Promise<void> => {
    sinceSearch = 0;
    const found = await palms.detect(picture, {
      centreX: (around.x0 + around.x1 - 1) / 2,
      centreY: (around.y0 + around.y1 - 1) / 2,
      side: Math.max(around.x1 - around.x0, around.y1 - around.y0),
    });
    for (const { hand } of found) {
      const isKnown = hands.some(
        ({ region }) =>
          Math.hypot(region.centreX - hand.centreX, region.centreY - hand.centreY) < SAME_HAND_DISTANCE * region.size,
      );
      if (!isKnown && hands.length < MAXIMUM_HANDS) {
        hands.push(createTrackedHand(hand));
      }
    }
  };

  return {
    reset() {
      hands = [];
      sinceSearch = Number.POSITIVE_INFINITY;
      lastTime = Number.NaN;
    },
    async update(picture, faceRegion, cue = false, timeSeconds = Number.NaN) {
      const elapsed = timeSeconds > lastTime ? timeSeconds - lastTime : USUAL_FRAME_SECONDS;
      lastTime = timeSeconds;
      const around = handSearchRegion(faceRegion, picture);
      sinceSearch++;
      const interval = cue && hands.length === 0 ? searchEveryOnCue : searchEvery;
      if (hands.length < MAXIMUM_HANDS && sinceSearch >= interval) await search(picture, around);

      const points: HandPoints[] = [];
      const followed: TrackedHand[] = [];
      for (const hand of hands) {
        const found = await finder.find(picture, hand.region);
        if (found.presence < LOST_PRESENCE) continue;
        hand.region = nextHandRegion(found.points);
        followed.push(hand);
        points.push(steady(hand, found.points, elapsed));
      }
      hands = followed;
      return points.length === 0 ? null : mattes.make(picture, points, around);
    },
    save: (): HandTrackerState => ({
      hands: hands.map(({ region, filter, unit }) => ({ region: { ...region }, filter: filter.save(), unit })),
      sinceSearch,
      lastTime,
    }),
    restore(saved) {
      const from = saved as HandTrackerState;
      hands = from.hands.map(({ region, filter, unit }) => {
        const hand = createTrackedHand({ ...region });
        hand.filter.restore(filter);
        hand.unit = unit;
        return hand;
      });
      sinceSearch = from.sinceSearch;
      lastTime = from.lastTime;
    },
  };
}

const createTrackedHand = (region: HandRegion): TrackedHand => ({ region, filter: createOneEuro(63, POINT_FILTER) });

/** Filters in palm widths, so that near and far hands are treated alike. The unit stays that of the first frame. */
function steady(hand: TrackedHand, points: HandPoints, elapsedSeconds: number): HandPoints {
  hand.unit ??= palmWidthOf(points) || 1;
  const { unit, filter } = hand;
  const smooth = filter.step(
    points.map((value) => value / unit),
    elapsedSeconds,
  );
  return Float32Array.from(smooth, (value) => value * unit);
}
