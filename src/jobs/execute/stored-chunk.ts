/** A chunk of a video on its way from the worker that made it to the one that joins all of them. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { type LocalChunk, packChunk, packedChunkSchema } from '../../media/chunk-transport.ts';
import type { Storage } from '../storage/storage.ts';
import type { JobTask } from './execution.ts';
import { chunkPrefix, chunksPrefix } from './keys.ts';

/** What the task of a chunk gives. Small: a stitch has thousands of them. */
export const chunkResultSchema = z
  .object({
    chunk: z.number().int(),
    /** Where it is described. */
    manifestKey: z.string(),
    frames: z.number().int(),
    /** By stage. */
    timings: z.record(z.string(), z.number()),
  })
  .strict();
export type ChunkResult = Readonly<z.infer<typeof chunkResultSchema>>;

const manifestSchema = z.object({ result: chunkResultSchema, packed: packedChunkSchema }).strict();

const MANIFEST = 'manifest.json';
const TAGS = { purpose: 'chunk' } as const;

/**
 * Stores a chunk that a run has left beside its output. The manifest comes last: a chunk without one does not count, and
 * one with it is not taken away again, since another attempt may have found it.
 * @throws STORAGE_FAILED; what `packChunk` throws
 */
export async function storeChunk(
  storage: Storage,
  { job, attempt }: JobTask,
  outputPath: string,
  made: Omit<ChunkResult, 'manifestKey'>,
): Promise<ChunkResult> {
  const { signal } = attempt;
  const prefix = chunkPrefix(job.id, made.chunk, attempt.token);
  const { files, ...facts } = await packChunk(outputPath, made.chunk);
  try {
    for (const { name, path } of files) {
      await storage.putFile(prefix + name, path, { contentType: 'application/octet-stream', tags: TAGS, signal });
    }
  } catch (error) {
    await storage.removePrefix(prefix);
    throw error;
  }
  const result: ChunkResult = { ...made, manifestKey: prefix + MANIFEST };
  const packed = { ...facts, files: files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })) };
  const manifest: z.input<typeof manifestSchema> = { result, packed };
  await storage.put(result.manifestKey, Buffer.from(JSON.stringify(manifest)), {
    ...{ contentType: 'application/json', tags: TAGS },
  });
  return result;
}

/**
 * A whole chunk that an earlier run of the job has left, or another attempt whose worker vanished before it could say so.
 * @throws STORAGE_FAILED
 */
export async function findStoredChunk(storage: Storage, job: string, chunk: number): Promise<ChunkResult | undefined> {
  for await (const { key } of storage.list(`${chunksPrefix(job)}${chunk}/`)) {
    if (!key.endsWith(`/${MANIFEST}`)) continue;
    return manifestSchema.parse(await json(await storage.read(key))).result;
  }
  return undefined;
}

/**
 * Brings a chunk into a folder of its own.
 * @throws STORAGE_FAILED, NOT_FOUND, CANCELLED
 */
export async function fetchChunk(
  storage: Storage,
  { manifestKey, chunk }: ChunkResult,
  folder: string,
  signal: AbortSignal,
): Promise<LocalChunk> {
  const { packed } = manifestSchema.parse(await json(await storage.read(manifestKey, undefined, signal)));
  const place = join(folder, String(chunk));
  await mkdir(place, { recursive: true, mode: 0o700 });
  const prefix = manifestKey.slice(0, -MANIFEST.length);
  const files: { name: string; bytes: number; sha256: string; path: string }[] = [];
  for (const file of packed.files) {
    const path = join(place, file.name);
    await storage.getFile(prefix + file.name, path, signal);
    files.push({ ...file, path });
  }
  return { ...packed, files };
}
