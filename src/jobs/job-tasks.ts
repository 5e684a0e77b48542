/** The first task of a job, made anew from its document whenever it is needed: adding it twice adds it once. */
import type { Backend } from './backend.ts';
import type { Job } from './job.ts';
import { laneOf } from './queue/lanes.ts';
import { registerLane } from './queue/lanes-registry.ts';
import type { Task } from './queue/queue.ts';
import { type TaskKind, taskId } from './tasks.ts';

/** Kind of the task with which a run of a job begins. */
export const firstKind = ({ work }: Pick<Job, 'work'>, isShared: boolean): TaskKind =>
  isShared && work?.kind === 'video' ? 'plan' : 'whole';

/** @param trace W3C trace context, where traces are on */
export function firstTask(job: Job, isShared: boolean, trace?: string): Task {
  const kind = firstKind(job, isShared);
  return {
    id: taskId(job.id, job.runs, kind),
    kind,
    job: job.id,
    tenant: job.tenant,
    priority: job.priority,
    // A plan only looks at the video: its chunks count by themselves.
    cost: kind === 'plan' ? 1 : (job.work?.chunks ?? 1),
    lane: laneOf(job.requires),
    payload: { run: job.runs, ...(trace === undefined ? {} : { trace }) },
  };
}

/** Gives a job that is queued to the workers; one that they have already stays as it is. */
export async function enqueueJob(
  { store, queue, isShared }: Pick<Backend, 'store' | 'queue' | 'isShared'>,
  job: Job,
  trace?: string,
): Promise<void> {
  await registerLane(store, job.requires);
  await queue.add([firstTask(job, isShared, trace)]);
}
