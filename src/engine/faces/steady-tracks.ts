/**
 * Keeps faces from popping: what is worked on stays on, or off, for more than a moment. Looks a few frames ahead to tell
 * a face that was missed from one that is gone, and one that has come from one that was never there. Pure, no pixels.
 */
import type { Stateful } from '../../core/stateful.ts';
import type { FaceMesh } from './face.ts';

/** Frames by which the delivery is behind; the tracker looks again for a lost face after as many. */
export const LOOK_AHEAD_FRAMES = 3;

/** What has to be known of a face; it may carry more, which is passed on. Plain data, never written to. */
export interface SteadyFace {
  /** At most one face of a frame has it. */
  readonly trackId: number;
  readonly mesh: FaceMesh;
  readonly rawMesh: FaceMesh;
  readonly meshScore: number;
  readonly score: number;
  /** What is to be made of the face: a face for which this changes is steadied like one that comes and goes. */
  readonly sourceSet?: number | undefined;
}

/** A frame with the faces to work on. */
export interface SteadyFrame<T extends SteadyFace> {
  readonly index: number;
  readonly timeSeconds: number;
  /** By track id. */
  readonly faces: T[];
}

/** A frame as the tracker and the chooser leave it. */
export interface ChosenFrame<T extends SteadyFace> {
  readonly index: number;
  /** Presentation time; rises from frame to frame. */
  readonly timeSeconds: number;
  /** True where this frame does not continue the last one; see `FaceTracker.lastWasCut`. */
  readonly isCut?: boolean;
  /** Given away. */
  readonly faces: readonly T[];
}

/**
 * Within a scene a track that is missing for at most `lookAhead` frames is bridged by meshes that are linear in time,
 * and one that is there for fewer than `lookAhead` frames (and for one frame alone), gaps of that kind included, is
 * dropped. No bridge leads across a cut, to before the first frame, or past the last one. A face that is there from the
 * first to the last frame of a scene is kept, however short that is. So between two cuts a track is on for at least
 * `lookAhead` frames and off for more than `lookAhead`, but for the frames before it comes first and after it went last.
 *
 * It holds the faces of `lookAhead` frames, and one face more for each track that is on; no pixels.
 */
export interface TrackSteadier<T extends SteadyFace> extends Stateful {
  /** Takes frame t. @returns frame t - lookAhead, once there is one; given away */
  push(frame: ChosenFrame<T>): SteadyFrame<T>[];
  /** Ends the video: no frame comes after the last one. @returns the frames that were held back, in order */
  flush(): SteadyFrame<T>[];
}

export interface TrackSteadierOptions {
  /** 0 (faces pass as they come) and above; `LOOK_AHEAD_FRAMES` by default. */
  readonly lookAhead?: number;
}

/** A frame that waits. */
interface Waiting<T> {
  readonly index: number;
  readonly timeSeconds: number;
  readonly beginsScene: boolean;
  readonly faces: readonly T[];
}

/** A track that is on, as it was seen last. */
interface Seen<T> {
  readonly face: T;
  readonly timeSeconds: number;
}

interface SteadierState<T> {
  readonly isFirst: boolean;
  readonly waiting: readonly Waiting<T>[];
  readonly seen: readonly Seen<T>[];
}

