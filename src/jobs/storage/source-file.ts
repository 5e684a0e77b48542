import { access, constants, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../core/errors.ts';

/**
 * The size in bytes of a file that is to be stored. It may be empty.
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE, INPUT_UNREADABLE
 */
export async function sizeOfSourceFile(path: string): Promise<number> {
  const name = basename(path);
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new AppError('INPUT_NOT_A_FILE', `Expected a file to store, received ${name}.`);
    await access(path, constants.R_OK);
    return stats.size;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new AppError('INPUT_NOT_FOUND', `There is no file ${name}.`, { cause });
    if (code === 'INPUT_NOT_A_FILE') throw cause;
    throw new AppError('INPUT_UNREADABLE', `${name} cannot be read (${code}).`, { cause });
  }
}
