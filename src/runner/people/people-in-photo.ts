/** The persons of a photo: each face is one. */
import type { RgbImage } from '../../core/image.ts';
import { createFaceAnalyser } from '../../engine/faces/analyse.ts';
import type { Face } from '../../engine/faces/face.ts';
import type { PublishedLandmarkerOptions } from '../../engine/faces/published/published-landmarker.ts';
import type { ModelStore } from '../../engine/inference/session.ts';
import { cropFace } from '../crop-faces.ts';
import { PEOPLE_SCORE, type People, type Person, personId, rankPersons, unknownPersonError } from './people.ts';
import type { PersonPlan } from './source-sets.ts';

const NOW = { frame: 0, seconds: 0 } as const;

/** The faces in the order of their persons: from left to right. */
async function facesOfPersons(
  image: RgbImage,
  store: ModelStore,
  classification: boolean,
  landmarker?: PublishedLandmarkerOptions,
): Promise<Face[]> {
  const analyser = await createFaceAnalyser(store, { minimumScore: PEOPLE_SCORE, landmarker });
  const faces = await analyser.analyse(image, { classification });
  return rankPersons(faces.map((face) => ({ face, frames: 1, first: NOW, left: face.box.x0 }))).map(({ face }) => face);
}

/** @param image lent; @param store lent */
export async function findPeopleInPhoto(image: RgbImage, store: ModelStore, crops: boolean): Promise<People> {
  const faces = await facesOfPersons(image, store, true);
  const persons = faces.map((face, index): Person => {
    const { x0, y0, x1, y1 } = face.box;
    return {
      id: personId(index),
      first: NOW,
      last: NOW,
      frames: 1,
      share: 1,
      tracks: 1,
      meanSize: Math.max(x1 - x0, y1 - y0),
      ageYears: face.ageYears!,
      gender: face.gender!,
      best: { ...NOW, box: face.box },
      spans: [{ start: 0, end: 1, boxes: [{ frame: 0, box: face.box }] }],
      ...(crops ? { crop: cropFace(image, face) } : {}),
    };
  });
  const { width, height } = image;
  return { kind: 'image', width, height, frames: 1, persons, unclearTracks: 0, notes: [] };
}

/** The faces of a photo that are worked on. */
export interface PhotoChoice {
  /** How many faces there are. */
  readonly found: number;
  readonly chosen: readonly (Face & { readonly sourceSet?: number })[];
}

/**
 * The faces that the plan gives sources, each numbered as `findPeopleInPhoto` does.
 * @throws OPTION_INVALID where the plan names somebody whom the photo does not show
 */
export async function choosePersonsInPhoto(
  image: RgbImage,
  store: ModelStore,
  { setOf, defaultSet }: PersonPlan,
  landmarker?: PublishedLandmarkerOptions,
): Promise<PhotoChoice> {
  const faces = await facesOfPersons(image, store, false, landmarker);
  const ids = faces.map((_, index) => personId(index));
  for (const id of setOf.keys()) if (!ids.includes(id)) throw unknownPersonError(id, ids, 'photo');
  const chosen = faces.flatMap((face, index) => {
    const sourceSet = setOf.has(ids[index]!) ? setOf.get(ids[index]!) : defaultSet;
    return sourceSet === undefined ? [] : [{ ...face, sourceSet }];
  });
  return { found: faces.length, chosen };
}
