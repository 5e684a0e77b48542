import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { AppError } from '../../core/errors.ts';
import type { Storage } from './storage.ts';

/**
 * Writes an object, reads it and removes it.
 * @throws STORAGE_FAILED where one of these does not work
 */
export async function checkStorage(storage: Storage): Promise<void> {
  const key = `checks/${randomBytes(8).toString('hex')}`;
  const written = randomBytes(64);
  await storage.put(key, written, { contentType: 'application/octet-stream' });
  const read = await buffer(await storage.read(key));
  await storage.remove([key]);
  if (read.equals(written)) return;
  throw new AppError('STORAGE_FAILED', `${storage.name} gave other bytes than were written.`, {
    hint: 'Look for what lies in between, such as a proxy, or at the disk.',
  });
}
