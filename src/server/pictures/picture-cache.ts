/** Finished pictures on the disk of this machine, the least recently used of which go first. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toDiskError } from '../assets/incoming-file.ts';

export interface PictureCache {
  readonly bytes: number;
  get(name: string): Promise<Buffer | undefined>;
  /** A full disk is no error: the picture is then made again. */
  put(name: string, bytes: Buffer): Promise<void>;
  /** What pictures are of: the part of their names before the first dot. */
  subjects(): ReadonlySet<string>;
  /** Removes all pictures of a subject. */
  forget(subject: string): Promise<void>;
}

const subjectOf = (name: string): string => name.slice(0, name.indexOf('.'));

/** @param folder of the cache alone; what an earlier process left there is taken over */
export async function openPictureCache(folder: string, mostBytes: number): Promise<PictureCache> {
  /** Bytes by name, the least recently used first. */
  const entries = new Map<string, number>();
  let total = 0;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found: { readonly name: string; readonly size: number; readonly usedAt: number }[] = [];
  for (const name of await readdir(folder)) {
    const facts = await stat(join(folder, name)).catch(() => undefined);
    if (!facts) continue;
    if (name.endsWith('.part') || !facts.isFile()) await rm(join(folder, name), { recursive: true, force: true });
    else found.push({ name, size: facts.size, usedAt: facts.mtimeMs });
  }
  for (const { name, size } of found.sort((a, b) => a.usedAt - b.usedAt)) {
    entries.set(name, size);
    total += size;
  }

  const drop = async (name: string): Promise<void> => {
    total -= entries.get(name) ?? 0;
    entries.delete(name);
    await rm(join(folder, name), { force: true });
  };
  const note = (name: string, size: number): void => {
    total += size - (entries.get(name) ?? 0);
    entries.delete(name);
    entries.set(name, size);
  };

  return {
    get bytes() {
      return total;
    },
    async get(name) {
      // Another process of this machine may have made it, or taken it away.
      const bytes = await readFile(join(folder, name)).catch(() => undefined);
      if (bytes) note(name, bytes.length);
      else if (entries.has(name)) await drop(name);
      return bytes;
    },
    async put(name, bytes) {
      const part = join(folder, `${randomBytes(8).toString('hex')}.part`);
      try {
        await writeFile(part, bytes, { mode: 0o600 });
        await rename(part, join(folder, name));
        note(name, bytes.length);
      } catch (error) {
        await rm(part, { force: true });
        if (toDiskError(error) === undefined) throw error;
      }
      for (const oldest of entries.keys()) {
        if (total <= mostBytes) break;
        await drop(oldest);
      }
    },
    subjects: () => new Set([...entries.keys()].map(subjectOf)),
    async forget(subject) {
      for (const name of [...entries.keys()]) if (subjectOf(name) === subject) await drop(name);
    },
  };
}
