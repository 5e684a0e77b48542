/** Brings what happens in the store to those who listen: one watch and one timer for any number of them. */
import type { Store, StoredEvent } from '../../jobs/store/store.ts';

/** Milliseconds between signs of life: below the 30 to 60 s after which proxies give a silent connection up. */
const BEAT_MILLISECONDS = 15_000;

export interface EventListener {
  onEvent(event: StoredEvent): void;
  onBeat(): void;
  /** The process stops. */
  onClose(): void;
}

/** The creator disposes it: everybody who listens is told. */
export interface EventHub extends Disposable {
  readonly size: number;
  /** @returns ends it */
  listen(stream: string, listener: EventListener): () => void;
}

/** @param store lent; watched as soon as somebody listens */
export function createEventHub(store: Pick<Store, 'watch'>, beatMilliseconds: number = BEAT_MILLISECONDS): EventHub {
  const streams = new Map<string, Set<EventListener>>();
  let size = 0;
  let stop: (() => void) | undefined;

  const all = (): EventListener[] => [...streams.values()].flatMap((listeners) => [...listeners]);

  const start = (): (() => void) => {
    const unwatch = store.watch((stream, event) => {
      for (const listener of streams.get(stream) ?? []) listener.onEvent(event);
    });
    const timer = setInterval(() => {
      for (const listener of all()) listener.onBeat();
    }, beatMilliseconds);
    timer.unref();
    return () => {
      unwatch();
      clearInterval(timer);
    };
  };

  return {
    get size() {
      return size;
    },
    listen(stream, listener) {
      stop ??= start();
      const listeners = streams.get(stream) ?? new Set();
      streams.set(stream, listeners.add(listener));
      size++;
      return () => {
        if (!listeners.delete(listener)) return;
        size--;
        if (listeners.size === 0) streams.delete(stream);
      };
    },
    [Symbol.dispose]() {
      for (const listener of all()) listener.onClose();
      stop?.();
      stop = undefined;
    },
  };
}
