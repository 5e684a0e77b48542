/** Of jobs that are the same work, one is kept for each key: whoever asks again is given it. */
import { z } from 'zod';
import type { Job } from './job.ts';
import { isExpired, readJob } from './job-documents.ts';
import type { Store } from './store/store.ts';

/** Kind of the documents that say which job has a key. Their ids are keys. */
const KEY_KIND = 'job-key';

const holderSchema = z.object({ job: z.string(), at: z.number() });

/** A key whose job is not there yet is being made by somebody else for so long, milliseconds; then nobody does any more. */
const MAKING_MILLISECONDS = 10_000;

export type KeyClaim =
  /** The job is there, and good for whoever asks. */
  | { readonly kind: 'done'; readonly job: Job }
  /** Make the job under this id. Somebody else may be about to do the same: the same id makes one of both. */
  | { readonly kind: 'make'; readonly id: string };

/**
 * Finds out who makes the job of a key.
 * @param id of the job that the caller would make
 * @param expiresAt when the key is forgotten at the latest, milliseconds since 1970; undefined: with its job
 */
export async function claimKey(
  store: Store,
  facts: {
    readonly key: string;
    readonly tenant: string;
    readonly id: string;
    readonly expiresAt?: number | undefined;
  },
  now: number,
): Promise<KeyClaim> {
  const { key, tenant, id, expiresAt } = facts;
  const holder = { state: 'held', value: { job: id, at: now }, expiresAt };
  if (await store.create(KEY_KIND, { id: key, tenant, ...holder })) return { kind: 'make', id };
  for (;;) {
    const document = await store.read(KEY_KIND, key);
    if (!document) {
      // Let go of in between.
      if (await store.create(KEY_KIND, { id: key, tenant, ...holder })) return { kind: 'make', id };
      continue;
    }
    const held = holderSchema.parse(document.value);
    const job = await readJob(store, held.job);
    if (job && isGood(job, now)) return { kind: 'done', job };
    if (!job && now - held.at < MAKING_MILLISECONDS) return { kind: 'make', id: held.job };
    const taken = await store.update(KEY_KIND, key, ({ value }) =>
      holderSchema.parse(value).job === held.job ? holder : undefined,
    );
    if (taken && holderSchema.parse(taken.value).job === id) return { kind: 'make', id };
  }
}

/** Forgets the key of a job that is removed, where it is still its own. */
export async function releaseKey(store: Store, { id, key }: Pick<Job, 'id' | 'key'>): Promise<void> {
  if (key === undefined) return;
  const document = await store.read(KEY_KIND, key);
  if (document && holderSchema.parse(document.value).job === id) await store.remove(KEY_KIND, key);
}

/** A part that was kept is not the work that was asked for. */
const isGood = (job: Job, now: number): boolean =>
  job.state !== 'failed' && job.state !== 'cancelled' && !job.partial && !isExpired(job, now);
