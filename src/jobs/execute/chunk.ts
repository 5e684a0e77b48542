/** One stretch of a video, for whoever joins all of them. */
import { AppError } from '../../core/errors.ts';
import { createProgressReport } from '../job-progress.ts';
import { type JobHandler, madeBy } from './execution.ts';
import { openStep } from './run-step.ts';
import { findStoredChunk, storeChunk } from './stored-chunk.ts';
import { withTaskFolder } from './with-task-folder.ts';

/**
 * The same for every chunk and for the stitch: what a chunk goes on from depends on the number of threads. Workers use
 * their cores by doing several tasks at once.
 */
export const CHUNK_THREADS = 1;

export const doChunk: JobHandler = (execution, task) =>
  withTaskFolder(execution, task, async (folder) => {
    const { backend, pool, logger, onMade } = execution;
    const { job, run, chunk, attempt } = task;
    const { signal } = attempt;
    const [step] = job.steps;
    if (!step || chunk === undefined) throw new AppError('INTERNAL', 'Expected a chunk of a job with one step.');
    const stored = await findStoredChunk(backend.storage, job.id, chunk);
    const progress = createProgressReport(backend, { job: job.id, run }, { kind: 'chunk', chunk });
    try {
      if (stored) {
        progress.onProgress({ type: 'progress', stage: 'process', done: stored.frames });
        return stored;
      }
      using opened = await openStep(execution, task, step, { index: 0, earlier: [], folder: folder.path });
      const result = await pool.run(
        { name: 'process', options: { ...opened.options, chunk, executionThreadCount: CHUNK_THREADS } },
        { signal, onProgress: progress.onProgress, logger },
      );
      const { frames, timing } = result;
      onMade?.(madeBy(step, result));
      return await storeChunk(backend.storage, task, opened.outputPath, {
        ...{ chunk, frames: frames.total, timings: { ...timing.stages } },
      });
    } finally {
      await progress.close();
    }
  });
