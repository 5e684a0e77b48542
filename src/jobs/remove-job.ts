import type { Backend } from './backend.ts';
import { type Job, type JobEvent, jobStream } from './job.ts';
import { JOB_KIND } from './job-documents.ts';
import { releaseKey } from './reuse-job.ts';

/** Everything of a job in the storage begins with this. */
export const jobPrefix = (job: string): string => `jobs/${job}/`;

/** Removes a job that has ended, with all that it has made. What was removed halfway is removed by the next call. */
export async function removeJob({ store, storage }: Pick<Backend, 'store' | 'storage'>, job: Job): Promise<void> {
  // First what would give the job to somebody else, last what says that there is something to remove.
  await releaseKey(store, job);
  await storage.removePrefix(jobPrefix(job.id));
  const event: JobEvent = { type: 'removed', tenant: job.tenant, at: new Date().toISOString() };
  await store.publish(jobStream(job.id), event);
  await store.removeEvents(jobStream(job.id));
  await store.remove(JOB_KIND, job.id);
}
