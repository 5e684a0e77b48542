/** The face selector for videos: which of the followed faces are worked on. */
import { isAppError } from '../core/errors.ts';
import type { Stateful } from '../core/stateful.ts';
import { boundsOf } from '../engine/faces/boxes.ts';
import type { Face } from '../engine/faces/face.ts';
import { type FaceSelection, selectFaces } from '../engine/faces/select.ts';
import type { TrackedFace } from '../engine/faces/track.ts';
import type { VideoFrame } from '../media/video-reader.ts';
import type { FaceChooser } from '../trust/face-chooser.ts';
import { TrackVote } from './track-vote.ts';

/**
 * Finds out who a followed face is: identity, and age and gender where the options filter by them.
 * @throws FACE_DEGENERATE where the mesh of this frame allows no answer
 */
export type Look = (frame: VideoFrame, track: TrackedFace) => Promise<Face>;

/** A face at least so large, in pixels, and so certain is good enough to be recognised. */
const GOOD_SIZE = 48;
const GOOD_SCORE = 0.6;

/** Whether some option filters by gender or age. */
export const filtersByClass = (options: FaceSelection): boolean =>
  options.faceSelectorGender !== undefined ||
  options.faceSelectorAgeStart !== undefined ||
  options.faceSelectorAgeEnd !== undefined;

/**
 * Makes the chooser that the options ask for.
 * @param reference embedding of the reference face; needed by mode `reference`
 */
export function createFaceChooser(options: FaceSelection, look: Look, reference?: ArrayLike<number>): FaceChooser {
  if (options.faceSelectorMode === 'one') return new OnePerson(options, look);
  if (options.faceSelectorMode === 'many' && !filtersByClass(options)) return everybody;
  return new ByVote(look, (face) => selectFaces([face], options, reference).length > 0);
}

const everybody: FaceChooser = {
  choose: async (_frame, tracks) => tracks,
  forget() {},
  save: () => undefined,
  restore() {},
};

/** The votes on all tracks, and looks at those that are due. */
class Votes implements Stateful {
  readonly #look: Look;
  readonly #byTrack = new Map<number, TrackVote>();

  constructor(look: Look) {
    this.#look = look;
  }

  of(trackId: number, frameIndex: number): TrackVote {
    let vote = this.#byTrack.get(trackId);
    if (!vote) this.#byTrack.set(trackId, (vote = new TrackVote(frameIndex)));
    return vote;
  }

  /** Looks at the tracks whose time has come. */
  async lookAtDue(
    frame: VideoFrame,
    tracks: readonly TrackedFace[],
  ): Promise<{ track: TrackedFace; vote: TrackVote; face: Face }[]> {
    const seen: { track: TrackedFace; vote: TrackVote; face: Face }[] = [];
    for (const track of tracks) {
      const vote = this.of(track.trackId, frame.index);
      if (!vote.isDue(frame.index, isGood(track))) continue;
      const face = await this.#lookAt(frame, track);
      if (face) seen.push({ track, vote, face });
      else vote.postpone(frame.index);
    }
    return seen;
  }

  async #lookAt(frame: VideoFrame, track: TrackedFace): Promise<Face | undefined> {
    try {
      return await this.#look(frame, track);
    } catch (error) {
      // One crumpled mesh is no reason to end a run; a later frame will do.
      if (isAppError(error) && error.code === 'FACE_DEGENERATE') return undefined;
      throw error;
    }
  }

  forget(trackId: number): void {
    this.#byTrack.delete(trackId);
  }

  save(): unknown {
    return new Map(Array.from(this.#byTrack, ([trackId, vote]) => [trackId, vote.save()]));
  }

  restore(state: unknown): void {
    this.#byTrack.clear();
    for (const [trackId, saved] of state as ReadonlyMap<number, unknown>) this.of(trackId, 0).restore(saved);
  }
}

function isGood({ rawMesh, meshScore }: TrackedFace): boolean {
  if (meshScore < GOOD_SCORE) return false;
  const { x0, y0, x1, y1 } = boundsOf(rawMesh);
  return Math.max(x1 - x0, y1 - y0) >= GOOD_SIZE;
}

/** Modes `reference`, and `many` with filters: each track is judged for itself. */
class ByVote implements FaceChooser {
  readonly #qualifies: (face: Face) => boolean;
  readonly #votes: Votes;

  constructor(look: Look, qualifies: (face: Face) => boolean) {
    this.#votes = new Votes(look);
    this.#qualifies = qualifies;
  }

  async choose(frame: VideoFrame, tracks: readonly TrackedFace[]): Promise<readonly TrackedFace[]> {
    for (const { vote, face } of await this.#votes.lookAtDue(frame, tracks)) {
      vote.add(frame.index, this.#qualifies(face));
    }
    return tracks.filter(({ trackId }) => this.#votes.of(trackId, frame.index).chosen);
  }

  forget(trackId: number): void {
    this.#votes.forget(trackId);
  }

  save(): unknown {
    return this.#votes.save();
  }

  restore(state: unknown): void {
    this.#votes.restore(state);
  }
}

interface OnePersonState {
  readonly votes: unknown;
  readonly person: ArrayLike<number> | undefined;
  readonly trackId: number | undefined;
}

/**
 * Mode `one`: the first in order of the faces that qualify when the first of them begins, and from then on that person.
 * When the track ends, another is taken up only if it shows the same person.
 */
class OnePerson implements FaceChooser {
  readonly #options: FaceSelection;
  readonly #votes: Votes;
  #person: ArrayLike<number> | undefined;
  #trackId: number | undefined;

  constructor(options: FaceSelection, look: Look) {
    this.#options = options;
    this.#votes = new Votes(look);
  }

  async choose(frame: VideoFrame, tracks: readonly TrackedFace[]): Promise<readonly TrackedFace[]> {
    const current = tracks.find(({ trackId }) => trackId === this.#trackId);
    if (current) return [current];
    const seen = await this.#votes.lookAtDue(frame, tracks);
    for (const { vote } of seen) vote.add(frame.index, false);
    const [first] = this.#select(seen.map(({ face }) => face));
    if (!first) return [];
    this.#person ??= first.embedding;
    const { track } = seen.find(({ face }) => face === first)!;
    this.#trackId = track.trackId;
    return [track];
  }

  #select(faces: readonly Face[]): readonly Face[] {
    if (!this.#person) return selectFaces(faces, this.#options);
    return selectFaces(faces, { ...this.#options, faceSelectorMode: 'reference' }, this.#person);
  }

  forget(trackId: number): void {
    this.#votes.forget(trackId);
    if (this.#trackId === trackId) this.#trackId = undefined;
  }

  save(): OnePersonState {
    const person = this.#person && Float32Array.from(this.#person);
    return { votes: this.#votes.save(), person, trackId: this.#trackId };
  }

  restore(state: unknown): void {
    const { votes, person, trackId } = state as OnePersonState;
    this.#votes.restore(votes);
    this.#person = person && Float32Array.from(person);
    this.#trackId = trackId;
  }
}
