/** Measures a share of the outputs after they were published, so that a drop in quality is seen. */
import type { Execution, JobTask } from './execution.ts';
import type { MadeStep } from './run-step.ts';

/** Costs time, and never the output: what fails is only logged. Outputs without a face of a source are left out. */
export async function sampleQuality(
  { pool, logger, samples }: Execution,
  { job, attempt }: JobTask,
  { result, path, targetPath, sourcePaths }: MadeStep,
): Promise<void> {
  if (!samples || (samples.draw ?? Math.random)() >= samples.share) return;
  if (result.outcome !== 'completed' || sourcePaths.length === 0) return;
  try {
    const request = { name: 'evaluate', sourcePaths, targetPath, resultPath: path } as const;
    const { measures } = await pool.run(request, { signal: attempt.signal, logger });
    for (const [name, measure] of Object.entries(measures)) samples.onMeasure(name, measure.value);
  } catch (error) {
    // Of another size than the target, or trimmed: such outputs cannot be compared frame by frame.
    logger.info('an output was not measured', { job: job.id, reason: error instanceof Error ? error.message : '' });
  }
}
