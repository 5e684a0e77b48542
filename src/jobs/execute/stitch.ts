/** From the chunks of many workers to the published outputs. */
import { join } from 'node:path';
import { AppError, isAppError } from '../../core/errors.ts';
import { type LocalChunk, layOutChunks } from '../../media/chunk-transport.ts';
import { createProgressReport } from '../job-progress.ts';
import { CHUNK_THREADS } from './chunk.ts';
import type { Execution, JobHandler, JobTask } from './execution.ts';
import { addSeconds, finishJob } from './finish-job.ts';
import { chunksPrefix } from './keys.ts';
import { type MadeStep, openStep } from './run-step.ts';
import { type ChunkResult, chunkResultSchema, fetchChunk } from './stored-chunk.ts';
import { withTaskFolder } from './with-task-folder.ts';

/** Downloads at once. */
const AT_ONCE = 4;

export const doStitch: JobHandler = (execution, task) =>
  withTaskFolder(execution, task, async (folder) => {
    const { storage } = execution.backend;
    const { job } = task;
    const results = resultsOf(task);
    const made = await joinChunks(execution, task, results, folder.path).catch(async (error: unknown) => {
      // Made by workers that differ: kept chunks would let every retry fail as well.
      if (isAppError(error) && error.code === 'RESUME_MISMATCH') await storage.removePrefix(chunksPrefix(job.id));
      throw error;
    });
    const timings = results.reduce((sum, result) => addSeconds(sum, result.timings), {});
    return finishJob(execution, task, folder.path, [made], { timings });
  });

/** Of every chunk, in order. */
function resultsOf({ attempt, chunks }: JobTask): readonly ChunkResult[] {
  const results = attempt.before.map(({ value }) => chunkResultSchema.parse(value));
  if (results.length === chunks && results.every(({ chunk }, at) => chunk === at)) return results;
  throw new AppError('INTERNAL', `Expected the results of ${chunks} chunks, received ${results.length}.`);
}

/** The run finds all chunks made, joins them, and publishes what they become: marks and checks are where they always are. */
async function joinChunks(
  execution: Execution,
  task: JobTask,
  results: readonly ChunkResult[],
  folder: string,
): Promise<MadeStep> {
  const { backend, pool, logger } = execution;
  const { job, run, attempt } = task;
  const { signal } = attempt;
  const [step] = job.steps;
  if (!step) throw new AppError('INTERNAL', 'Expected a job with one step.');
  using opened = await openStep(execution, task, step, { index: 0, earlier: [], folder });
  const chunks: LocalChunk[] = [];
  const waiting = results.entries();
  const fetchAll = async (): Promise<void> => {
    for (const [at, result] of waiting) {
      chunks[at] = await fetchChunk(backend.storage, result, join(folder, 'chunks'), signal);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchAll));
  await layOutChunks(opened.outputPath, chunks);
  const progress = createProgressReport(backend, { job: job.id, run }, { kind: 'stitch' });
  try {
    const { onProgress } = progress;
    const options = { ...opened.options, executionThreadCount: CHUNK_THREADS };
    const result = await pool.run({ name: 'process', options }, { signal, onProgress, logger });
    // "Made by an earlier run" is what chunks are.
    const notes = result.notes.filter(({ code }) => code !== 'resumed');
    const { outputPath: path, targetPath, sourcePaths } = opened;
    return { result: { ...result, notes }, path, targetPath, sourcePaths };
  } finally {
    await progress.close();
  }
}
