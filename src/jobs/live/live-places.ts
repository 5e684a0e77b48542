/** Room for so many sessions. */
import { EventEmitter, once } from 'node:events';

/** Milliseconds that somebody waits for a place: the end of his own session before may be on its way by another line. */
const PATIENCE_MILLISECONDS = 1_000;

export interface TakenPlace {
  /** Says that it will soon be free: whoever asks meanwhile waits for it. */
  close(): void;
  /** Gives it back. Later calls do nothing. */
  leave(): void;
}

export interface LivePlaces {
  /** @returns undefined where none becomes free in time */
  take(): Promise<TakenPlace | undefined>;
}

/** @param most 1 and above */
export function createLivePlaces(most: number, patience: number = PATIENCE_MILLISECONDS): LivePlaces {
  const changes = new EventEmitter().setMaxListeners(0);
  const taken = new Set<TakenPlace>();
  const closing = new Set<TakenPlace>();
  return {
    async take() {
      const signal = AbortSignal.timeout(patience);
      while (taken.size >= most) {
        const isHopeless = closing.size === 0;
        if (isHopeless && signal.aborted) return undefined;
        // Those that close have a limit of their own.
        await once(changes, 'change', isHopeless ? { signal } : {}).catch(() => {});
      }
      const place: TakenPlace = {
        close() {
          if (taken.has(place)) closing.add(place);
          changes.emit('change');
        },
        leave() {
          taken.delete(place);
          closing.delete(place);
          changes.emit('change');
        },
      };
      taken.add(place);
      return place;
    },
  };
}
