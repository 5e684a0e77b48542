import { basename } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import type { RgbImage } from '../core/image.ts';
import type { FaceAnalyser } from '../engine/faces/analyse.ts';
import type { Face } from '../engine/faces/face.ts';
import type { Note, SourceAudio, SourcePhoto } from '../engine/processors/processor.ts';
import { readImage } from '../media/read-image.ts';
import { readSound, type SoundSource } from '../media/sound-source.ts';
import type { UsedSource } from './process-result.ts';

export interface Sources {
  /** The photos of each set, in order; a file that is named in two sets is read once. */
  readonly sets: readonly (readonly SourcePhoto[])[];
  /** Each file once. */
  readonly used: readonly UsedSource[];
  readonly notes: readonly Note[];
}

/** What is known of a source photo. */
export interface SeenSource {
  readonly image: RgbImage;
  /** The largest one. */
  readonly face: Face | undefined;
  readonly faces: number;
}

/** Looks at a photo, or remembers it: then it has an id. */
export type SourceMemory = (
  path: string,
  look: () => Promise<SeenSource>,
) => Promise<SeenSource & { readonly id?: string }>;

const KEEPS_NOTHING: SourceMemory = (_path, look) => look();

/**
 * Reads the source photos of all sets and finds the face of each; where there are several, the largest counts and a note says so.
 * @throws SOURCE_NO_FACE naming the file; what reading a photo throws; CANCELLED
 */
export async function readSourceSets(
  sets: readonly (readonly string[])[],
  analyser: FaceAnalyser,
  signal: AbortSignal | undefined,
  memory: SourceMemory = KEEPS_NOTHING,
): Promise<Sources> {
  const photos = new Map<string, SourcePhoto>();
  const used: UsedSource[] = [];
  const notes: Note[] = [];
  for (const path of new Set(sets.flat())) {
    throwIfAborted(signal);
    const { id, image, face, faces } = await memory(path, async () => {
      const { image } = await readImage(path);
      const found = await analyser.analyse(image, { embedding: false, classification: false });
      return { image, face: largest(found), faces: found.length };
    });
    const name = JSON.stringify(basename(path));
    if (!face) {
      throw new AppError('SOURCE_NO_FACE', `No face was found in the source ${name}.`, {
        hint: 'Use a photo in which the face is sharp, seen from the front and larger than 100 pixels.',
        details: { path },
      });
    }
    if (faces > 1) {
      notes.push({
        code: 'several-faces',
        message: `The source ${name} shows ${faces} faces; the largest is used.`,
        hint: 'Crop the photo to the person you mean.',
      });
    }
    photos.set(path, { path, ...(id === undefined ? {} : { id }), image, face });
    used.push({ path, faces, score: face.score });
  }
  return { sets: sets.map((paths) => paths.map((path) => photos.get(path)!)), used, notes };
}

/**
 * Decodes the sound that a processor listens to.
 * @param seconds how much of it; absent or 0: all
 * @throws what `readSound` throws
 */
export async function readAudio(
  { path }: SoundSource,
  seconds: number | undefined,
  signal: AbortSignal | undefined,
): Promise<SourceAudio> {
  return { path, samples: await readSound(path, { seconds: seconds || undefined, signal }) };
}

const area = ({ box }: Face): number => (box.x1 - box.x0) * (box.y1 - box.y0);

const largest = (faces: readonly Face[]): Face | undefined =>
  faces.reduce<Face | undefined>((best, face) => (best && area(best) >= area(face) ? best : face), undefined);
