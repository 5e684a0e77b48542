/** Deliveries between several senders: each is taken by one, and what came of it is noted by that one only. */
import { z } from 'zod';
import { JOB_KIND, parseJob } from '../job-documents.ts';
import type { Store, StoredDocument } from '../store/store.ts';
import {
  CALLBACK_KIND,
  type CallbackAttempt,
  type Delivery,
  expiryOf,
  parseDelivery,
  queueCallback,
} from './delivery.ts';
import type { nextTry } from './next-try.ts';

const PAGE = 500;
/** Milliseconds since the end of a job between which its callback may have been missed. */
const MISSED_AFTER = 10_000;
const MISSED_BEFORE = 3_600_000;
/** Jobs that were made last, that are looked at for it. */
const MISSED_PAGE = 200;

/** What of a delivery says when and where it goes: there may be many. */
const dueSchema = z.object({
  url: z.string(),
  nextAt: z.number(),
  lease: z.object({ until: z.number() }).optional(),
});

export interface WaitingDelivery {
  readonly id: string;
  readonly url: string;
  /** Milliseconds since 1970 from which on it may be taken. */
  readonly dueAt: number;
}

/** All that wait, oldest first. */
export async function* waitingDeliveries(store: Store): AsyncGenerator<WaitingDelivery> {
  for (let after: number | undefined; ; ) {
    const page = await store.list(CALLBACK_KIND, { states: ['waiting'], limit: PAGE, after });
    for (const { id, value } of page) {
      const { url, nextAt, lease } = dueSchema.parse(value);
      yield { id, url, dueAt: Math.max(nextAt, lease?.until ?? 0) };
    }
    if (page.length < PAGE) return;
    after = page.at(-1)?.sequence;
  }
}

/**
 * Takes a delivery that is due.
 * @param until milliseconds since 1970 from which on others may take it
 * @returns it, where it is ours now
 */
export async function claimDelivery(
  store: Store,
  id: string,
  { token, now, until }: { readonly token: string; readonly now: number; readonly until: number },
): Promise<StoredDocument | undefined> {
  let isOurs = false;
  const document = await store.update(CALLBACK_KIND, id, (current) => {
    const delivery = parseDelivery(current);
    isOurs = current.state === 'waiting' && delivery.nextAt <= now && (delivery.lease?.until ?? 0) <= now;
    return isOurs ? { state: 'waiting', value: { ...delivery, lease: { token, until } } } : undefined;
  });
  return isOurs ? document : undefined;
}

/** Notes what came of a try; nothing where the delivery is somebody else's by now. */
export async function noteTry(
  store: Store,
  id: string,
  token: string,
  attempt: CallbackAttempt,
  { state, waitMilliseconds }: ReturnType<typeof nextTry>,
): Promise<void> {
  const now = Date.parse(attempt.at);
  await store.update(CALLBACK_KIND, id, (current) => {
    const { lease, ...known } = parseDelivery(current);
    if (lease?.token !== token) return undefined;
    const attempts = [...known.attempts, attempt];
    const value: Delivery = { ...known, attempts, tries: known.tries + 1, nextAt: now + waitMilliseconds };
    const expiresAt = expiryOf(state, now);
    return { state, value, ...(expiresAt === undefined ? {} : { expiresAt }) };
  });
}

/** Whoever ended a job may have been killed before he could put its callback into the list. */
export async function queueMissed(store: Store, now: number): Promise<void> {
  const states = ['completed', 'failed', 'cancelled'];
  const last = await store.list(JOB_KIND, { states, limit: MISSED_PAGE, newestFirst: true });
  for (const job of last.map(parseJob)) {
    const age = job.endedAt === undefined ? 0 : now - Date.parse(job.endedAt);
    if (job.callback !== undefined && age >= MISSED_AFTER && age < MISSED_BEFORE) await queueCallback(store, job, now);
  }
}
