/** Whether the files of a user's model are still those that were added. */
import { dirname, join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { checkExternalData } from './external-data.ts';
import { hashFile } from './hash-file.ts';
import type { UserModel } from './user-models.ts';

/**
 * Reads all files of a model and compares their hashes with those of the list.
 * @throws MODEL_CORRUPT, MODEL_NOT_FOUND, MODEL_UNREADABLE, CANCELLED
 */
export async function verifyUserModel({ id, path, record }: UserModel, signal?: AbortSignal): Promise<void> {
  const external = record.external ?? [];
  await verify(id, path, record.sha256, signal);
  await checkExternalData(
    path,
    external.map(({ file }) => file),
  );
  for (const { file, sha256 } of external) await verify(id, join(dirname(path), file), sha256, signal);
}

async function verify(id: string, path: string, expected: string, signal: AbortSignal | undefined): Promise<void> {
  const { sha256 } = await hashFile(path, signal);
  if (sha256 === expected) return;
  throw new AppError('MODEL_CORRUPT', `Expected sha256 ${expected} for ${path}, received ${sha256}.`, {
    hint: `The file has changed since it was added. Add it again: facefusion models add ${id} FILE`,
    details: { id, expected, received: sha256 },
  });
}
