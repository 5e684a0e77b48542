/** Looks after a job that nothing has been heard of: it is given to the workers again, or ended with its reason. */
import { AppError, type AppErrorJson } from '../core/errors.ts';
import type { Backend } from './backend.ts';
import type { Job } from './job.ts';
import { reportFailed } from './job-progress.ts';
import { enqueueJob, firstKind } from './job-tasks.ts';
import type { TaskEnd } from './queue/queue.ts';
import { jobPayloadSchema, taskId } from './tasks.ts';

/** A job that was not heard of for so long is looked after. */
export const SILENT_MILLISECONDS = 30_000;

/** Ends the job of a task that failed for good. What is no task of a job, or of an earlier run, is left alone. */
export async function failJobOf(backend: Backend, end: Extract<TaskEnd, { outcome: 'failed' }>): Promise<void> {
  const payload = jobPayloadSchema.safeParse(end.task.payload);
  if (!payload.success) return;
  await failJob(backend, end.task.job, payload.data.run, end.error);
}

async function failJob(backend: Backend, job: string, run: number, error: AppErrorJson): Promise<void> {
  // What else there is of it need not be done any more.
  if (await reportFailed(backend, { job, run }, error)) await backend.queue.cancel(job);
}

/** @param job queued or running */
export async function checkOpenJob(backend: Backend, job: Job, now: number): Promise<void> {
  if (now - Date.parse(job.updatedAt) < SILENT_MILLISECONDS) return;
  const { queue, isShared } = backend;
  const kind = firstKind(job, isShared);
  const first = await queue.ended(taskId(job.id, job.runs, kind));
  if (!first) {
    // It waits, is being worked on, or was lost: then this brings it back.
    await enqueueJob(backend, job);
    return;
  }
  // Chunks and what joins them were added at once: while the last has not ended, they are there.
  const end = kind === 'plan' && job.plan ? await queue.ended(taskId(job.id, job.runs, 'stitch')) : first;
  if (!end) return;
  await failJob(backend, job.id, job.runs, end.outcome === 'failed' ? end.error : LOST_RESULT);
}

const LOST_RESULT = new AppError('INTERNAL', 'The work was done, but nobody could say what came of it.', {
  hint: 'Retry the job.',
  retryable: true,
}).toJSON();
