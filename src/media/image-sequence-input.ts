/** Image sequences as targets: `frames/%05d.png` means every photo of that name, from the first number that is there. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { isSequencePattern, matchesSequence, sequencePath } from './image-sequence.ts';

/** The photos of a sequence: `count` of them, whose numbers follow each other. */
export interface InputSequence {
  readonly firstNumber: number;
  readonly count: number;
}

/** Whether an input is the pattern of a sequence. A file that is really called so is a photo. */
export async function isInputSequence(path: string): Promise<boolean> {
  if (!isSequencePattern(path)) return false;
  return !(await stat(path).then(
    () => true,
    () => false,
  ));
}

/**
 * Finds the photos of a sequence.
 * @throws INPUT_NOT_FOUND where there is none, or one is missing in the middle, which the message names
 */
export async function findSequence(pattern: string): Promise<InputSequence> {
  const folder = dirname(resolve(pattern));
  const names = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new AppError(
      'INPUT_NOT_FOUND',
      `The folder ${folder} of the image sequence cannot be read (${cause.code}).`,
      {
        cause,
      },
    );
  });
  const numbers = names
    .filter((name) => matchesSequence(pattern, name))
    .map((name) => numberOf(pattern, name))
    // `7.png` is no part of `%05d.png`, whose seventh is `00007.png`.
    .filter((number) => names.includes(basename(sequencePath(pattern, number))))
    .sort((a, b) => a - b);
  const firstNumber = numbers[0];
  if (firstNumber === undefined) {
    throw new AppError('INPUT_NOT_FOUND', `There is no file of the image sequence ${pattern}.`, {
      hint: `The first would be ${basename(sequencePath(pattern, 1))}.`,
    });
  }
  const distinct = [...new Set(numbers)];
  const gap = distinct.findIndex((number, index) => number !== firstNumber + index);
  if (gap >= 0) {
    const missing = basename(sequencePath(pattern, firstNumber + gap));
    throw new AppError('INPUT_NOT_FOUND', `The image sequence ${pattern} has a gap: ${missing} is missing.`, {
      hint: 'Add the missing file, or number the photos without gaps.',
      details: { missing },
    });
  }
  return { firstNumber, count: distinct.length };
}

/**
 * The files that an input means: itself, or all photos of a sequence, in order.
 * @throws INPUT_NOT_FOUND for a sequence without photos or with a gap
 */
export async function inputFiles(path: string): Promise<string[]> {
  if (!(await isInputSequence(path))) return [path];
  const { firstNumber, count } = await findSequence(path);
  return Array.from({ length: count }, (_, index) => sequencePath(path, firstNumber + index));
}

/** Where the number of a pattern begins. */
const numberAt = (path: string): number => path.length - basename(path).length + basename(path).search(/%0?\d*d/);

const numberOf = (pattern: string, name: string): number =>
  Number.parseInt(name.slice(numberAt(basename(pattern))), 10);
