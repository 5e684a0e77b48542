/** The work of `facefusion batch-run`. */
import { AppError, EXIT, toAppError } from '../../core/errors.ts';
import type { LocalJobs } from '../../jobs/local-jobs.ts';
import type { CommonValues, Session } from '../session.ts';
import { expandBatch } from './expand-batch.ts';
import { type JobsValues, withJobs } from './open-jobs.ts';
import { runContext } from './run-context.ts';
import { showBatch } from './show-jobs.ts';

interface BatchValues extends CommonValues, JobsValues {
  readonly sourcePattern?: string;
  readonly targetPattern?: string;
  readonly outputPattern?: string;
  readonly haltOnError?: boolean;
}

/**
 * Makes a job of each run, all of them before the first begins, and runs them in order.
 * @param options of every run, without paths
 */
export async function runBatch(
  session: Session,
  values: BatchValues,
  options: Readonly<Record<string, unknown>>,
): Promise<void> {
  const terminal = session.open('batch-run', values);
  const { sourcePattern, targetPattern, outputPattern, haltOnError = false } = values;
  if (targetPattern === undefined || outputPattern === undefined) {
    const missing = targetPattern === undefined ? '--target-pattern' : '--output-pattern';
    throw new AppError('OPTION_MISSING', `Expected ${missing}, received nothing.`);
  }
  const runs = await expandBatch({ sourcePattern, targetPattern, outputPattern });
  const result = await withJobs(values, async (jobs) => {
    const ids = await draft(jobs, runs, options);
    const done = [];
    const failed = [];
    for (const [at, id] of ids.entries()) {
      terminal.say(`Run ${at + 1} of ${ids.length}: ${runs[at]?.target}`);
      try {
        done.push(await session.withKill((kill) => jobs.run(id, runContext(session, kill))));
      } catch (thrown) {
        const error = toAppError(thrown);
        if (error.code === 'CANCELLED') throw error;
        failed.push({ job: id, error });
        if (haltOnError) break;
      }
    }
    return { done, failed };
  });
  showBatch(terminal, 'batch-run', result);
  if (result.failed.length > 0) session.endWith(EXIT.partialBatch);
}

/** Mistakes in the options of any run are found before the first begins. */
async function draft(
  jobs: LocalJobs,
  runs: Awaited<ReturnType<typeof expandBatch>>,
  options: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[T:]/g, '-');
  const ids: string[] = [];
  try {
    for (const [index, { source, target, output }] of runs.entries()) {
      const id = `batch-${stamp}-${process.pid}-${index}`;
      await jobs.createJob(id);
      ids.push(id);
      const sourcePaths = source === undefined ? [] : [source];
      await jobs.addStep(id, { ...options, sourcePaths, targetPath: target, outputPath: output });
      await jobs.submit(id);
    }
    return ids;
  } catch (error) {
    for (const id of ids) await jobs.delete(id);
    throw error;
  }
}
