/** Keeps a decision about a face from flickering where what it rests on moves around a limit. Pure. */
import type { Stateful } from '../../core/stateful.ts';

/** Frames for which a face must be past a limit before the decision follows, where the caller does not say. */
export const DWELL_FRAMES = 3;

/**
 * Two limits of one measure, both still inside. With `enter < leave` small values are good, as for an angle; with
 * `enter > leave` large ones are, as for a size. They differ.
 */
export interface PresenceLimits {
  /** A face that is off has to reach this. The first frame of a track is held to it as well, and so is a photo. */
  readonly enter: number;
  /** A face that is on may go as far as this. */
  readonly leave: number;
}

export interface PresenceOptions<Reason extends string> {
  /** By the reason for which a face is left alone; the first one that applies is told. */
  readonly limits: Readonly<Record<Reason, PresenceLimits>>;
  /** 1 (at once) and above; `DWELL_FRAMES` by default. */
  readonly dwellFrames?: number;
}

/**
 * Whether a face is worked on, frame by frame. After the first frame of its track, a face goes off when it was past a
 * `leave` for `dwellFrames` frames in a row, the present one included, and on when it was within every `enter` for as
 * many: so it stays on, or off, for at least that many frames.
 *
 * It remembers two values a track, until `forget`.
 * @example
 * const presence = createPresence({ limits: { small: { enter: 24, leave: 20 }, turned: { enter: 75, leave: 80 } } });
 * const reason = presence.step(trackId, { small: widthPixels, turned: Math.abs(yawDegrees) });
 * if (reason) return { kind: 'left-alone', reason };
 */
export interface Presence<Reason extends string> extends Stateful {
  /**
   * Takes the next frame in which the track is seen.
   * @param values one a limit, in its unit; NaN is past every limit
   * @returns why the face is left alone, or undefined where it is worked on
   */
  step(trackId: number, values: Readonly<Record<Reason, number>>): Reason | undefined;
  /** Drops what is remembered of a track. */
  forget(trackId: number): void;
}

interface Track<Reason> {
  /** Undefined while on. */
  reason: Reason | undefined;
  /** Frames in a row that spoke against the decision. */
  against: number;
}

/** Creates a presence that has seen nothing. */
export function createPresence<Reason extends string>(options: PresenceOptions<Reason>): Presence<Reason> {
  const { limits, dwellFrames = DWELL_FRAMES } = options;
  const reasons = Object.keys(limits) as Reason[];
  const tracks = new Map<number, Track<Reason>>();

  const reasonPast = (side: keyof PresenceLimits, values: Readonly<Record<Reason, number>>): Reason | undefined =>
    reasons.find((reason) => {
      const { enter, leave } = limits[reason];
      return !(enter < leave ? values[reason] <= limits[reason][side] : values[reason] >= limits[reason][side]);
    });

  return {
    step(trackId, values) {
      const track = tracks.get(trackId);
      if (!track) {
        const reason = reasonPast('enter', values);
        tracks.set(trackId, { reason, against: 0 });
        return reason;
      }
      const reason = reasonPast(track.reason ? 'enter' : 'leave', values);
      track.against = Boolean(reason) === Boolean(track.reason) ? 0 : track.against + 1;
      if (track.against >= dwellFrames || (reason && track.reason)) {
        track.reason = reason;
        track.against = 0;
      }
      return track.reason;
    },
    forget(trackId) {
      tracks.delete(trackId);
    },
    save: (): ReadonlyMap<number, Track<Reason>> => copyOf(tracks),
    restore(state) {
      tracks.clear();
      for (const [trackId, track] of copyOf(state as ReadonlyMap<number, Track<Reason>>)) tracks.set(trackId, track);
    },
  };
}

const copyOf = <Reason>(tracks: ReadonlyMap<number, Track<Reason>>): Map<number, Track<Reason>> =>
  new Map(Array.from(tracks, ([trackId, track]) => [trackId, { ...track }]));
