/** What tenants use, by day and key: for quotas, and for whoever writes bills. */
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { Store } from './store/store.ts';

/** What is counted, and parts of one that a counter can hold: they are whole numbers. */
const PARTS = {
  /** Jobs that were accepted. */
  jobs: 1,
  /** Of targets that were accepted. */
  videoSeconds: 1000,
  /** Of target photos. */
  megapixels: 1000,
  bytesUploaded: 1,
  /** Of outputs. */
  bytesStored: 1,
} as const;
export type UsageMetric = keyof typeof PARTS;
export type Usage = Readonly<Record<UsageMetric, number>>;
const METRICS = Object.keys(PARTS) as readonly UsageMetric[];

/** Whose usage it is. */
export interface UsageOwner {
  readonly tenant: string;
  /** Id of the key, as `owner` of a job or an upload. */
  readonly owner: string;
}

/** One key on one day. */
export interface DayUsage extends Usage {
  /** `2026-11-29`, by UTC. */
  readonly day: string;
  readonly owner: string;
}

/** Documents that say which counters there are. */
const DAY_KIND = 'usage-day';
const daySchema = z.object({ day: z.string(), owner: z.string() });

/** Days that are known to have their document, to spare the store: cleared when it has so many. */
const MOST_KNOWN = 10_000;
const PAGE = 1000;

export interface UsageCounter {
  /** @param at ISO time of the day to which it counts */
  count(owner: UsageOwner, at: string, amounts: Partial<Usage>): Promise<void>;
}

/** Counts; keep one for a store. */
export function createUsageCounter(store: Store): UsageCounter {
  const known = new Set<string>();
  return {
    async count({ tenant, owner }, at, amounts) {
      const day = at.slice(0, 10);
      const id = dayId(tenant, owner, day);
      if (!known.has(id)) {
        await store.create(DAY_KIND, { id, tenant, state: 'counted', value: { day, owner } });
        if (known.size >= MOST_KNOWN) known.clear();
        known.add(id);
      }
      await Promise.all(
        METRICS.flatMap((metric) => {
          const amount = Math.round((amounts[metric] ?? 0) * PARTS[metric]);
          return amount === 0 ? [] : [store.add(counterOf(id, metric), amount)];
        }),
      );
    },
  };
}

/**
 * Usage of a tenant, day by day and key by key, in no certain order; days without any are left out.
 * @param range first and last day, `2026-11-29`, both included
 * @throws REQUEST_INVALID for what are no days
 */
export async function readUsage(
  store: Store,
  tenant: string,
  range: { readonly from: string; readonly to: string },
): Promise<readonly DayUsage[]> {
  for (const day of [range.from, range.to]) {
    if (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))) continue;
    throw new AppError('REQUEST_INVALID', `Expected a day such as 2026-11-29, received ${day.slice(0, 40)}.`);
  }
  const found: DayUsage[] = [];
  let after: number | undefined;
  for (;;) {
    const page = await store.list(DAY_KIND, { tenant, limit: PAGE, newestFirst: true, after });
    const days = page.map(({ value }) => daySchema.parse(value));
    const wanted = days.filter(({ day }) => day >= range.from && day <= range.to);
    found.push(...(await Promise.all(wanted.map((one) => readDay(store, tenant, one)))));
    // Later days have later documents, but for clocks that go wrong: a page in which all are too early is the end.
    if (page.length < PAGE || days.every(({ day }) => day < range.from)) return found;
    after = page.at(-1)?.sequence;
  }
}

/** Sum of several. */
export const sumUsage = (parts: readonly Usage[]): Usage => ({
  jobs: sum(parts, 'jobs'),
  videoSeconds: sum(parts, 'videoSeconds'),
  megapixels: sum(parts, 'megapixels'),
  bytesUploaded: sum(parts, 'bytesUploaded'),
  bytesStored: sum(parts, 'bytesStored'),
});

const sum = (parts: readonly Usage[], metric: UsageMetric): number => parts.reduce((all, one) => all + one[metric], 0);

async function readDay(store: Store, tenant: string, { day, owner }: z.infer<typeof daySchema>): Promise<DayUsage> {
  const id = dayId(tenant, owner, day);
  const read = async (metric: UsageMetric): Promise<number> =>
    (await store.add(counterOf(id, metric), 0)) / PARTS[metric];
  const [jobs, videoSeconds, megapixels, bytesUploaded, bytesStored] = await Promise.all([
    read('jobs'),
    read('videoSeconds'),
    read('megapixels'),
    read('bytesUploaded'),
    read('bytesStored'),
  ]);
  return { day, owner, jobs, videoSeconds, megapixels, bytesUploaded, bytesStored };
}

const dayId = (tenant: string, owner: string, day: string): string =>
  [tenant, owner, day].map(encodeURIComponent).join('/');
const counterOf = (id: string, metric: UsageMetric): string => `usage:${metric}:${id}`;
