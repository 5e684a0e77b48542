/** A request to the service, with the key. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** What a client is made with. */
export interface ClientOptions {
  /** Where the service is: `http://127.0.0.1:7861`. */
  readonly baseUrl: string;
  /** API key or token; none, or an empty one, on the machine of the service. */
  readonly key?: string | undefined;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** Waits, unless the signal fires. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** Milliseconds before try `number`, counted from 1: twice as long each time, and never the same for all. */
export const waitBefore = (number: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (number - 1)) * (0.5 + Math.random() / 2);
