/** How often and for how long a model ran: what metrics and results say of it. */
import type { OpenSession } from './open-session.ts';

export interface Spent {
  /** Runs that ended, well or not. */
  readonly runs: number;
  /** Wall-clock time in them. */
  readonly seconds: number;
}

/** The same session, with its runs counted for one store: a session may be lent to several. */
export function countRuns(session: OpenSession): { readonly session: OpenSession; readonly spent: () => Spent } {
  let runs = 0;
  let milliseconds = 0;
  return {
    session: {
      ...session,
      async run(feeds) {
        const start = performance.now();
        try {
          return await session.run(feeds);
        } finally {
          runs++;
          milliseconds += performance.now() - start;
        }
      },
    },
    spent: () => ({ runs, seconds: milliseconds / 1000 }),
  };
}
