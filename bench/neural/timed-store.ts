/** A store whose sessions say how long they computed. */
import type { ModelStore } from '../../src/engine/inference/session.ts';

export interface TimedStore extends ModelStore {
  /** Milliseconds and runs since the last `reset`, by model. */
  readonly spent: ReadonlyMap<string, { readonly milliseconds: number; readonly runs: number }>;
  reset(): void;
}

/** Sessions are those of `store`, which stays its creator's. */
export function timedStore(store: ModelStore): TimedStore {
  const spent = new Map<string, { milliseconds: number; runs: number }>();
  return {
    ...store,
    spent,
    reset: () => spent.clear(),
    async session(id) {
      const session = await store.session(id);
      return {
        ...session,
        async run(feeds) {
          const start = performance.now();
          const results = await session.run(feeds);
          const entry = spent.get(id) ?? { milliseconds: 0, runs: 0 };
          spent.set(id, entry);
          entry.milliseconds += performance.now() - start;
          entry.runs++;
          return results;
        },
      };
    },
    async [Symbol.asyncDispose]() {},
  };
}
