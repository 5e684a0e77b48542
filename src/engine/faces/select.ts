/** Which faces of a picture to work on: FaceFusion's face selector. Pure. */
import { AppError } from '../../core/errors.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import { areaOf } from './boxes.ts';
import type { AgeRange } from './classify.ts';
import type { Face, Gender } from './face.ts';
import { EMBEDDED_RECOGNIZER, halfCosineDistance } from './open-recognizer.ts';
import { EQUAL_ERROR_COSINE, similarity } from './recognise.ts';

/** The options of a run that choose faces. */
export type FaceSelection = Pick<
  ResolvedProcessOptions,
  | 'faceSelectorMode'
  | 'faceSelectorOrder'
  | 'faceSelectorGender'
  | 'faceSelectorAgeStart'
  | 'faceSelectorAgeEnd'
  | 'referenceFacePosition'
  | 'referenceFaceDistance'
  | 'faceRecognizerModel'
>;

/** What selection reads of a face. */
export type SelectableFace = Pick<Face, 'box' | 'score' | 'embedding' | 'ageYears' | 'ageRange' | 'gender'>;

/** The distance that stands for the recogniser's equal-error cosine: FaceFusion's default threshold. */
const EQUAL_ERROR_DISTANCE = 0.3;

/** What an analysis has to find out for these options. */
export function analysisNeededFor(options: FaceSelection): { embedding: boolean; classification: boolean } {
  return {
    embedding: options.faceSelectorMode === 'reference',
    classification: filtersByClass(options),
  };
}

/**
 * How unlike two faces are, 0..1. By a published recogniser (1 - cosine) / 2, as in FaceFusion. By the embedded one
 * 0.3 * (1 - cosine) / (1 - 0.92), at most 1: face-api's embeddings all lie close together, so the cosine is stretched
 * until 0.3, FaceFusion's default, falls on 0.92, where errors of both kinds are equally frequent.
 * @param recognizer that made both embeddings
 * @throws INTERNAL for embeddings of two recognisers
 */
export function referenceDistance(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  recognizer: string = EMBEDDED_RECOGNIZER,
): number {
  if (a.length !== b.length) {
    throw new AppError(
      'INTERNAL',
      `Expected embeddings of one recogniser, received ${a.length} and ${b.length} values.`,
    );
  }
  if (recognizer !== EMBEDDED_RECOGNIZER) return halfCosineDistance(a, b);
  const equalError = 1 - EQUAL_ERROR_COSINE.face_recognition;
  // Rounding may put the cosine of a face with itself a little above 1.
  return Math.min(1, Math.max(0, (EQUAL_ERROR_DISTANCE * (1 - similarity(a, b))) / equalError));
}

/**
 * The reference face among those of the reference frame: the one at `referenceFacePosition` after filter and order; the
 * last one where the position is beyond the end. Undefined when no face passes the filter.
 */
export function referenceFaceOf<T extends SelectableFace>(faces: readonly T[], options: FaceSelection): T | undefined {
  const candidates = orderFaces(filterFaces(faces, options), options.faceSelectorOrder);
  return candidates[Math.min(options.referenceFacePosition, candidates.length - 1)];
}

/**
 * The faces to work on. `many`: all that pass the filter, in order. `one`: the first of them. `reference`: all within
 * `referenceFaceDistance` of the reference, the most alike first, whatever their age and gender: the filter has chosen
 * the reference already.
 * @param reference the reference face's embedding; `reference` mode needs it
 * @throws INTERNAL when a face lacks what `analysisNeededFor` asks for, or the reference is missing
 */
export function selectFaces<T extends SelectableFace>(
  faces: readonly T[],
  options: FaceSelection,
  reference?: ArrayLike<number>,
): T[] {
  switch (options.faceSelectorMode) {
    case 'many':
      return orderFaces(filterFaces(faces, options), options.faceSelectorOrder);
    case 'one':
      return orderFaces(filterFaces(faces, options), options.faceSelectorOrder).slice(0, 1);
    case 'reference': {
      if (!reference) throw new AppError('INTERNAL', 'Expected a reference face, received none.');
      return faces
        .map((face) => ({
          face,
          distance: referenceDistance(embeddingOf(face), reference, options.faceRecognizerModel),
        }))
        .filter(({ distance }) => distance <= options.referenceFaceDistance)
        .sort((a, b) => a.distance - b.distance)
        .map(({ face }) => face);
    }
  }
}

/** Sorts a copy; faces that tie keep their order. */
export function orderFaces<T extends SelectableFace>(
  faces: readonly T[],
  order: FaceSelection['faceSelectorOrder'],
): T[] {
  const [key, direction] = ORDERS[order];
  return [...faces].sort((a, b) => direction * (key(a) - key(b)));
}

type Key = (face: SelectableFace) => number;
const left: Key = ({ box }) => box.x0;
const top: Key = ({ box }) => box.y0;
const size: Key = ({ box }) => areaOf(box);
const score: Key = (face) => face.score;

const ORDERS: Readonly<Record<FaceSelection['faceSelectorOrder'], readonly [key: Key, direction: 1 | -1]>> = {
  'left-right': [left, 1],
  'right-left': [left, -1],
  'top-bottom': [top, 1],
  'bottom-top': [top, -1],
  'small-large': [size, 1],
  'large-small': [size, -1],
  'best-worst': [score, -1],
  'worst-best': [score, 1],
};

const filtersByClass = (options: FaceSelection): boolean =>
  options.faceSelectorGender !== undefined ||
  options.faceSelectorAgeStart !== undefined ||
  options.faceSelectorAgeEnd !== undefined;

function filterFaces<T extends SelectableFace>(faces: readonly T[], options: FaceSelection): readonly T[] {
  if (!filtersByClass(options)) return faces;
  const youngest = options.faceSelectorAgeStart ?? 0;
  const oldest = options.faceSelectorAgeEnd ?? Number.POSITIVE_INFINITY;
  return faces.filter((face) => {
    const { ageYears, ageRange, gender } = classOf(face);
    const age = Math.floor(ageYears);
    // Of a classifier that knows no more than a range, one year of it is enough, as in FaceFusion.
    const [first, last] = ageRange ? [ageRange[0], ageRange[1] - 1] : [age, age];
    const isGender = options.faceSelectorGender === undefined || gender === options.faceSelectorGender;
    return isGender && last >= youngest && first <= oldest;
  });
}

function classOf(face: SelectableFace): { ageYears: number; ageRange?: AgeRange; gender: Gender } {
  const { ageYears, ageRange, gender } = face;
  if (ageYears === undefined || gender === undefined) {
    throw new AppError('INTERNAL', 'Expected a face with age and gender: analyse with classification.');
  }
  return { ageYears, ...(ageRange ? { ageRange } : {}), gender };
}

function embeddingOf(face: SelectableFace): Float32Array {
  if (!face.embedding) throw new AppError('INTERNAL', 'Expected a face with an embedding: analyse with embedding.');
  return face.embedding;
}
