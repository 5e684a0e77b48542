/**
 * Takes chunks out of the folder in which they were made, and puts those of several folders into one: a video that is
 * made on many machines is joined on one of them.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, constants, copyFile, link, mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { renameDurably, syncFolder } from '../core/files/durable-files.ts';
import {
  type ChunkRecord,
  chunkFolderPath,
  chunkName,
  chunkRecordSchema,
  FORMAT,
  JOURNAL,
  type JournalLine,
  readJournal,
  toLine,
} from './chunk-journal.ts';
import { toOutputError } from './output-file.ts';

/** A file of a chunk: its pictures, or the state behind it. */
export interface ChunkFile {
  /** In the folder of chunks. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What is known of a chunk away from its folder. JSON. */
export interface PackedChunk {
  /** Only chunks of one key may be joined. */
  readonly key: string;
  readonly record: ChunkRecord;
  readonly stateSha256: string;
  /** Frame before which the target ends, where this chunk came to it. */
  readonly endFrame?: number;
  readonly files: readonly ChunkFile[];
}

/** With its files on this machine. */
export interface LocalChunk extends PackedChunk {
  readonly files: readonly (ChunkFile & { readonly path: string })[];
}

const hex = z.string().regex(/^[0-9a-f]{64}$/);

/** For whoever gets one from elsewhere. What it does not name, as where files lie, is left out. */
export const packedChunkSchema = z.object({
  key: hex,
  record: chunkRecordSchema,
  stateSha256: hex,
  endFrame: z.number().int().exactOptional(),
  files: z.array(
    z.object({ name: z.string().regex(/^chunk-\d{6,}\.[a-z0-9]+$/), bytes: z.number().int().min(0), sha256: hex }),
  ),
}) satisfies z.ZodType<PackedChunk>;

/**
 * Describes a chunk that a run with the option `chunk` has left beside its output, for the way to another machine.
 * Nothing is changed; no run may be going on with that output.
 * @throws RESUME_MISMATCH where there is no such whole chunk; INPUT_UNREADABLE
 */
export async function packChunk(outputPath: string, index: number): Promise<LocalChunk> {
  const folder = chunkFolderPath(outputPath);
  const journal = await readJournal(join(folder, JOURNAL));
  const made = journal?.chunks.get(index);
  if (!journal || !made) {
    throw new AppError('RESUME_MISMATCH', `There is no whole chunk ${index} beside the output.`, {
      hint: `Make it first: --chunk ${index}`,
    });
  }
  const { chunk: record, stateSha256 } = made;
  const prefix = `${chunkName(index)}.`;
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix) && !name.endsWith('.part')).sort();
  const files = await Promise.all(
    names.map(async (name) => ({ name, path: join(folder, name), ...(await hashFile(join(folder, name))) })),
  );
  const { endFrame } = journal;
  return { key: journal.key, record, stateSha256, ...(endFrame === undefined ? {} : { endFrame }), files };
}

/**
 * Puts chunks where a run with this output looks for them; it then joins them and makes what is missing. Chunks with the
 * same key that lie there already are kept. Files are linked where the file system can, else copied: the given ones stay.
 * @param outputPath absolute; no run may be going on with it
 * @throws RESUME_MISMATCH for chunks of different keys; STORAGE_FAILED (retryable) for a file that is not what was packed;
 *   INPUT_NOT_FOUND, OUTPUT_FAILED
 */
export async function layOutChunks(outputPath: string, chunks: readonly LocalChunk[]): Promise<void> {
  const [first] = chunks;
  if (!first) return;
  if (chunks.some(({ key }) => key !== first.key)) throw differentKeys(chunks);
  const folder = chunkFolderPath(outputPath);
  const journalPath = join(folder, JOURNAL);
  const earlier = await readJournal(journalPath);
  const isSame = earlier?.key === first.key;
  if (!isSame) await inOutput(folder, rm(folder, { recursive: true, force: true }));
  await inOutput(folder, mkdir(folder, { recursive: true, mode: 0o700 }));
  await inOutput(folder, chmod(folder, 0o700));

  for (const chunk of chunks) {
    for (const file of chunk.files) await putFile(folder, file, chunk);
  }
  await syncFolder(folder);
  const laidOut = new Map(isSame ? earlier.chunks : []);
  for (const { record, stateSha256 } of chunks) laidOut.set(record.index, { chunk: record, stateSha256 });
  // Whoever came to the end knows where it is.
  const endFrame =
    chunks.find((chunk) => chunk.endFrame !== undefined)?.endFrame ?? (isSame ? earlier.endFrame : undefined);
  const lines: JournalLine[] = [
    { format: FORMAT, key: first.key },
    ...[...laidOut.values()].sort((a, b) => a.chunk.index - b.chunk.index),
    ...(endFrame === undefined ? [] : [{ endFrame }]),
  ];
  await inOutput(folder, writeDurably(journalPath, lines.map(toLine).join('')));
}

async function putFile(folder: string, file: LocalChunk['files'][number], { record }: PackedChunk): Promise<void> {
  // Names come from elsewhere, too: each says itself that it stays in the folder.
  if (!file.name.startsWith(`${chunkName(record.index)}.`) || /[\\/]/.test(file.name)) {
    throw new AppError('STORAGE_FAILED', `Expected a file of chunk ${record.index}, received ${file.name}.`);
  }
  const path = join(folder, file.name);
  await inOutput(path, rm(path, { force: true }));
  await link(file.path, path)
    .catch(() => copyFile(file.path, path, constants.COPYFILE_EXCL))
    .catch((cause: unknown) => {
      if (!isMissing(cause)) throw toOutputError(cause, path);
      throw new AppError('INPUT_NOT_FOUND', `A file of chunk ${record.index} is not there: ${file.name}.`, { cause });
    });
  const { bytes, sha256 } = await hashFile(path);
  if (bytes === file.bytes && sha256 === file.sha256) return;
  await rm(path, { force: true });
  throw new AppError(
    'STORAGE_FAILED',
    `Expected ${file.name} as it was made (${file.bytes} bytes, sha256 ${file.sha256}), received ${bytes} bytes, sha256 ${sha256}.`,
    {
      hint: 'It was damaged on its way: fetch it again.',
      details: { chunk: record.index, name: file.name },
      retryable: true,
    },
  );
}

function differentKeys(chunks: readonly PackedChunk[]): AppError {
  const indexes = new Map<string, number[]>();
  for (const { key, record } of chunks) indexes.set(key, [...(indexes.get(key) ?? []), record.index]);
  const groups = [...indexes].map(([key, of]) => `${of.join(', ')} (${key.slice(0, 8)})`);
  return new AppError(
    'RESUME_MISMATCH',
    `Expected chunks that were made alike, received ${indexes.size} kinds: ${groups.join('; ')}.`,
    {
      hint: 'Workers differ in version, policy, models, ffmpeg, installation keys or number of threads: make them alike, and run the job again.',
      details: { keys: Object.fromEntries(indexes) },
    },
  );
}

const inOutput = <T>(path: string, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => {
    throw toOutputError(error, path);
  });

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  await renameDurably(`${path}.new`, path);
  await syncFolder(dirname(dirname(path)));
}

async function hashFile(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) {
      hash.update(part as Buffer);
      bytes += (part as Buffer).length;
    }
  } catch (cause) {
    throw new AppError('INPUT_UNREADABLE', `A file of a chunk cannot be read: ${(cause as Error).message}.`, { cause });
  }
  return { bytes, sha256: hash.digest('hex') };
}

const isMissing = (cause: unknown): boolean => (cause as NodeJS.ErrnoException).code === 'ENOENT';
