/** Work that several wait for is done once, and ends when nobody waits any more. */
import { setMaxListeners } from 'node:events';
import { cancelled, throwIfAborted } from '../../core/abort.ts';

interface Running<T> {
  readonly done: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

export interface SharedWork<T> {
  /**
   * @param key  the same work has the same
   * @param work is told by its signal that nobody waits any more
   * @throws CANCELLED for whoever left; what `work` throws
   */
  do(key: string, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createSharedWork<T>(): SharedWork<T> {
  const running = new Map<string, Running<T>>();

  const start = (key: string, work: (signal: AbortSignal) => Promise<T>): Running<T> => {
    const controller = new AbortController();
    // One for each piece of the work that waits.
    setMaxListeners(0, controller.signal);
    const done = work(controller.signal).finally(() => {
      if (running.get(key) === made) running.delete(key);
    });
    const made: Running<T> = { done, controller, waiting: 0 };
    // Whoever waits hears of it.
    done.catch(() => {});
    running.set(key, made);
    return made;
  };

  return {
    async do(key, work, signal) {
      throwIfAborted(signal);
      const shared = running.get(key) ?? start(key, work);
      shared.waiting++;
      let leave = (): void => {};
      const left = new Promise<never>((_, reject) => {
        leave = () => reject(cancelled(signal));
        signal.addEventListener('abort', leave, { once: true });
      });
      try {
        return await Promise.race([shared.done, left]);
      } finally {
        signal.removeEventListener('abort', leave);
        if (--shared.waiting === 0 && signal.aborted) {
          running.delete(key);
          shared.controller.abort(signal.reason);
        }
      }
    },
  };
}
