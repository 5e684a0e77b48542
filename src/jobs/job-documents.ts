/** Jobs as documents of the store, and what their streams say of each change. */
import { AppError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import { queueCallback } from './callbacks/delivery.ts';
import { type Job, type JobEvent, jobSchema, jobStream } from './job.ts';
import { changeJob, type JobChange } from './job-states.ts';
import type { Store, StoredDocument } from './store/store.ts';

/** Kind of their documents. */
export const JOB_KIND = 'job';
/** The same of jobs of the command line, whose ids their owner chooses. */
export const LOCAL_JOB_KIND = 'local-job';
export type JobKind = typeof JOB_KIND | typeof LOCAL_JOB_KIND;

/** @throws STORE_FAILED for what is no job: written by another version, or by hand */
export function parseJob(document: StoredDocument): Job {
  const parsed = jobSchema.safeParse(document.value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('STORE_FAILED', `The store holds a job ${document.id} that cannot be read.`, {
    hint: 'It was written by another version, or changed by hand. Remove it, or use that version.',
    details: { job: document.id, at: issue?.path.join('.'), problem: issue?.message },
    cause: parsed.error,
  });
}

/** @returns false where there is a job of this id already */
export const createJobDocument = (store: Store, job: Job, kind: JobKind = JOB_KIND): Promise<boolean> =>
  store.create(kind, { id: job.id, tenant: job.tenant, state: job.state, value: job });

/** @returns undefined where there is none */
export async function readJob(store: Store, id: string, kind: JobKind = JOB_KIND): Promise<Job | undefined> {
  const document = await store.read(kind, id);
  return document && parseJob(document);
}

/**
 * A job of a tenant.
 * @throws JOB_NOT_FOUND also for those of others, and for what has expired
 */
export async function jobOf(store: Store, tenant: string, id: string, now: number = Date.now()): Promise<Job> {
  const job = isId('job', id) ? await readJob(store, id) : undefined;
  if (!job || job.tenant !== tenant || isExpired(job, now)) throw noJob(id);
  return job;
}

export const noJob = (id: string): AppError =>
  new AppError('JOB_NOT_FOUND', `There is no job ${id.slice(0, 64)}.`, {
    hint: 'It may have been removed, or have expired.',
  });

/** Whether its time to be kept is over. One that has not ended never expires. */
export const isExpired = ({ endedAt, expiresAt }: Job, now: number): boolean =>
  endedAt !== undefined && expiresAt !== undefined && Date.parse(expiresAt) <= now;

export interface StoredChange {
  /** As it is now; undefined where there is none. */
  readonly job: Job | undefined;
  /** Whether this call has changed it. */
  readonly isChanged: boolean;
}

/**
 * Changes what a job holds, and nothing of where it stands; see `storeChange` for that.
 * @param edit returns undefined to leave it as it is; may be called again with a newer one
 */
export async function editJob(
  store: Store,
  id: string,
  edit: (job: Job) => Job | undefined,
  kind: JobKind = JOB_KIND,
): Promise<StoredChange> {
  let isChanged = false;
  const document = await store.update(kind, id, (current) => {
    const job = edit(parseJob(current));
    isChanged = job !== undefined;
    return job && { state: job.state, value: job };
  });
  return { job: document && parseJob(document), isChanged };
}

/** Lets something happen to a job, and tells its stream. Of several that end a job, the first one wins. */
export async function storeChange(
  store: Store,
  id: string,
  change: JobChange,
  at: number,
  kind: JobKind = JOB_KIND,
): Promise<StoredChange> {
  const result = await editJob(store, id, (job) => changeJob(job, change, at), kind);
  if (result.isChanged && result.job) {
    // The job has ended, whatever becomes of this: senders find callbacks that are missing.
    await queueCallback(store, result.job, at).catch(() => false);
    await tellState(store, result.job);
  }
  return result;
}

/** Appends the state that a job has come to. */
export async function tellState(store: Store, job: Job): Promise<void> {
  const event: JobEvent = {
    type: 'state',
    state: job.state,
    at: job.updatedAt,
    ...(job.error === undefined ? {} : { error: job.error }),
  };
  await store.append(jobStream(job.id), event);
}
