/**
 * Counts of requests in the memory of one process, for `@fastify/rate-limit`. Its own store gives all requests of one moment
 * the same object, so that each of them reads the count of the last.
 */
import type rateLimit from '@fastify/rate-limit';

/** Callers; the one that has not called for longest is forgotten first. */
const MOST_CALLERS = 20_000;

interface Count {
  readonly current: number;
  readonly endsAt: number;
}

type Store = rateLimit.FastifyRateLimitStore;
type Tell = Parameters<Store['incr']>[1];

export class MemoryCounts implements Store {
  readonly #counts = new Map<string, Count>();

  incr(key: string, tell: Tell, timeWindow: number): void {
    const now = Date.now();
    const known = this.#counts.get(key);
    const isOpen = known !== undefined && known.endsAt > now;
    const count = isOpen ? { ...known, current: known.current + 1 } : { current: 1, endsAt: now + timeWindow };
    this.#counts.delete(key);
    this.#counts.set(key, count);
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > MOST_CALLERS && !oldest.done) this.#counts.delete(oldest.value);
    tell(null, { current: count.current, ttl: count.endsAt - now });
  }

  child(): MemoryCounts {
    return new MemoryCounts();
  }
}
