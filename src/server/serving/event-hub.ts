/** Brings what happens in the store to those who listen: one watch and one timer for any number of them. */

/** Milliseconds between signs of life: below the 30 to 60 s after which proxies give a silent connection up. */
export const BEAT_MILLISECONDS = 15_000;

export interface EventListener<Event> {
  onEvent(event: Event): void;
  onBeat(): void;
  /** The process stops. */
  onClose(): void;
}

/** The creator disposes it: everybody who listens is told. */
export interface EventHub<Event> extends Disposable {
  readonly size: number;
  /** @returns ends it */
  listen(subject: string, listener: EventListener<Event>): () => void;
}

/**
 * @param watch called as soon as somebody listens; tells what happens to a subject, or to all where it names none, until
 *   what it returns is called
 */
export function createEventHub<Event>(
  watch: (tell: (subject: string | undefined, event: Event) => void) => () => void,
  beatMilliseconds: number = BEAT_MILLISECONDS,
): EventHub<Event> {
  const subjects = new Map<string, Set<EventListener<Event>>>();
  let size = 0;
  let stop: (() => void) | undefined;

  const all = (): EventListener<Event>[] => [...subjects.values()].flatMap((listeners) => [...listeners]);

  const start = (): (() => void) => {
    const unwatch = watch((subject, event) => {
      const listeners = subject === undefined ? all() : (subjects.get(subject) ?? []);
      for (const listener of listeners) listener.onEvent(event);
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
    listen(subject, listener) {
      stop ??= start();
      const listeners = subjects.get(subject) ?? new Set();
      subjects.set(subject, listeners.add(listener));
      size++;
      return () => {
        if (!listeners.delete(listener)) return;
        size--;
        if (listeners.size === 0) subjects.delete(subject);
      };
    },
    [Symbol.dispose]() {
      for (const listener of all()) listener.onClose();
      stop?.();
      stop = undefined;
    },
  };
}
