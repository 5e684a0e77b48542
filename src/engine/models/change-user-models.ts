/** Changes the list of the user's models so that no change is lost and no reader sees half of one. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../core/errors.ts';
import { withFileLock } from '../../core/files/file-lock.ts';
import { readUserModelRecords, USER_MODELS_FILE, type UserModelRecord } from './user-models.ts';

/** A change takes milliseconds. */
const WAIT_SECONDS = 10;

/**
 * Replaces the list by what `change` makes of it. Changes of several processes happen one after the other.
 * @param folder created where it is missing
 * @param change also does what must not happen twice at once
 * @throws MODEL_CORRUPT where the list is damaged, which leaves it as it is; OUTPUT_FAILED
 */
export async function changeUserModels(
  folder: string,
  change: (records: readonly UserModelRecord[]) => Promise<readonly UserModelRecord[]>,
): Promise<void> {
  await makeModelFolder(folder);
  const path = join(folder, USER_MODELS_FILE);
  await withFileLock(`${path}.lock`, { waitSeconds: WAIT_SECONDS, what: 'changes the list of models' }, async () => {
    const models = await change(await readUserModelRecords(folder));
    await replaceFile(path, `${JSON.stringify({ format: 1, models }, null, 2)}\n`);
  });
}

/** @throws OUTPUT_FAILED */
export async function makeModelFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new AppError('OUTPUT_FAILED', `The folder of models ${folder} cannot be made.`, {
      hint: 'Choose another: --model-folder FOLDER, or the variable FACEFUSION_MODEL_FOLDER.',
      cause,
    });
  });
}

/** Readers see the old text or the new one, after a crash too. */
async function replaceFile(path: string, text: string): Promise<void> {
  const next = `${path}.${process.pid}.partial`;
  try {
    const file = await open(next, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch (cause) {
    await rm(next, { force: true });
    throw new AppError('OUTPUT_FAILED', `${path} cannot be written.`, { cause });
  }
}
