/** Brings what happens to all jobs to their tenants: one watch, one timer and one look at each job for any number of pages. */
import { z } from 'zod';
import { isId } from '../../core/ids.ts';
import type { Logger } from '../../core/logger.ts';
import { JOB_KIND } from '../../jobs/job-documents.ts';
import { JOB_STREAM, QUEUE_STREAM } from '../../jobs/job-streams.ts';
import type { Store } from '../../jobs/store/store.ts';
import { type PublicJobEvent, parseJobEvent } from '../routes/job-event.ts';

/** Milliseconds between signs of life: below the 30 to 60 s after which proxies give a silent connection up. */
const BEAT_MILLISECONDS = 15_000;
/** Jobs whose tenants are remembered. */
const KNOWN_JOBS = 10_000;

/** What a page is told. `queue`: the order or the pause has changed. */
export type TenantEvent =
  | ((PublicJobEvent | { readonly type: 'removed'; readonly at: string }) & { readonly job: string })
  | { readonly type: 'queue'; readonly at: string };

export interface TenantListener {
  onEvent(event: TenantEvent): void;
  onBeat(): void;
  /** The process stops. */
  onClose(): void;
}

/** The creator disposes it: everybody who listens is told. */
export interface TenantFeed extends Disposable {
  readonly size: number;
  /** @returns ends it */
  listen(tenant: string, listener: TenantListener): () => void;
}

const removedSchema = z.object({ type: z.literal('removed'), tenant: z.string(), at: z.string() });
/** Without a tenant: of all. */
const queueSchema = z.object({ type: z.literal('queue'), tenant: z.string().optional(), at: z.string() });

/** @param store lent; watched as soon as somebody listens */
export function createTenantFeed(store: Pick<Store, 'watch' | 'read'>, logger: Logger): TenantFeed {
  const tenants = new Map<string, Set<TenantListener>>();
  const tenantsOfJobs = new Map<string, Promise<string | undefined>>();
  let size = 0;
  let stop: (() => void) | undefined;

  const all = (): TenantListener[] => [...tenants.values()].flatMap((listeners) => [...listeners]);

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

  const tell = (tenant: string | undefined, event: TenantEvent): void => {
    const listeners = tenant === undefined ? all() : (tenants.get(tenant) ?? []);
    for (const listener of listeners) listener.onEvent(event);
  };

  const hear = async (stream: string, value: unknown): Promise<void> => {
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

  const start = (): (() => void) => {
    const unwatch = store.watch((stream, { value }) => {
      // Every minute is looked for what got lost.
      hear(stream, value).catch((error: unknown) => logger.debug?.('an event was lost', { reason: String(error) }));
    });
    const timer = setInterval(() => {
      for (const listener of all()) listener.onBeat();
    }, BEAT_MILLISECONDS);
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
    listen(tenant, listener) {
      stop ??= start();
      const listeners = tenants.get(tenant) ?? new Set();
      tenants.set(tenant, listeners.add(listener));
      size++;
      return () => {
        if (!listeners.delete(listener)) return;
        size--;
        if (listeners.size === 0) tenants.delete(tenant);
      };
    },
    [Symbol.dispose]() {
      for (const listener of all()) listener.onClose();
      stop?.();
      stop = undefined;
    },
  };
}
