/** What a folder storage knows of an object beside its bytes. */
import { randomBytes } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const factsSchema = z
  .object({ contentType: z.string(), etag: z.string(), cacheControl: z.string().optional() })
  .strict();
export type ObjectFacts = Readonly<z.infer<typeof factsSchema>>;

export const newFacts = (contentType: string, cacheControl: string | undefined): ObjectFacts => ({
  ...{ contentType, etag: `"${randomBytes(16).toString('hex')}"` },
  ...(cacheControl === undefined ? {} : { cacheControl }),
});

/**
 * Facts are kept under the time and size of the very file that they are of, and written before it is seen: whoever reads
 * while an object is replaced gets the facts of the one that he has. Copies of the folder keep times (`cp -a`, `rsync -a`).
 */
const nameOf = ({ mtimeNs, size }: BigIntStats): string => `${mtimeNs.toString(36)}-${size.toString(36)}`;

/** Gives a file a time that no other has: clocks of file systems stand still for milliseconds. */
export async function makeTimeUnique(path: string): Promise<void> {
  const seconds = Date.now() / 1000 + Math.random() / 1000;
  await utimes(path, seconds, seconds);
}

/** Writes facts to disk. */
export async function writeFacts(path: string, facts: ObjectFacts): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(facts));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @param folder of the object's facts */
export const factsPath = (folder: string, stats: BigIntStats): string => join(folder, nameOf(stats));

/** @returns those of a file of unknown kind where it was put there by hand */
export async function readFacts(folder: string, stats: BigIntStats): Promise<ObjectFacts> {
  const text = await readFile(factsPath(folder, stats), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return { contentType: 'application/octet-stream', etag: `"${nameOf(stats)}"` };
  return factsSchema.parse(JSON.parse(text));
}
