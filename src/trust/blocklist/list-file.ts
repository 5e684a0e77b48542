/** A list of persons on disk: sealed with the installation's key, names and embeddings alike. */
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { readSealed, writeSealed } from '../keys/sealed-file.ts';
import { FaceList } from './face-list.ts';

const contentSchema = z.object({
  format: z.literal(1),
  recogniser: z.string(),
  persons: z.array(
    z.object({
      ...{ id: z.string(), name: z.string(), addedAt: z.string() },
      embeddings: z.array(z.instanceof(Float32Array)),
    }),
  ),
});

/**
 * Opens a list; one that is not there is empty.
 * @param recogniser whose embeddings will be compared
 * @throws MODEL_IO_MISMATCH where the list has those of another one; KEYS_UNUSABLE where it is not this installation's
 */
export async function readFaceList(
  path: string,
  vault: Buffer,
  purpose: string,
  recogniser: string,
): Promise<FaceList> {
  const bytes = await readSealed(path, vault, purpose);
  if (!bytes) return new FaceList(recogniser);
  // Authenticated: only this program has written it. The schema guards against other versions.
  const content = contentSchema.safeParse(deserialize(bytes));
  if (!content.success) {
    throw new AppError('INPUT_UNREADABLE', `${path} was written by another version.`, { cause: content.error });
  }
  if (content.data.recogniser !== recogniser) {
    throw new AppError(
      'MODEL_IO_MISMATCH',
      `The persons of ${path} were enrolled with ${content.data.recogniser}, and ${recogniser} is in use.`,
      { hint: 'Enrol them again from photos: embeddings of two models cannot be compared.' },
    );
  }
  return new FaceList(recogniser, content.data.persons);
}

/** @throws OUTPUT_FAILED; the file is then as it was */
export const writeFaceList = (path: string, vault: Buffer, purpose: string, list: FaceList): Promise<void> =>
  writeSealed(path, vault, purpose, serialize({ format: 1, recogniser: list.recogniser, persons: list.persons }));
