/** How much is done at once: who comes first is served first, and whoever leaves does not hold others up. */
import { cancelled, throwIfAborted } from '../../core/abort.ts';
import { AppError } from '../../core/errors.ts';

export interface Slots {
  /** @throws OVERLOADED where too many wait; CANCELLED; what `work` throws */
  use<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createSlots(atOnce: number, mostWaiting: number): Slots {
  let free = atOnce;
  const waiting = new Set<() => void>();

  const take = async (signal: AbortSignal): Promise<void> => {
    throwIfAborted(signal);
    if (free > 0) {
      free--;
      return;
    }
    if (waiting.size >= mostWaiting) {
      throw new AppError('OVERLOADED', 'Too many pictures are being waited for.', { retryable: true });
    }
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(enter);
        reject(cancelled(signal));
      };
      const enter = (): void => {
        signal.removeEventListener('abort', leave);
        waiting.delete(enter);
        resolve();
      };
      signal.addEventListener('abort', leave, { once: true });
      waiting.add(enter);
    });
  };

  return {
    async use(work, signal) {
      await take(signal);
      try {
        return await work();
      } finally {
        const next = waiting.values().next();
        // The slot goes from hand to hand.
        if (next.done) free++;
        else next.value();
      }
    },
  };
}
