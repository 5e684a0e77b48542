/** What can be wrong with the place of an output, found before a byte is decoded or a model is loaded. */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';

/**
 * Checks the place of the output without touching it.
 * @param inputs files that the output must not be, however they are spelled or linked
 * @throws PATH_CONFLICT, OUTPUT_FOLDER_MISSING, OUTPUT_EXISTS or OUTPUT_FAILED
 */
export async function checkOutput(path: string, inputs: readonly string[], force: boolean): Promise<void> {
  const name = JSON.stringify(path);
  const folder = dirname(resolve(path));
  const folderFacts = await stat(folder).catch(ignoreMissing);
  if (!folderFacts?.isDirectory()) {
    throw new AppError('OUTPUT_FOLDER_MISSING', `The folder of the output ${name} does not exist.`, {
      hint: `Create it: mkdir -p ${JSON.stringify(dirname(path))}`,
    });
  }
  const existing = await stat(path).catch(ignoreMissing);
  if (existing?.isDirectory()) {
    throw new AppError('OUTPUT_FAILED', `Expected a file name for the output, but ${name} is a folder.`, {
      hint: `Add a file name: ${JSON.stringify(`${path.replace(/\/+$/, '')}/output`)} and the ending you want.`,
    });
  }
  for (const input of inputs) {
    const facts = await stat(input);
    const same = existing !== undefined && facts.ino === existing.ino && facts.dev === existing.dev;
    if (same || resolve(input) === resolve(path)) {
      throw new AppError(
        'PATH_CONFLICT',
        `The output ${name} is the same file as the input ${JSON.stringify(input)}.`,
        {
          hint: 'Choose another name for the output; an input is never overwritten.',
        },
      );
    }
  }
  if (existing !== undefined && !force) {
    throw new AppError('OUTPUT_EXISTS', `The output ${name} exists.`, {
      hint: 'Add --force (force: true) to overwrite it, or choose another name.',
    });
  }
  await access(folder, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(
      'OUTPUT_FAILED',
      `The folder of ${JSON.stringify(basename(path))} may not be written (${cause.code}).`,
      {
        hint: 'Choose another folder, or give yourself permission to write to it.',
        cause,
      },
    );
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw new AppError('OUTPUT_FAILED', `The place of the output cannot be looked at (${error.code}).`, { cause: error });
}
