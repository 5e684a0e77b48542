/** The persons of a photo: each face is one. */
import type { RgbImage } from '../../core/image.ts';
import type { FaceAnalyser } from '../../engine/faces/analyse.ts';
import type { Face } from '../../engine/faces/face.ts';
import { cropFace } from '../crop-faces.ts';
import { type People, type Person, personId, rankPersons } from './people.ts';

const NOW = { frame: 0, seconds: 0 } as const;

/** Faces in the order of their persons: from left to right. */
export const inOrderOfPersons = (faces: readonly Face[]): Face[] =>
  rankPersons(faces.map((face) => ({ face, frames: 1, first: NOW, left: face.box.x0 }))).map(({ face }) => face);

/** @param image lent */
export async function findPeopleInPhoto(image: RgbImage, analyser: FaceAnalyser, crops: boolean): Promise<People> {
  const faces = inOrderOfPersons(await analyser.analyse(image, { classification: true }));
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
      ...(crops ? { crop: cropFace(image, face) } : {}),
    };
  });
  const { width, height } = image;
  return { kind: 'image', width, height, frames: 1, persons, unclearTracks: 0, notes: [] };
}
