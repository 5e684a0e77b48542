import { cancelled } from '../core/abort.ts';
import type { Queue, TaskEnd } from './queue/queue.ts';

/** Between two times the queue is asked, in case that its word was missed: milliseconds. */
const ASK_AGAIN = 2000;

export interface WaitOptions {
  /** Rejects with CANCELLED. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMilliseconds: number;
}

/**
 * Waits for a task that is about to be added. Disposing it ends the waiting.
 * @returns what resolves to its end, or to `timeout`; rejects with CANCELLED
 */
export function waitForEnd(
  queue: Pick<Queue, 'watchEnds' | 'ended'>,
  task: string,
  { signal, timeoutMilliseconds }: WaitOptions,
): { readonly promise: Promise<TaskEnd | 'timeout'> } & Disposable {
  let stop = (): void => {};
  const promise = new Promise<TaskEnd | 'timeout'>((resolve, reject) => {
    const stopHearing = queue.watchEnds((end) => {
      if (end.task.id === task) resolve(end);
    });
    const timeout = setTimeout(() => resolve('timeout'), timeoutMilliseconds);
    const asking = setInterval(() => {
      queue.ended(task).then(
        (end) => end && resolve(end),
        // It may come back; if not, time runs out.
        () => undefined,
      );
    }, ASK_AGAIN);
    const abort = (): void => {
      if (signal) reject(cancelled(signal));
    };
    signal?.addEventListener('abort', abort, { once: true });
    stop = () => {
      stopHearing();
      clearTimeout(timeout);
      clearInterval(asking);
      signal?.removeEventListener('abort', abort);
    };
  });
  // Whoever never gets to wait for it is told by the error that kept him from it.
  promise.catch(() => undefined);
  return { promise, [Symbol.dispose]: () => stop() };
}
