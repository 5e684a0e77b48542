/** Remembers how long a run took, for estimates of those to come. */
import { parseProcessOptions } from '../../core/options.ts';
import type { ProcessResult } from '../../runner/process-result.ts';
import type { Execution, JobTask } from '../execute/execution.ts';
import { speedKey } from './speed-key.ts';
import { rememberRun } from './speeds.ts';

/**
 * Only of runs that were done in one go: what goes on after a break says nothing of the whole. What fails is no fault of the
 * run.
 * @param options of the run, with paths
 * @param seconds from its order to its end
 */
export async function learnSpeed(
  { backend, logger }: Pick<Execution, 'backend' | 'logger'>,
  { job, attempt }: Pick<JobTask, 'job' | 'attempt'>,
  options: Readonly<Record<string, unknown>>,
  result: ProcessResult,
  seconds: number,
): Promise<void> {
  if (attempt.number > 1 || job.runs > 1 || result.outcome !== 'completed') return;
  try {
    const { map, ...rest } = parseProcessOptions(options);
    const { kind, frames, width, height, timing } = result;
    const frameSeconds =
      timing.framesPerSecond === undefined ? timing.totalSeconds : frames.total / timing.framesPerSecond;
    const run = {
      frames: frames.total,
      megapixels: (width * height) / 1e6,
      frameSeconds,
      otherSeconds: Math.max(0, seconds - frameSeconds),
    };
    const key = speedKey({ map, ...rest }, kind, map.length > 0, frames.total);
    await rememberRun(backend.store, key, run, Date.now());
  } catch (error) {
    logger.debug('the speed of a run was not kept', { job: job.id, reason: String(error) });
  }
}
