import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Execution, JobTask } from './execution.ts';
import type { TaskFolder } from './scratch.ts';
import { toTaskError } from './task-error.ts';

/**
 * Works in a folder of the task's own. What the next attempt, or a retry of the job, can go on from stays, where scratch is
 * kept.
 * @throws what `work` throws, as it leaves the worker
 */
export async function withTaskFolder<T>(
  { scratch }: Pick<Execution, 'scratch'>,
  { job, attempt }: Pick<JobTask, 'job' | 'attempt'>,
  work: (folder: TaskFolder) => Promise<T>,
): Promise<T> {
  await using folder = await scratch.openTask(job.id, attempt.token);
  try {
    return await work(folder);
  } catch (thrown) {
    const error = toTaskError(thrown, folder.path);
    if (error.retryable || (await hasChunks(folder.path))) folder.keep();
    throw error;
  }
}

/** Whether a run has left whole chunks. */
async function hasChunks(folder: string): Promise<boolean> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('out-')) continue;
    if ((await readdir(join(folder, name))).some((entry) => entry.endsWith('.chunks'))) return true;
  }
  return false;
}
