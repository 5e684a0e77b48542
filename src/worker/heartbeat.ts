/** Keeps the document of a worker up to date. */
import type { Logger } from '../core/logger.ts';
import type { Store } from '../jobs/store/store.ts';
import { announceWorker, HEARTBEAT_MS, WORKER_KIND, type WorkerDocument } from '../jobs/worker-document.ts';

/** The creator disposes it: the document is removed then, so that nobody waits for its end. */
export interface Heartbeat extends AsyncDisposable {
  /** Says it anew at once; of several calls in a row the last counts. */
  beat(): void;
  /** When the store last took it, milliseconds since 1970. */
  readonly lastAt: number;
}

/**
 * @param describe asked before each beat
 * @throws STORE_FAILED where the first beat does not get through
 */
export async function startHeartbeat(store: Store, describe: () => WorkerDocument, logger: Logger): Promise<Heartbeat> {
  let lastAt = 0;
  let isBeating: Promise<void> | undefined;
  let isWanted = false;
  const say = async (): Promise<void> => {
    await announceWorker({ store }, describe());
    lastAt = Date.now();
  };
  const beat = (): void => {
    isWanted = true;
    isBeating ??= (async () => {
      while (isWanted) {
        isWanted = false;
        await say().catch((error: unknown) => {
          // The next beat tries again; without any the document expires, as it should.
          logger.warn('the heartbeat did not get through', { reason: String(error) });
        });
      }
      isBeating = undefined;
    })();
  };
  await say();
  const timer = setInterval(beat, HEARTBEAT_MS);
  return {
    beat,
    get lastAt() {
      return lastAt;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await isBeating;
      await store.remove(WORKER_KIND, describe().id).catch((error: unknown) => {
        logger.warn('the worker could not be signed off; it expires', { reason: String(error) });
      });
    },
  };
}
