/** Looks at a video, and either does it whole or shares it among the workers. */
import { createProgressReport, reportPlan } from '../job-progress.ts';
import type { Task } from '../queue/queue.ts';
import { type TaskKind, taskId } from '../tasks.ts';
import { CHUNK_THREADS } from './chunk.ts';
import { type Execution, type JobHandler, type JobTask, NOTHING_TO_DO } from './execution.ts';
import { openStep } from './run-step.ts';
import { workWhole } from './whole.ts';
import { withTaskFolder } from './with-task-folder.ts';

/** How a video is shared. */
interface Shares {
  readonly chunks: number;
  readonly frames: number;
}

/** Doing it twice adds the same tasks, which are added once. */
export const doPlan: JobHandler = (execution, task) =>
  withTaskFolder(execution, task, async (folder) => {
    const { backend, logger } = execution;
    const { job, run } = task;
    const shares = await findShares(execution, task, folder.path);
    if (!shares) return workWhole(execution, task, folder);
    if (!(await reportPlan(backend, { job: job.id, run }, shares))) return NOTHING_TO_DO;
    const chunks = Array.from({ length: shares.chunks }, (_, chunk) => nextTask(task, 'chunk', chunk, { chunk }));
    await backend.queue.addFlow(chunks, nextTask(task, 'stitch', 0, { chunks: shares.chunks }));
    logger.info('a video is shared', { job: job.id, ...shares });
    return { outcome: 'planned', ...shares };
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
    const { kind, splittable, chunks, frames = 0, why } = found;
    if (kind === 'video' && splittable && chunks > 1) return { chunks, frames };
    logger.debug('a job is done in one go', { job: job.id, kind, chunks, why });
    return undefined;
  } finally {
    await progress.close();
  }
}

/** A task like the plan's, of another kind. */
function nextTask(
  { attempt: { task }, job, run }: JobTask,
  kind: TaskKind,
  number: number,
  more: Readonly<Record<string, number>>,
): Task {
  const payload = typeof task.payload === 'object' ? task.payload : {};
  return { ...task, id: taskId(job.id, run, kind, number), kind, cost: 1, payload: { ...payload, run, ...more } };
}