/** Creates a steadier that has seen nothing. */
export function createTrackSteadier<T extends SteadyFace>({
  lookAhead = LOOK_AHEAD_FRAMES,
}: TrackSteadierOptions = {}): TrackSteadier<T> {
  const fewestFrames = Math.min(lookAhead + 1, Math.max(2, lookAhead));
  /** In order; the first one is decided next. */
  let waiting: Waiting<T>[] = [];
  /** By track id: all tracks that are on. */
  let seen = new Map<number, Seen<T>>();
  let isFirst = true;

  /** Whether a track that is off goes on. @param isShort the scene ends with the frames `ahead` and begins here */
  const begins = (face: T, ahead: readonly Waiting<T>[], isShort: boolean): boolean => {
    const length = 2 + ahead.findLastIndex(({ faces }) => faces.some(isLike(face)));
    return length >= fewestFrames || (isShort && length === 1 + ahead.length);
  };

  const decide = (): SteadyFrame<T> => {
    const [now, ...later] = waiting as [Waiting<T>, ...Waiting<T>[]];
    if (now.beginsScene) seen.clear();
    const cut = later.findIndex(({ beginsScene }) => beginsScene);
    const ahead = cut < 0 ? later : later.slice(0, cut);
    // The frame behind the window is unknown, but for the end of the video.
    const sceneEnds = cut >= 0 || later.length < lookAhead;
    const faces: T[] = [];
    for (const trackId of idsOf(now.faces, seen)) {
      const face = now.faces.find((candidate) => candidate.trackId === trackId);
      const last = seen.get(trackId);
      const steady =
        (last && goOn(last, face, ahead, now.timeSeconds)) ??
        (face && begins(face, ahead, now.beginsScene && sceneEnds) ? face : undefined);
      if (steady) {
        faces.push(steady);
        seen.set(trackId, { face: steady, timeSeconds: now.timeSeconds });
      } else {
        seen.delete(trackId);
      }
    }
    waiting = later;
    return { index: now.index, timeSeconds: now.timeSeconds, faces };
  };

  return {
    push({ index, timeSeconds, isCut = false, faces }) {
      waiting.push({ index, timeSeconds, beginsScene: isCut || isFirst, faces });
      isFirst = false;
      return waiting.length > lookAhead ? [decide()] : [];
    },
    flush() {
      const frames: SteadyFrame<T>[] = [];
      while (waiting.length > 0) frames.push(decide());
      seen.clear();
      isFirst = true;
      return frames;
    },
    save: (): SteadierState<T> => copyOf({ isFirst, waiting, seen: [...seen.values()] }),
    restore(saved) {
      const from = copyOf(saved as SteadierState<T>);
      isFirst = from.isFirst;
      waiting = [...from.waiting];
      seen = new Map(from.seen.map((track) => [track.face.trackId, track]));
    },
  };
}

/** Tracks that are there or were a moment ago, in rising order. */
const idsOf = (faces: readonly SteadyFace[], seen: ReadonlyMap<number, unknown>): number[] =>
  [...new Set([...faces.map(({ trackId }) => trackId), ...seen.keys()])].sort((a, b) => a - b);

const isLike =
  ({ trackId, sourceSet }: SteadyFace) =>
  (other: SteadyFace): boolean =>
    other.trackId === trackId && other.sourceSet === sourceSet;

/**
 * A track that is on, in the next frame; undefined where it goes off.
 * @param face what was seen of it in this frame, if anything
 */
function goOn<T extends SteadyFace>(
  last: Seen<T>,
  face: T | undefined,
  ahead: readonly Waiting<T>[],
  timeSeconds: number,
): T | undefined {
  if (face && isLike(last.face)(face)) return face;
  for (const frame of ahead) {
    const next = frame.faces.find(isLike(last.face));
    if (!next) continue;
    if (face) return { ...face, sourceSet: last.face.sourceSet };
    return between(last, { face: next, timeSeconds: frame.timeSeconds }, timeSeconds);
  }
  return undefined;
}

/** A face that was missed, from where it was seen before and after. Its meshes are its own. */
function between<T extends SteadyFace>(before: Seen<T>, after: Seen<T>, timeSeconds: number): T {
  const weight = (timeSeconds - before.timeSeconds) / (after.timeSeconds - before.timeSeconds);
  const mix = (a: FaceMesh, b: FaceMesh): FaceMesh => a.map((value, i) => value + weight * (b[i]! - value));
  return {
    ...after.face,
    mesh: mix(before.face.mesh, after.face.mesh),
    rawMesh: mix(before.face.rawMesh, after.face.rawMesh),
    meshScore: before.face.meshScore + weight * (after.face.meshScore - before.face.meshScore),
  };
}

const copyOfFace = <T extends SteadyFace>(face: T): T => ({
  ...face,
  mesh: face.mesh.slice(),
  rawMesh: face.rawMesh.slice(),
});

const copyOf = <T extends SteadyFace>({ isFirst, waiting, seen }: SteadierState<T>): SteadierState<T> => ({
  isFirst,
  waiting: waiting.map((frame) => ({ ...frame, faces: frame.faces.map(copyOfFace) })),
  seen: seen.map((track) => ({ ...track, face: copyOfFace(track.face) })),
});
