/** Faces of the frame that is looked at, and whose they are. Where that is not known, nothing is claimed. */
import { computed, effect, signal } from '@preact/signals';
import { api, ask, type Schemas } from './api.ts';
import { project } from './document.ts';
import { type Box, boxOn, matchBoxes, type Track } from './face-tracks.ts';
import { people, type ShownPerson, shownPeople } from './people.ts';
import { frame, isPlaying } from './preview.ts';
import { boxesOn } from './stage.ts';
import { isVideo, target } from './target.ts';

export interface FaceBox {
  readonly box: Box;
  /** Undefined: nobody knows. */
  readonly person: ShownPerson | undefined;
  /** Of the detector, where it was asked. */
  readonly score: number | undefined;
  /** From where the person was before and after, not from this frame. */
  readonly isEstimate: boolean;
}

type Face = Schemas['Faces']['faces'][number];
const seen = signal<ReadonlyMap<string, readonly Face[]>>(new Map());
/** Frames whose faces are remembered. */
const KEPT = 300;
/** So that a moving playhead does not ask for every frame. */
const SETTLE_MS = 250;
/** What the service takes for a face where nothing is said. */
export const FACE_SCORE = 0.5;
/** Below it nothing in a picture is worth being called a possible face. */
const POSSIBLE_SCORE = 0.15;

const faceKey = computed(() => (target.value ? `${target.value.id} ${frame.value}` : ''));

/** Tracks of all persons, each with the person that the project takes it for; discarded ones have none. */
const tracks = computed<readonly Track<ShownPerson | 'discarded'>[]>(() => {
  const found = people.value;
  if (found.state !== 'there') return [];
  const { merged, discarded } = project.value.value.people;
  return found.value.persons.flatMap((person) => {
    const id = merged[person.id] ?? person.id;
    const owner = discarded.includes(id) ? 'discarded' : shownPeople.value.find((shown) => shown.person.id === id);
    return owner === undefined ? [] : [{ owner, spans: person.spans }];
  });
});

/** Of the frame at the playhead. */
export const faceBoxes = computed<readonly FaceBox[]>(() => {
  const at = frame.value;
  const faces = isVideo.value ? seen.value.get(faceKey.value) : undefined;
  if (faces === undefined) {
    return tracks.value.flatMap(({ owner, spans }): FaceBox[] => {
      const box = boxOn(spans, at);
      if (!box || owner === 'discarded') return [];
      return [{ box, person: owner, score: undefined, isEstimate: isVideo.value }];
    });
  }
  const owners = matchBoxes(
    faces.map(({ box }) => box),
    tracks.value,
    at,
  );
  return faces.flatMap(({ box, score }, index): FaceBox[] => {
    const owner = owners[index];
    if (owner === 'discarded') return [];
    return [{ box, score, person: owner, isEstimate: false }];
  });
});

/** What may be a face, but is too unclear for one: told where no face is found. */
export const possibleFace = signal<Face | undefined>(undefined);

const facesOf = async (
  asset: string,
  at: number,
  signal: AbortSignal,
  minimumScore?: number,
): Promise<readonly Face[]> => {
  const body = {
    target: asset,
    ...(isVideo.value ? { frameNumber: at } : {}),
    ...(minimumScore === undefined ? {} : { minimumScore }),
  };
  return (await ask(api().POST('/v1/faces', { body, signal }))).faces;
};

async function look(key: string, asset: string, at: number, signal: AbortSignal): Promise<void> {
  try {
    const faces = await facesOf(asset, at, signal);
    seen.value = new Map([...seen.value, [key, faces] as const].slice(-KEPT));
  } catch {
    // Boxes are a help: without them the estimate stays. What is wrong with the target is told by the preview.
  }
}

async function lookCloser(asset: string, at: number, signal: AbortSignal): Promise<void> {
  try {
    const [best] = await facesOf(asset, at, signal, POSSIBLE_SCORE);
    if (!signal.aborted) possibleFace.value = best;
  } catch {
    // As above.
  }
}

/** Follows the playhead. @returns ends it */
export const followBoxes = (): (() => void) =>
  effect(() => {
    const asset = target.value?.id;
    const at = frame.value;
    const key = faceKey.value;
    const found = people.value;
    possibleFace.value = undefined;
    if (asset === undefined || isPlaying.value) return undefined;
    const isNobody = found.state === 'there' && found.value.persons.length === 0;
    // Of a photo the people are its faces.
    const isDue = isVideo.value ? boxesOn.value && found.state !== 'loading' && !seen.peek().has(key) : false;
    if (!isDue && !isNobody) return undefined;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      void (isNobody ? lookCloser(asset, at, controller.signal) : look(key, asset, at, controller.signal));
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  });
