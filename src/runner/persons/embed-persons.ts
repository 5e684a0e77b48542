/** Faces of photos as what persons are recognised by. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';
import { createFaceAnalyser } from '../../engine/faces/analyse.ts';
import type { Recogniser } from '../../engine/faces/recognise.ts';
import { defaultModelDirectory, openModelStore } from '../../engine/inference/session.ts';
import { readImage } from '../../media/read-image.ts';

/** The one that lists and consents are made with. */
export const PERSON_RECOGNISER: Recogniser = 'face_recognition';

/** Detector score below which a face is not clear enough to tell somebody by. */
const MINIMUM_SCORE = 0.5;

/**
 * One embedding a photo. Each must show one face: of several nobody could say who was meant.
 * @throws SOURCE_NO_FACE, INPUT_UNSUPPORTED for several faces, what reading a photo throws, CANCELLED
 */
export async function embedPersons(paths: readonly string[], signal?: AbortSignal): Promise<readonly Float32Array[]> {
  await using store = await openModelStore({ directory: defaultModelDirectory(), intraOpThreads: 1 });
  const analyser = await createFaceAnalyser(store, { minimumScore: MINIMUM_SCORE });
  const embeddings: Float32Array[] = [];
  for (const path of paths) {
    throwIfAborted(signal);
    const { image } = await readImage(path);
    const faces = await analyser.analyse(image, { embedding: true });
    const name = JSON.stringify(basename(path));
    if (faces.length > 1) {
      throw new AppError('INPUT_UNSUPPORTED', `Expected a photo of one face, and ${name} shows ${faces.length}.`, {
        hint: 'Crop the photo to the person: facefusion faces FILE --crops FOLDER',
        details: { path },
      });
    }
    const embedding = faces[0]?.embedding;
    if (!embedding) {
      throw new AppError('SOURCE_NO_FACE', `No face was found in ${name}.`, {
        hint: 'Use a photo in which the face is sharp, seen from the front and larger than 100 pixels.',
        details: { path },
      });
    }
    embeddings.push(embedding);
  }
  return embeddings;
}

/** Hexadecimal. @throws INPUT_UNREADABLE, INPUT_NOT_FOUND */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const part of createReadStream(path)) hash.update(part as Buffer);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'INPUT_NOT_FOUND' : 'INPUT_UNREADABLE';
    throw new AppError(code, `${path} cannot be read: ${(cause as Error).message}.`, { cause });
  }
  return hash.digest('hex');
}
