/** Keeps new work away while too much is waiting. */
import { AppError } from '../core/errors.ts';
import type { Queue } from './queue/queue.ts';

/** For how long a count is good, milliseconds. */
const GOOD_FOR = 1000;
/** Seconds after which to come back, at least and at most. */
const LEAST_WAIT = 2;
const MOST_WAIT = 120;

/**
 * @param mostWaiting tasks that may wait, over all lanes
 * @returns counts a task that is about to be added; throws OVERLOADED with `details.retryAfterSeconds` where it is one too
 *   many
 */
export function createWaitingLimit(queue: Pick<Queue, 'stats'>, mostWaiting: number): () => Promise<void> {
  let count: Promise<number> | undefined;
  let countedAt = Number.NEGATIVE_INFINITY;
  let addedSince = 0;
  const countNow = async (): Promise<number> => {
    const lanes = await queue.stats();
    return lanes.reduce((sum, { waiting }) => sum + waiting, 0);
  };
  return async () => {
    if (!count || performance.now() - countedAt >= GOOD_FOR) {
      countedAt = performance.now();
      addedSince = 0;
      const fresh = countNow();
      count = fresh;
      fresh.catch(() => {
        if (count === fresh) count = undefined;
      });
    }
    const waiting = (await count) + addedSince;
    if (waiting >= mostWaiting) throw overloaded(waiting, mostWaiting);
    addedSince++;
  };
}

/** The longer the queue, the later. */
function overloaded(waiting: number, mostWaiting: number): AppError {
  const retryAfterSeconds = Math.min(MOST_WAIT, Math.max(LEAST_WAIT, Math.ceil((10 * waiting) / mostWaiting)));
  return new AppError('OVERLOADED', `${waiting} tasks are waiting, and ${mostWaiting} may.`, {
    hint: `Try again in ${retryAfterSeconds} s.`,
    details: { retryAfterSeconds, waiting, mostWaiting },
    retryable: true,
  });
}
