/**
 * Film looks from `.cube` files.
 * @see Adobe, "Cube LUT Specification 1.0" (2013)
 */
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../../core/errors.ts';

/** A table of colours, red fastest in `values`, each three numbers, 0..1 where it is not out of range. */
export interface CubeLut {
  /** 1: each channel by itself; 3: colours together. */
  readonly dimensions: 1 | 3;
  /** Entries along each axis. */
  readonly size: number;
  readonly values: Float32Array;
  /** Colours of the first and the last entry, red, green, blue. */
  readonly low: readonly [number, number, number];
  readonly high: readonly [number, number, number];
}

/** The largest that a size of 65 needs in long decimals, four times over. */
const LARGEST_FILE_BYTES = 32 * 1024 * 1024;
const LARGEST_SIZE = { 1: 65_536, 3: 65 } as const;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @throws INPUT_NOT_FOUND, INPUT_UNREADABLE naming the line */
export async function readCubeLut(path: string): Promise<CubeLut> {
  const name = basename(path);
  let text: string;
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    if (size > LARGEST_FILE_BYTES)
      throw unreadable(name, `Expected at most ${LARGEST_FILE_BYTES} bytes, received ${size}`);
    text = await file.readFile('utf8');
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new AppError(
      isMissing ? 'INPUT_NOT_FOUND' : 'INPUT_UNREADABLE',
      `The colour table ${JSON.stringify(name)} ${isMissing ? 'is not there' : 'cannot be read'}.`,
      { hint: 'Check --stylizer-lut.', cause },
    );
  }
  return parseCubeLut(text, name);
}

/**
 * @param name for messages
 * @throws INPUT_UNREADABLE naming the line
 */
export function parseCubeLut(text: string, name: string): CubeLut {
  let shape: { readonly dimensions: 1 | 3; readonly size: number } | undefined;
  let values: Float32Array | undefined;
  let [low, high]: number[][] = [
    [0, 0, 0],
    [1, 1, 1],
  ];
  let count = 0;
  let lineNumber = 0;
  const fail = (problem: string): AppError => unreadable(name, `Line ${lineNumber}: ${problem}`);
  const numbers = (words: readonly string[], amount: number): number[] => {
    if (words.length !== amount || !words.every((word) => NUMBER.test(word)))
      throw fail(`expected ${amount} numbers, received ${JSON.stringify(words.join(' ').slice(0, 60))}`);
    return words.map(Number);
  };

  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    lineNumber++;
    const words = line.trim().split(/\s+/);
    const [first = ''] = words;
    if (first === '' || first.startsWith('#') || first === 'TITLE') continue;
    const rest = words.slice(1);
    if (NUMBER.test(first)) {
      if (!shape || !values) throw fail('expected LUT_1D_SIZE or LUT_3D_SIZE before the first colour');
      if (count * 3 === values.length) throw fail(`expected ${count} colours and no more`);
      values.set(numbers(words, 3), count * 3);
      count++;
    } else if (values && count > 0) {
      throw fail(`expected a colour, received ${JSON.stringify(first.slice(0, 60))}`);
    } else if (first === 'LUT_1D_SIZE' || first === 'LUT_3D_SIZE') {
      if (shape) throw fail('expected one size only');
      const dimensions = first === 'LUT_1D_SIZE' ? 1 : 3;
      const [size = 0] = numbers(rest, 1);
      if (!Number.isInteger(size) || size < 2 || size > LARGEST_SIZE[dimensions])
        throw fail(`expected a size of 2 to ${LARGEST_SIZE[dimensions]}, received ${size}`);
      shape = { dimensions, size };
      values = new Float32Array(3 * size ** dimensions);
    } else if (first === 'DOMAIN_MIN') {
      low = numbers(rest, 3);
    } else if (first === 'DOMAIN_MAX') {
      high = numbers(rest, 3);
    } else if (first === 'LUT_1D_INPUT_RANGE' || first === 'LUT_3D_INPUT_RANGE') {
      // DaVinci Resolve's word for both.
      const [from = 0, to = 1] = numbers(rest, 2);
      low = [from, from, from];
      high = [to, to, to];
    } else {
      throw fail(`expected a word of the format, received ${JSON.stringify(first.slice(0, 60))}`);
    }
  }
  if (!shape || !values) throw fail('expected LUT_1D_SIZE or LUT_3D_SIZE');
  if (count * 3 !== values.length) throw fail(`expected ${values.length / 3} colours, received ${count}`);
  if (low.some((value, channel) => !(value < high[channel]!))) throw fail('expected DOMAIN_MIN below DOMAIN_MAX');
  return { ...shape, values, low: triple(low), high: triple(high) };
}

const triple = ([red = 0, green = 0, blue = 0]: readonly number[]): [number, number, number] => [red, green, blue];

const unreadable = (name: string, problem: string): AppError =>
  new AppError('INPUT_UNREADABLE', `The colour table ${JSON.stringify(name)} cannot be read. ${problem}.`, {
    hint: 'Give a .cube file, as DaVinci Resolve or Photoshop export it, with --stylizer-lut.',
  });
