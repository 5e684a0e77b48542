/** Says whether what one run made may be gone on with by another. */
import { createHash, type Hash } from 'node:crypto';
import { open, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ResolvedProcessOptions } from '../core/options.ts';
import { inputFiles } from '../media/image-sequence-input.ts';
import { parsePersonMap } from './people/parse-map.ts';

/** Options that change nothing about the frames of the output. */
export const WITHOUT_EFFECT = [
  'outputPath',
  'targetPath',
  'sourcePaths',
  'force',
  'resume',
  'publishPartial',
  'chunk',
  'preset',
  'lite',
  'onNoFace',
  'systemMemoryLimit',
  'executionThreadCount',
  // Its content counts, not where it is: see `files` and `versions`.
  'modelFolder',
  'outputAudioEncoder',
  'outputAudioQuality',
  'outputAudioVolume',
  'consent',
] as const satisfies readonly (keyof ResolvedProcessOptions)[];

/** Bytes hashed at either end of a large file. */
const EDGE_BYTES = 4 * 1024 * 1024;

export interface RunKeyFacts {
  readonly options: ResolvedProcessOptions;
  /** Source photos, those of mapped persons included, in order. */
  readonly sourcePaths: readonly string[];
  /** Files that options name beside these, in order. */
  readonly files: readonly string[];
  /** What else the frames depend on: versions, hashes of models, the container. */
  readonly versions: Readonly<Record<string, string>>;
}

/**
 * Hashes inputs, options and programs. Of the target and of `files`, size, beginning and end: a video of 100 GB is not read twice.
 * @returns 64 hexadecimal digits
 */
export async function runKey({ options, sourcePaths, files: named, versions }: RunKeyFacts): Promise<string> {
  const hash = createHash('sha256');
  const ranges = options.ranges.map(({ map = [], ...range }) => ({ ...range, map: mapWithoutPaths(map, sourcePaths) }));
  const relevant = Object.entries({ ...options, map: mapWithoutPaths(options.map, sourcePaths), ranges }).filter(
    ([name]) => !(WITHOUT_EFFECT as readonly string[]).includes(name),
  );
  hash.update(JSON.stringify(relevant.sort(([a], [b]) => (a < b ? -1 : 1))));
  hash.update(JSON.stringify(Object.entries(versions).sort(([a], [b]) => (a < b ? -1 : 1))));
  for (const path of sourcePaths)
    hash.update(
      createHash('sha256')
        .update(await readFile(path))
        .digest(),
    );
  for (const path of named) await hashEdges(hash, path);
  const files = await inputFiles(options.targetPath);
  if (files.length === 1) await hashEdges(hash, files[0]!);
  else await hashSequence(hash, files);
  return hash.digest('hex');
}

/** Which of the source photos each person gets, wherever they are: another machine has them at other paths. */
const mapWithoutPaths = (map: readonly string[], sourcePaths: readonly string[]): readonly string[] =>
  parsePersonMap(map).map(
    (rule) => `${rule.person}=${rule.sourcePaths.map((path) => sourcePaths.indexOf(path)).join(',')}`,
  );

/** Photos of a sequence count by name, size and time of change: there may be a hundred thousand. */
async function hashSequence(hash: Hash, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const { size, mtimeMs } = await stat(file);
    hash.update(`${basename(file)} ${size} ${mtimeMs}\n`);
  }
}

async function hashEdges(hash: Hash, path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    hash.update(String(size));
    const part = Buffer.alloc(Math.min(size, EDGE_BYTES));
    for (const start of new Set([0, size - part.length])) {
      const { bytesRead } = await file.read(part, 0, part.length, start);
      hash.update(part.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
