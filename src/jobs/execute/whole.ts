/** A job from its inputs to its outputs, on this worker. */
import { createProgressReport } from '../job-progress.ts';
import type { Execution, JobHandler, JobTask } from './execution.ts';
import { finishJob } from './finish-job.ts';
import { type MadeStep, runStep } from './run-step.ts';
import type { TaskFolder } from './scratch.ts';
import { withTaskFolder } from './with-task-folder.ts';

export const doWhole: JobHandler = (execution, task) =>
  withTaskFolder(execution, task, (folder) => workWhole(execution, task, folder));

/** The same in a folder that is there already. */
export async function workWhole(execution: Execution, task: JobTask, folder: TaskFolder): Promise<unknown> {
  const { attempt, job, run } = task;
  const { kind } = attempt.task;
  const progress = createProgressReport(
    execution.backend,
    { job: job.id, run },
    { kind: kind === 'plan' ? 'plan' : 'whole' },
  );
  const made: MadeStep[] = [];
  try {
    for (const [index, step] of job.steps.entries()) {
      const earlier = made.map(({ path }) => path);
      const { onProgress } = progress;
      made.push(await runStep(execution, task, step, { index, earlier, folder: folder.path, onProgress }));
    }
  } finally {
    await progress.close();
  }
  return finishJob(execution, task, folder.path, made);
}
