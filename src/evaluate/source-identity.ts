import { basename } from 'node:path';
import { throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import { toUnitLength } from '../engine/faces/recognise.ts';
import { readImage } from '../media/read-image.ts';
import type { FaceJudge, Identity } from './face-judge.ts';

/**
 * The identity of the largest face of each photo, averaged.
 * @throws SOURCE_NO_FACE naming the file; what reading a photo throws; CANCELLED
 */
export async function readSourceIdentity(
  paths: readonly string[],
  judge: FaceJudge,
  signal: AbortSignal | undefined,
): Promise<Identity> {
  const identities: Identity[] = [];
  for (const path of paths) {
    throwIfAborted(signal);
    const { image } = await readImage(path);
    const [face] = await judge.facesOf(image);
    if (!face) {
      throw new AppError('SOURCE_NO_FACE', `No face was found in the source ${JSON.stringify(basename(path))}.`, {
        hint: 'Give the source photos of the run.',
        details: { path },
      });
    }
    identities.push(await judge.identify(image, face.mesh));
  }
  const seconds = identities.flatMap(({ second }) => (second ? [second] : []));
  return { own: meanOf(identities.map(({ own }) => own)), second: seconds.length > 0 ? meanOf(seconds) : undefined };
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  return toUnitLength(vectors[0].map((_, i) => vectors.reduce((sum, vector) => sum + vector[i], 0)));
}
