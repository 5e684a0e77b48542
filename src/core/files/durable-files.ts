/** Files that are whole and on the disk before anybody can see them under their name. */
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Flushes a complete file to disk, gives it another name in its folder, and makes that name durable. */
export async function renameDurably(from: string, to: string): Promise<void> {
  const file = await open(from, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(from, to);
  await syncFolder(dirname(to));
}

/**
 * Writes a file in place of another, readable for its owner only.
 * @throws what the system says; then the one that was there is as it was
 */
export async function replaceDurably(path: string, bytes: Buffer | string): Promise<void> {
  const temporary = `${path}.part`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
    await renameDurably(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}

/** Makes names in a folder durable. Not every system can open a folder. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
