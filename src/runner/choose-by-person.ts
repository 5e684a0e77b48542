/** The chooser of `--map`: gives each followed face the sources of the person it is, wherever in the picture that is. */
import { isAppError } from '../core/errors.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import type { OnProgress } from '../core/progress.ts';
import { boundsOf } from '../engine/faces/boxes.ts';
import type { Face } from '../engine/faces/face.ts';
import { EQUAL_ERROR_COSINE, similarity, toUnitLength } from '../engine/faces/recognise.ts';
import type { TrackedFace } from '../engine/faces/track.ts';
import type { VideoInfo } from '../media/probe.ts';
import type { VideoFrame } from '../media/video-reader.ts';
import type { ChosenFace, FaceChooser } from '../trust/face-chooser.ts';
import type { StageClock } from '../trust/stage-clock.ts';
import type { Look } from './choose-in-video.ts';
import type { RunEngine } from './open-engine.ts';
import { whoBegins } from './people/beginnings.ts';
import { SAME_PERSON_COSINE, UNCLEAR_PERSON_COSINE } from './people/cluster.ts';
import { findContacts } from './people/contacts.ts';
import { type KnownPeople, surveyPeople } from './people/find-people.ts';
import { viewOf } from './people/look-quality.ts';
import type { KnownPerson } from './people/name-people.ts';
import { unknownPersonError } from './people/people.ts';
import { type PersonPlan, planPersons, planRanges, type RangePlan } from './people/source-sets.ts';

/** Frames from one look to the next; the last goes on for ever, as a track may change over to another face unseen. */
const LOOK_INTERVALS = [6, 12, 27, 65] as const;
/** A look waits so many frames for a face large and clear enough; then any will do, for less. */
const PATIENCE_FRAMES = 12;
const UNCLEAR_WEIGHT = 0.25;
/** What earlier looks still count when another is added: two looks outweigh all that were before. */
const MEMORY = 0.6;
/** Below this mean cosine a face is none of the persons: as many strangers pass as friends are refused. */
const STRANGER_COSINE = EQUAL_ERROR_COSINE.face_recognition;
/** Another person must be more alike by this, so that near ties do not flicker. */
const STAY_COSINE = 0.01;
/**
 * The person whose track began here in the first pass is more alike by so much: the whole of that track said who it is,
 * and the first frames of a track are often the worst. Somebody else is less alike by 0.1, so who changes over shows.
 */
const BEGINNING_COSINE = 0.03;

