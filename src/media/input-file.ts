/** The checks that every input path passes before anybody looks inside. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../core/errors.ts';

/**
 * Makes sure that `path` is a regular file with content that may be read.
 * @returns its size in bytes
 * @throws INPUT_NOT_FOUND, INPUT_NOT_A_FILE (folder, device, socket, pipe), INPUT_UNREADABLE (empty, no permission)
 */
export async function checkInputFile(path: string): Promise<number> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw inputError(path, error);
  });
  if (facts.isDirectory()) {
    throw new AppError('INPUT_NOT_A_FILE', `Expected a file, received the folder ${path}.`, {
      hint: 'Name one photo or video inside it.',
    });
  }
  if (!facts.isFile()) throw new AppError('INPUT_NOT_A_FILE', `Expected a file, received a device or pipe: ${path}.`);
  if (facts.size === 0) {
    throw new AppError('INPUT_UNREADABLE', `${basename(path)} is empty (0 bytes).`, {
      hint: 'Copy or download it again.',
    });
  }
  return facts.size;
}

/**
 * Opens an input for reading, with the same checks and errors as `checkInputFile`. The caller closes the handle.
 */
export async function openInputFile(path: string): Promise<{ handle: FileHandle; sizeBytes: number }> {
  const sizeBytes = await checkInputFile(path);
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw inputError(path, error);
  });
  return { handle, sizeBytes };
}

function inputError(path: string, error: NodeJS.ErrnoException): AppError {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new AppError('INPUT_NOT_FOUND', `There is no file ${path}.`, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new AppError('INPUT_UNREADABLE', `${path} may not be read.`, {
        hint: 'Check the permissions of the file and of its folder.',
        cause: error,
      });
    default:
      return new AppError('INPUT_UNREADABLE', `${path} cannot be read: ${error.message}.`, { cause: error });
  }
}
