/** Looks at a video, and either does it whole or shares it among the workers. */
import { createProgressReport, reportPlan } from '../job-progress.ts';
import { canServe, type LaneNeeds } from '../queue/lanes.ts';
import { registerLane } from '../queue/lanes-registry.ts';
import type { Task } from '../queue/queue.ts';
import { type TaskKind, taskId } from '../tasks.ts';
import { listWorkers } from '../worker-document.ts';
import { CHUNK_THREADS } from './chunk.ts';
import { type Execution, type JobHandler, type JobTask, NOTHING_TO_DO } from './execution.ts';
import { openStep } from './run-step.ts';
import { findStoredChunk } from './stored-chunk.ts';
import { workWhole } from './whole.ts';
import { withTaskFolder } from './with-task-folder.ts';

/** How a video is shared. */
interface Shares {
  readonly chunks: number;
  readonly frames: number;
  /** Of a worker that makes one of them. */
  readonly needs: LaneNeeds;
}

/** Doing it twice adds the same tasks, which are added once. */
export const doPlan: JobHandler = (execution, task) =>
  withTaskFolder(execution, task, async (folder) => {
    const { backend, logger } = execution;
    const { job, run } = task;
    const shares = job.partial ? await findKept(execution, task) : await findShares(execution, task, folder.path);
    if (!shares) return workWhole(execution, task, folder);
    const { chunks: count, frames } = shares;
    if (!(await reportPlan(backend, { job: job.id, run }, { chunks: count, frames }))) return NOTHING_TO_DO;
    const lane = await findLane(execution, task, shares.needs);
    const chunks = Array.from({ length: count }, (_, chunk) => nextTask(task, lane, 'chunk', chunk, { chunk }));
    await backend.queue.addFlow(chunks, nextTask(task, lane, 'stitch', 0, { chunks: count }));
    logger.info('a video is shared', { job: job.id, chunks: count, frames });
    return { outcome: 'planned', chunks: count, frames };
  });

/** @returns undefined where the job is better done in one go */
async function findShares(execution: Execution, task: JobTask, folder: string): Promise<Shares | undefined> {
  const { backend, pool, logger } = execution;
  const { job, run, attempt } = task;
  const [step, ...others] = job.steps;
  if (!step || others.length > 0) return undefined;
  const progress = createProgressReport(backend, { job: job.id, run }, { kind: 'plan' });
  try {
    using opened = await openStep(execution, task, step, { index: 0, earlier: [], folder });
    const options = { ...opened.options, executionThreadCount: CHUNK_THREADS };
    const { signal } = attempt;
    const { onProgress } = progress;
    const found = await pool.run({ name: 'chunks', options }, { signal, onProgress, logger });
    const { kind, splittable, chunks, frames = 0, why, requires: needs } = found;
    if (kind === 'video' && splittable && chunks > 1) return { chunks, frames, needs };
    logger.debug('a job is done in one go', { job: job.id, kind, chunks, why });
    return undefined;
  } finally {
    await progress.close();
  }
}

/** Chunks that an earlier run has stored, from the first on; their tasks find them made. */
async function findKept({ backend: { storage } }: Execution, { job }: JobTask): Promise<Shares | undefined> {
  let frames = 0;
  for (let chunks = 0; ; chunks++) {
    const stored = await findStoredChunk(storage, job.id, chunks);
    if (!stored) return chunks === 0 ? undefined : { chunks, frames, needs: job.requires };
    frames += stored.frames;
  }
}

/**
 * What a run takes is known by now: chunks go to those who have it. Where nobody does, those who can do the rest try, since
 * the memory is an estimate.
 */
async function findLane({ backend, logger }: Execution, { attempt, job }: JobTask, needs: LaneNeeds): Promise<string> {
  const workers = await listWorkers(backend);
  if (workers.some((worker) => canServe(worker, needs))) return registerLane(backend.store, needs);
  logger.warn('no worker has what a video is expected to need', { job: job.id, memoryBytes: needs.memoryBytes });
  return attempt.task.lane;
}

/** A task like the plan's, of another kind. */
function nextTask(
  { attempt: { task }, job, run }: JobTask,
  lane: string,
  kind: TaskKind,
  number: number,
  more: Readonly<Record<string, number>>,
): Task {
  const payload = typeof task.payload === 'object' ? task.payload : {};
  return { ...task, id: taskId(job.id, run, kind, number), kind, lane, cost: 1, payload: { ...payload, run, ...more } };
}