export interface PersonChooserRun {
  readonly engine: RunEngine;
  readonly options: ResolvedProcessOptions;
  readonly info: VideoInfo;
  readonly clock: StageClock;
  /** What an earlier run found in the same file; without it the whole video is watched first. */
  readonly known?: KnownPeople | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Finds the people of the target, all of it whatever is trimmed, since their ids come from the whole of it; then makes
 * the chooser.
 * @returns the chooser, and the people for a later run on the same file
 * @throws OPTION_INVALID where the map names somebody whom the target does not show; what reading a video throws
 */
export async function openPersonChooser(run: PersonChooserRun): Promise<{ chooser: FaceChooser; known: KnownPeople }> {
  const { engine, options, info, clock, signal, onProgress } = run;
  clock.enter('people');
  const known = run.known ?? (await surveyPeople(options.targetPath, info, engine.store, { signal, onProgress }));
  const look: Look = (frame, { rawMesh, meshScore, score }) =>
    engine.analyser.describe(frame, { mesh: rawMesh, score: meshScore }, score, { embedding: true });
  return { chooser: createPersonChooser(known, planPersons(options), look, planRanges(options)), known };
}

/**
 * Makes the chooser for people who have been found.
 * @param ranges of frames in which another plan counts
 * @throws OPTION_INVALID where a plan names somebody who is not among them
 */
export function createPersonChooser(
  known: KnownPeople,
  plan: PersonPlan,
  look: Look,
  ranges: readonly RangePlan[] = [],
): FaceChooser {
  const ids = known.people.persons.map(({ id }) => id);
  const toSets = ({ setOf, defaultSet }: PersonPlan): PersonSets => {
    for (const id of setOf.keys()) if (!ids.includes(id)) throw unknownPersonError(id, ids, 'video');
    return { sets: ids.map((id) => (setOf.has(id) ? setOf.get(id) : defaultSet)), defaultSet };
  };
  const ofRanges = ranges.map(({ start, end, plan: own }) => ({ start, end, own: toSets(own) }));
  const whole = toSets(plan);
  const setsAt = (frame: number): PersonSets =>
    ofRanges.find(({ start, end }) => frame >= start && frame < end)?.own ?? whole;
  return new ByPerson(known.known, setsAt, look);
}

/** Which set of sources whom gets; undefined: none. */
interface PersonSets {
  /** By person. */
  readonly sets: readonly (number | undefined)[];
  readonly defaultSet: number | undefined;
}

/** What is known of one track. Plain data. */
interface Candidate {
  dueFrame: number;
  looks: number;
  clearLooks: number;
  lastFrame: number;
  wasTouching: boolean;
  /** Sum of weighted cosines, by person; and of the weights. */
  cosines: number[];
  weight: number;
  /** Index of the person whose track began here and now in the first pass. */
  begunBy: number | undefined;
  /** Index of the person; `STRANGER`, or undefined before the first look. */
  person: number | undefined;
}

const STRANGER = -1;

class ByPerson implements FaceChooser {
  readonly #known: readonly KnownPerson[];
  readonly #means: readonly ArrayLike<number>[];
  readonly #setsAt: (frame: number) => PersonSets;
  readonly #look: Look;
  #candidates = new Map<number, Candidate>();

  constructor(known: readonly KnownPerson[], setsAt: (frame: number) => PersonSets, look: Look) {
    this.#known = known;
    this.#means = known.map(({ meanEmbedding }) => toUnitLength(meanEmbedding));
    this.#setsAt = setsAt;
    this.#look = look;
  }

  async choose(frame: VideoFrame, tracks: readonly TrackedFace[]): Promise<readonly ChosenFace[]> {
    const contacts = findContacts(tracks.map(({ rawMesh }) => boundsOf(rawMesh)));
    let hasLooked = false;
    for (const [i, track] of tracks.entries()) {
      if (await this.#update(frame, track, contacts[i]!)) hasLooked = true;
    }
    if (hasLooked) this.#assign(tracks);
    const sets = this.#setsAt(frame.index);
    return tracks.flatMap((track) => {
      const sourceSet = setOf(this.#candidates.get(track.trackId)!, sets);
      return sourceSet === undefined ? [] : [{ ...track, sourceSet }];
    });
  }

  /** @returns whether there was a look */
  async #update(frame: VideoFrame, track: TrackedFace, isTouching: boolean): Promise<boolean> {
    const candidate = this.#candidateOf(track.trackId, frame.index);
    const isNew = candidate.lastFrame < 0;
    const wasAway = candidate.lastFrame < frame.index - 1;
    candidate.lastFrame = frame.index;
    // Who was behind or beside somebody may have changed over; what was decided holds until something else is known.
    if (isNew || wasAway || (candidate.wasTouching && !isTouching)) {
      candidate.dueFrame = frame.index;
      candidate.looks = 0;
      candidate.clearLooks = 0;
      candidate.weight = 0;
      candidate.begunBy = whoBegins(this.#known, frame.index, boundsOf(track.rawMesh));
      candidate.person = candidate.begunBy ?? candidate.person;
    }
    candidate.wasTouching = isTouching;
    if (frame.index < candidate.dueFrame) return false;
    const isUrgent = candidate.person === undefined || frame.index >= candidate.dueFrame + PATIENCE_FRAMES;
    const face = await this.#lookAt(frame, track, isUrgent, isTouching);
    if (!face) return false;
    const keep = candidate.weight === 0 ? 0 : MEMORY;
    candidate.cosines = this.#means.map(
      (mean, person) => keep * candidate.cosines[person]! + face.weight * similarity(mean, face.embedding),
    );
    candidate.weight = keep * candidate.weight + face.weight;
    candidate.dueFrame = frame.index + LOOK_INTERVALS[Math.min(candidate.looks, LOOK_INTERVALS.length - 1)]!;
    candidate.looks++;
    if (face.weight === 1) candidate.clearLooks++;
    return true;
  }

  async #lookAt(
    frame: VideoFrame,
    track: TrackedFace,
    isUrgent: boolean,
    isTouching: boolean,
  ): Promise<{ embedding: ArrayLike<number>; weight: number } | undefined> {
    try {
      const isClear = viewOf(frame, track).isGood && !isTouching;
      if (!isClear && !isUrgent) return undefined;
      const { embedding }: Face = await this.#look(frame, track);
      return embedding && { embedding, weight: isClear ? 1 : UNCLEAR_WEIGHT };
    } catch (error) {
      // One crumpled mesh is no reason to end a run; a later frame will do.
      if (isAppError(error) && error.code === 'FACE_DEGENERATE') return undefined;
      throw error;
    }
  }

