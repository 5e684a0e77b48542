/** Brings what happens to all jobs to their tenants: one watch and one look at each job for any number of pages. */
import { z } from 'zod';
import { isId } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import { JOB_KIND } from '../../jobs/job-documents.ts';
import { JOB_STREAM, QUEUE_STREAM } from '../../jobs/job-streams.ts';
import type { Store } from '../../jobs/store/store.ts';
import { type PublicJobEvent, parseJobEvent } from '../routes/job-event.ts';
import { createEventHub, type EventHub } from './event-hub.ts';

/** Jobs whose tenants are remembered. */
const KNOWN_JOBS = 10_000;

/** What a page is told. `queue`: the order or the pause has changed. */
export type TenantEvent =
  | ((PublicJobEvent | { readonly type: 'removed'; readonly at: string }) & { readonly job: string })
  | { readonly type: 'queue'; readonly at: string };

/** By tenant. */
export type TenantFeed = EventHub<TenantEvent>;

const removedSchema = z.object({ type: z.literal('removed'), tenant: z.string(), at: z.string() });
/** Without a tenant: of all. */
const queueSchema = z.object({ type: z.literal('queue'), tenant: z.string().optional(), at: z.string() });

type Tell = (tenant: string | undefined, event: TenantEvent) => void;

/** @param store lent; watched as soon as somebody listens */
export function createTenantFeed(store: Pick<Store, 'watch' | 'read'>, logger: Logger): TenantFeed {
  const tenantsOfJobs = new Map<string, Promise<string | undefined>>();

  const tenantOf = (job: string): Promise<string | undefined> => {
    const known = tenantsOfJobs.get(job);
    if (known !== undefined) return known;
    const tenant = store.read(JOB_KIND, job).then((document) => document?.tenant);
    tenantsOfJobs.set(job, tenant);
    const forget = (): void => void tenantsOfJobs.delete(job);
    // What is not there yet may be in a moment.
    tenant.then((found) => (found === undefined ? forget() : undefined), forget);
    const [oldest] = tenantsOfJobs.keys();
    if (tenantsOfJobs.size > KNOWN_JOBS && oldest !== undefined) tenantsOfJobs.delete(oldest);
    return tenant;
  };

  const hear = async (stream: string, value: unknown, tell: Tell): Promise<void> => {
    if (stream === QUEUE_STREAM) {
      const { success, data } = queueSchema.safeParse(value);
      if (success) tell(data.tenant, { type: 'queue', at: data.at });
      return;
    }
    const job = stream.startsWith(JOB_STREAM) ? stream.slice(JOB_STREAM.length) : '';
    // Jobs of the command line have names.
    if (!isId('job', job)) return;
    const removed = removedSchema.safeParse(value);
    if (removed.success) return tell(removed.data.tenant, { type: 'removed', at: removed.data.at, job });
    const event = parseJobEvent(value);
    if (event?.type !== 'state' && event?.type !== 'progress') return;
    tell((await tenantOf(job)) ?? '', { ...event, job });
  };

  return createEventHub((tell) =>
    store.watch((stream, { value }) => {
      // Every minute is looked for what got lost.
      hear(stream, value, tell).catch((error: unknown) => {
        logger.debug?.('an event was lost', { reason: String(error) });
      });
    }),
  );
}
