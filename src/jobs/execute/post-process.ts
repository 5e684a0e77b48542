/** What becomes of a run's output before it is published: post-processing, as a task of the runner. */
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sidecarOf } from '../../trust/credentials/credential-formats.ts';
import type { Job } from '../job.ts';
import { createProgressReport } from '../job-progress.ts';
import type { Execution, JobTask } from './execution.ts';
import type { MadeStep } from './run-step.ts';
import type { MadeOutput } from './upload-outputs.ts';

/** Files to publish, the main one first, and what the user should know of them. */
export interface Processed {
  readonly files: readonly MadeOutput[];
  readonly notes: Job['notes'];
}

const NOT_FOR_COPIES = {
  code: 'post-left-out',
  message: 'The output is an unchanged copy of the target: it was not post-processed.',
} as const;

/**
 * @param name of the output, which the main file gets where post-processing does not name it anew
 * @throws what the runner's task `post` throws
 */
export async function postProcess(
  { backend, pool, logger }: Execution,
  { job, run, attempt }: JobTask,
  { result, path, targetPath }: MadeStep,
  name: string,
  folder: string,
): Promise<Processed> {
  const { width, height } = result;
  const main: MadeOutput = { name, role: 'main', path, width, height };
  const isCopy = result.outcome === 'copied';
  if (job.post.length === 0 || isCopy) {
    const notes = job.post.length > 0 && isCopy ? [NOT_FOR_COPIES] : [];
    return { files: [main, ...(await credentialsBeside(name, path))], notes };
  }
  const outputFolder = join(folder, 'post');
  // Of an attempt that did not get to its end.
  await rm(outputFolder, { recursive: true, force: true });
  await mkdir(outputFolder, { mode: 0o700 });
  const hasTarget = (await stat(targetPath).catch(() => undefined)) !== undefined;
  const progress = createProgressReport(backend, { job: job.id, run }, { kind: 'stitch' });
  const { signal } = attempt;
  const { onProgress } = progress;
  try {
    const { outputs, notes } = await pool.run(
      { name: 'post', steps: [...job.post], mainPath: path, outputFolder, ...(hasTarget ? { targetPath } : {}) },
      { signal, onProgress, logger },
    );
    return {
      files: outputs.map(({ contentType: _, bytes: __, sha256: ___, ...file }) => ({
        ...file,
        // The path has a cleaned name; the one that was asked for is the job's.
        name: file.role === 'main' && file.name === basename(path) ? name : file.name,
      })),
      notes: notes.map(({ code, message, hint }) => ({ code, message, ...(hint === undefined ? {} : { hint }) })),
    };
  } finally {
    await progress.close();
  }
}

/** Of formats that cannot carry their own. */
async function credentialsBeside(name: string, path: string): Promise<readonly MadeOutput[]> {
  const beside = sidecarOf(path);
  const isThere = (await stat(beside).catch(() => undefined)) !== undefined;
  return isThere ? [{ name: sidecarOf(name), role: 'credentials', path: beside }] : [];
}
