import type { Logger } from '../core/logger.ts';
import type { LaneNeeds } from '../jobs/queue/lanes.ts';
import { lanesFor } from '../jobs/queue/lanes-registry.ts';
import type { Store } from '../jobs/store/store.ts';

/** How often a worker looks for lanes that are new. */
const LOOK_MS = 2000;

/** The creator disposes it. */
export interface ServedLanes extends AsyncDisposable {
  /** That the worker can serve, as they were known last. */
  readonly names: readonly string[];
}

/** Keeps to the lanes that a worker can serve. @throws STORE_FAILED where they cannot be read the first time */
export async function watchLanes(
  store: Store,
  worker: LaneNeeds,
  onChange: () => void,
  logger: Logger,
): Promise<ServedLanes> {
  let names = await lanesFor(store, worker);
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      const found = await lanesFor(store, worker);
      const isSame = found.join() === names.join();
      names = found;
      if (!isSame) onChange();
    } catch (error) {
      // The lanes that were known go on to be served.
      logger.warn('the lanes could not be read', { reason: String(error) });
    }
  };
  const timer = setInterval(() => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }, LOOK_MS);
  return {
    get names() {
      return names;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looking;
    },
  };
}
