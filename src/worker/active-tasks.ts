/** The tasks that a worker has in hand, and a way to stop all of them. */
import { giveBack } from '../jobs/queue/failed-attempt.ts';
import type { Attempt, TaskHandler } from '../jobs/queue/queue.ts';
import type { WorkerDocument } from '../jobs/worker-document.ts';

export interface ActiveTasks {
  /** As others see them. */
  list(): WorkerDocument['tasks'];
  /** Gives tasks on to `handler`, and knows of them meanwhile. */
  readonly handler: TaskHandler;
  /** Stops what is in hand at the next frame: each is given back, and begun anew by another worker. */
  abort(): void;
}

/** @param onChange called whenever a task is begun or ended */
export function trackTasks(handler: TaskHandler, onChange: () => void): ActiveTasks {
  const active = new Map<Attempt, string>();
  const stopping = new AbortController();
  return {
    list: () =>
      [...active].map(
        ([
          {
            task: { id, kind, job },
          },
          since,
        ]) => ({ id, kind, job, since }),
      ),
    abort: () => stopping.abort('drain'),
    async handler(attempt) {
      active.set(attempt, new Date().toISOString());
      onChange();
      const signal = AbortSignal.any([attempt.signal, stopping.signal]);
      try {
        return await handler({ ...attempt, signal });
      } catch (error) {
        // Cancelled here does not mean that nobody wants it any more.
        if (stopping.signal.aborted && !attempt.signal.aborted) throw giveBack(error);
        throw error;
      } finally {
        active.delete(attempt);
        onChange();
      }
    },
  };
}