  /** Gives every face of a frame its person, the most alike pair first; nobody is in a frame twice. */
  #assign(tracks: readonly TrackedFace[]): void {
    const candidates = tracks.map(({ trackId }) => this.#candidates.get(trackId)!);
    const pairs = candidates
      .flatMap((candidate) =>
        this.#means.map((_, person) => {
          const cosine = cosineOf(candidate, person);
          return { candidate, person, cosine, rank: cosine + (candidate.person === person ? STAY_COSINE : 0) };
        }),
      )
      .filter(({ candidate, cosine }) => cosine >= (candidate.clearLooks > 0 ? STRANGER_COSINE : UNCLEAR_PERSON_COSINE))
      .sort((a, b) => b.rank - a.rank);
    const free = new Set(candidates);
    const taken = new Set<number>();
    for (const { candidate, person } of pairs) {
      if (!free.has(candidate) || taken.has(person)) continue;
      candidate.person = person;
      free.delete(candidate);
      taken.add(person);
    }
    for (const candidate of free) {
      // Seen from the side, everybody is a stranger: only a clear look makes one.
      if (candidate.clearLooks > 0) candidate.person = STRANGER;
      else if (candidate.person !== undefined && taken.has(candidate.person)) candidate.person = undefined;
    }
  }

  #candidateOf(trackId: number, frameIndex: number): Candidate {
    let candidate = this.#candidates.get(trackId);
    if (!candidate) {
      candidate = {
        dueFrame: frameIndex,
        looks: 0,
        clearLooks: 0,
        lastFrame: -1,
        wasTouching: false,
        cosines: this.#means.map(() => 0),
        weight: 0,
        begunBy: undefined,
        person: undefined,
      };
      this.#candidates.set(trackId, candidate);
    }
    return candidate;
  }

  forget(trackId: number): void {
    this.#candidates.delete(trackId);
  }

  save(): ReadonlyMap<number, Candidate> {
    return copyOf(this.#candidates);
  }

  restore(state: unknown): void {
    this.#candidates = copyOf(state as ReadonlyMap<number, Candidate>);
  }
}

function setOf({ person }: Candidate, { sets, defaultSet }: PersonSets): number | undefined {
  if (person === undefined) return undefined;
  return person === STRANGER ? defaultSet : sets[person];
}

const copyOf = (candidates: ReadonlyMap<number, Candidate>): Map<number, Candidate> =>
  new Map(Array.from(candidates, ([id, candidate]) => [id, { ...candidate, cosines: [...candidate.cosines] }]));

/** How alike a face and a person are by all that is known; before the first look, by who began there. */
function cosineOf({ cosines, weight, begunBy }: Candidate, person: number): number {
  const isBegunBy = begunBy === person;
  if (weight === 0) return isBegunBy ? SAME_PERSON_COSINE : Number.NEGATIVE_INFINITY;
  return cosines[person]! / weight + (isBegunBy ? BEGINNING_COSINE : 0);
}
