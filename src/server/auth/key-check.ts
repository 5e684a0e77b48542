/** Checks API keys without asking the store each time. */
import type { Logger } from '../../core/logger.ts';
import type { Store, StoredDocument } from '../../jobs/store/store.ts';
import { callerOfKey, noteUse, readKey } from './api-keys.ts';
import type { Caller } from './caller.ts';

/** Milliseconds for which a key is remembered: a revoked one is refused within 5 s. */
const REMEMBERED_MILLISECONDS = 3_000;
/** Keys, with those that do not exist. */
const MOST_REMEMBERED = 10_000;

export type KeyCheck = (text: string) => Promise<Caller | undefined>;

interface Remembered {
  readonly until: number;
  readonly document: Promise<StoredDocument | undefined>;
  /** Whether its use was noted since it was read. */
  isNoted: boolean;
}

export function createKeyCheck(store: Store, logger: Logger, now: () => number = Date.now): KeyCheck {
  const remembered = new Map<string, Remembered>();

  const remember = (id: string): Remembered => {
    const known = remembered.get(id);
    if (known !== undefined && known.until > now()) return known;
    remembered.delete(id);
    const oldest = remembered.keys().next();
    if (remembered.size >= MOST_REMEMBERED && !oldest.done) remembered.delete(oldest.value);
    const document = readKey(store, id);
    const entry: Remembered = { until: now() + REMEMBERED_MILLISECONDS, document, isNoted: false };
    remembered.set(id, entry);
    // A store that has failed is asked again.
    document.catch(() => remembered.delete(id));
    return entry;
  };

  return async (text) => {
    let entry: Remembered | undefined;
    const read = (id: string): Promise<StoredDocument | undefined> => {
      entry = remember(id);
      return entry.document;
    };
    const caller = await callerOfKey(text, read, now());
    const document = await entry?.document;
    if (caller !== undefined && entry !== undefined && document !== undefined && !entry.isNoted) {
      entry.isNoted = true;
      // Nobody waits for it, and nothing depends on it.
      noteUse(store, document, now()).catch((error: unknown) =>
        logger.warn('the use of a key could not be noted', { key: caller.owner, reason: String(error) }),
      );
    }
    return caller;
  };
}
