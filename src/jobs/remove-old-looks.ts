import type { Storage } from './storage/storage.ts';

/** Everything that looks have left in the storage begins with this. */
const LOOKS_PREFIX = 'looks/';
/** A picture is fetched as soon as it is there. */
const KEPT_MILLISECONDS = 3_600_000;
/** Keys that are removed at once. */
const MOST_AT_ONCE = 500;

/** Removes pictures of answers that were given some time ago. */
export async function removeOldLooks(storage: Storage, now: number): Promise<void> {
  let old: string[] = [];
  for await (const { key, changedAt } of storage.list(LOOKS_PREFIX)) {
    if (changedAt > now - KEPT_MILLISECONDS) continue;
    old.push(key);
    if (old.length < MOST_AT_ONCE) continue;
    await storage.remove(old);
    old = [];
  }
  if (old.length > 0) await storage.remove(old);
}
