/** Sessions that outlive the store that opened them: what a process that makes many runs keeps loaded. */
import type { OpenSession } from './open-session.ts';

/** What ONNX Runtime takes for a model, as a multiple of its file: weights, and activations of the last run. */
const MEMORY_OF_FILE = 1.5;

export interface SessionCache extends AsyncDisposable {
  /**
   * The session under a key; calls for one key share it. It is lent: `release` gives it back, and it stays loaded until
   * its memory is needed for another.
   * @param key   names everything that the session depends on: file, settings, what it runs on
   * @param bytes of its file
   * @throws what `load` throws; the next call tries again
   */
  borrow(key: string, bytes: number, load: () => Promise<OpenSession>): Promise<OpenSession>;
  /**
   * What was read or worked out under a key, kept in the same way; nobody changes it.
   * @param bytes of memory
   */
  share<T>(key: string, bytes: number, make: () => Promise<T>): Promise<T>;
  /** Estimate of what all that is kept takes of memory. */
  readonly bytes: number;
}

interface Kept {
  readonly bytes: number;
  readonly loading: Promise<unknown>;
  /** Undefined for what needs no release. */
  readonly release: (() => Promise<void>) | undefined;
  borrowers: number;
}

/**
 * Creates a cache. Its creator disposes it when nothing is lent any more.
 * @param limitBytes of memory, by estimate: whoever was used longest ago and is not lent goes before another is loaded.
 *   What is lent at the same time may exceed it
 */
export function createSessionCache(limitBytes: number): SessionCache {
  // In the order of their last use.
  const kept = new Map<string, Kept>();
  const total = (): number => [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  /** Whoever asks for room is counted already, and lent. */
  const makeRoom = async (): Promise<void> => {
    for (const [key, { borrowers, release }] of kept) {
      if (total() <= limitBytes) return;
      if (borrowers > 0) continue;
      kept.delete(key);
      await release?.();
    }
  };
  const keep = async <T>(
    key: string,
    bytes: number,
    load: () => Promise<T>,
    release?: (value: T) => Promise<void>,
  ): Promise<{ readonly value: T; readonly entry: Kept }> => {
    const known = kept.get(key);
    let begin = (): void => {};
    const loading = known?.loading ?? new Promise<void>((resolve) => (begin = resolve)).then(makeRoom).then(load);
    const entry = known ?? {
      bytes,
      loading,
      release: release && (async () => release((await loading) as T)),
      borrowers: 0,
    };
    kept.delete(key);
    kept.set(key, entry);
    entry.borrowers++;
    begin();
    try {
      return { value: (await loading) as T, entry };
    } catch (error) {
      entry.borrowers--;
      // Forgotten, so that the next one tries again.
      if (kept.get(key) === entry) kept.delete(key);
      throw error;
    }
  };

  return {
    get bytes() {
      return total();
    },
    async borrow(key, bytes, load) {
      const { value, entry } = await keep(key, bytes * MEMORY_OF_FILE, load, (session) => session.release());
      let isLent = true;
      return {
        ...value,
        async release() {
          if (isLent) entry.borrowers--;
          isLent = false;
        },
      };
    },
    async share(key, bytes, make) {
      const { value, entry } = await keep(key, bytes, make);
      // Garbage collection ends what is still in use.
      entry.borrowers--;
      return value;
    },
    async [Symbol.asyncDispose]() {
      const all = [...kept.values()];
      kept.clear();
      await Promise.all(all.map(({ release }) => release?.()));
    },
  };
}
