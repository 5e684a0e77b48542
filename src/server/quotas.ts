/** How much of something a caller may use in a day, by UTC. Counted apart from usage, and given back where nothing came of it. */
import { AppError } from '../core/errors.ts';
import type { Store } from '../jobs/store/store.ts';
import type { Caller, Limits } from './auth/caller.ts';

export interface Spending {
  readonly jobs?: number | undefined;
  /** Minutes of video. */
  readonly minutes?: number | undefined;
  /** Bytes uploaded. */
  readonly bytes?: number | undefined;
}

const LIMIT_OF = { jobs: 'jobsPerDay', minutes: 'minutesPerDay', bytes: 'bytesPerDay' } as const satisfies Record<
  keyof Spending,
  keyof Limits
>;
const METRICS = ['jobs', 'minutes', 'bytes'] as const satisfies readonly (keyof Spending)[];

/** Counters are whole numbers: minutes are counted in thousandths. */
const PARTS = { jobs: 1, minutes: 1000, bytes: 1 } as const;
const DAY_MS = 86_400_000;

/**
 * Spends what a caller has, all of it or nothing. Callers without limits cost nothing.
 * @returns gives it back, for a request that failed or created nothing new
 * @throws QUOTA_EXCEEDED with what is left
 */
export async function spendQuota(
  store: Store,
  { limits, tenant, owner }: Pick<Caller, 'limits' | 'tenant' | 'owner'>,
  spending: Spending,
  now: number = Date.now(),
): Promise<() => Promise<void>> {
  const spent: (() => Promise<unknown>)[] = [];
  const giveBack = async (): Promise<void> => {
    await Promise.all(spent.splice(0).map((undo) => undo()));
  };
  const day = new Date(now).toISOString().slice(0, 10);
  for (const metric of METRICS) {
    const amount = Math.ceil((spending[metric] ?? 0) * PARTS[metric]);
    const limit = limits[LIMIT_OF[metric]];
    if (limit === undefined || amount === 0) continue;
    const counter = ['quota', metric, tenant, owner, day].map(encodeURIComponent).join(':');
    const total = await store.add(counter, amount);
    spent.push(() => store.add(counter, -amount));
    if (total <= limit * PARTS[metric]) continue;
    await giveBack();
    const left = Math.max(0, limit - (total - amount) / PARTS[metric]);
    throw new AppError(
      'QUOTA_EXCEEDED',
      `Expected at most ${limit} ${metric} a day, of which ${left} are left; this needs ${amount / PARTS[metric]}.`,
      {
        hint: 'The day ends at midnight, UTC.',
        details: { metric, limit, left, retryAfterSeconds: Math.ceil((DAY_MS - (now % DAY_MS)) / 1000) },
      },
    );
  }
  return giveBack;
}
