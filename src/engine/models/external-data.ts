/** Files beside a model that hold its numbers: they must lie in the folder of the model, and are part of it. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep, win32 } from 'node:path';
import { AppError } from '../../core/errors.ts';

/** Whether a path that a model names stays in the model's folder, as far as its letters tell. */
export const isInsidePath = (location: string): boolean =>
  location !== '' &&
  !location.includes('\0') &&
  !isAbsolute(location) &&
  !win32.isAbsolute(location) &&
  !/^[a-z]:/i.test(location) &&
  location.split(/[\\/]/).every((part) => part !== '..' && part !== '');

/**
 * Looks whether all external data of a model are there, in its folder, and no link leads out of it.
 * @param locations as the model names them
 * @throws MODEL_UNREADABLE for a path outside, MODEL_NOT_FOUND for a file that is missing
 */
export async function checkExternalData(modelPath: string, locations: readonly string[]): Promise<void> {
  const folder = await realpath(dirname(modelPath));
  for (const location of locations) {
    if (!isInsidePath(location)) throw outside(modelPath, location);
    const path = join(folder, location);
    const real = await realpath(path).catch((cause: unknown) => {
      throw missing(modelPath, location, cause);
    });
    const inside = relative(folder, real);
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) throw outside(modelPath, location);
    if (!(await stat(real)).isFile()) throw missing(modelPath, location);
  }
}

function outside(modelPath: string, location: string): AppError {
  return new AppError(
    'MODEL_UNREADABLE',
    `The model ${basename(modelPath)} has numbers in ${JSON.stringify(location)}, outside its own folder; such a file is not read.`,
    {
      hint: 'Put the files themselves, no links to them, beside the model, or save the model again in one file.',
      details: { location },
    },
  );
}

function missing(modelPath: string, location: string, cause?: unknown): AppError {
  return new AppError(
    'MODEL_NOT_FOUND',
    `The model ${basename(modelPath)} has numbers in ${location}, which is not there.`,
    {
      hint: `Put ${location} beside it, under this name, and add the model again.`,
      details: { location },
      cause,
    },
  );
}
