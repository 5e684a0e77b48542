/** Temporary files of all workers: whoever runs the service asks, and each worker removes what it can do without. */
import { z } from 'zod';
import { newId } from '../core/ids.ts';
import type { Backend } from './backend.ts';
import type { Store } from './store/store.ts';
import { listWorkers } from './worker-document.ts';

/** Tells, and keeps nothing: what is asked of workers, and what they answer. */
const STREAM = 'temporary-files';
/** A worker that has not answered by then is busy, or gone. */
const PATIENCE_MS = 5_000;

const askedSchema = z.object({ type: z.literal('clear'), request: z.string() });
const answeredSchema = z.object({
  ...{ type: z.literal('cleared'), request: z.string(), worker: z.string() },
  freedBytes: z.number(),
});

export interface ClearedFiles {
  readonly freedBytes: number;
  /** Workers that have answered. */
  readonly workers: number;
}

/** Asks every worker, and waits until all have answered, 5 s at most. @throws STORE_FAILED */
export async function clearTemporaryFiles(backend: Pick<Backend, 'store'>): Promise<ClearedFiles> {
  const { store } = backend;
  const request = newId('clear');
  const waiting = new Set((await listWorkers(backend)).map(({ id }) => id));
  const cleared = { freedBytes: 0, workers: 0 };
  if (waiting.size === 0) return cleared;
  let stop = (): void => {};
  const all = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    const unwatch = store.watch((stream, { value }) => {
      const answer = stream === STREAM ? answeredSchema.safeParse(value) : undefined;
      if (!answer?.success || answer.data.request !== request || !waiting.delete(answer.data.worker)) return;
      cleared.freedBytes += answer.data.freedBytes;
      cleared.workers++;
      if (waiting.size === 0) resolve();
    });
    stop = () => {
      clearTimeout(timer);
      unwatch();
    };
  });
  try {
    await store.publish(STREAM, { type: 'clear', request });
    await all;
  } finally {
    stop();
  }
  return cleared;
}

/**
 * Answers for one worker.
 * @param clear removes what it can do without, and gives the bytes that were freed; must not throw
 * @returns ends it
 */
export function answerClearing(
  store: Pick<Store, 'watch' | 'publish'>,
  worker: string,
  clear: () => Promise<number>,
): () => void {
  return store.watch((stream, { value }) => {
    const asked = stream === STREAM ? askedSchema.safeParse(value) : undefined;
    if (!asked?.success) return;
    const { request } = asked.data;
    // Whoever asked does without the answer where the store is gone.
    void clear()
      .then((freedBytes) => store.publish(STREAM, { type: 'cleared', request, worker, freedBytes }))
      .catch(() => undefined);
  });
}
