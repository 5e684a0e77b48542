import { open, rename } from 'node:fs/promises';
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
  // Not every system can open a folder.
  const folder = await open(dirname(to), 'r').catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}
