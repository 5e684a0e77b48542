/** Decides which threads work on the faces of a video, and starts them. */
import { availableParallelism } from 'node:os';
import type { ResolvedProcessOptions } from '../core/options.ts';
import { defaultModelDirectory } from '../engine/inference/session.ts';
import { createFaceWork } from '../trust/face-work.ts';
import type { StageClock } from '../trust/stage-clock.ts';
import { type OpenFaceWork, openFacePool } from './face-pool/face-pool.ts';
import type { RunEngine } from './open-engine.ts';
import type { RunContext } from './run-context.ts';

/** More threads than faces of a usual frame have nothing to do; several chunks at once use more cores. */
const MOST_THREADS = 4;
/** Cores that decoding, following and encoding keep busy. */
const OTHER_CORES = 2;

/**
 * Threads beside the one that reads, follows and encodes.
 * @param threadCount the option: all threads of the run; absent: one where there are two cores, and more on more
 */
export const threadsForFaces = (threadCount: number | undefined, cores: number = availableParallelism()): number =>
  threadCount === undefined ? Math.max(0, Math.min(MOST_THREADS, cores - OTHER_CORES)) : threadCount - 1;

/** @throws what opening models, sources and processors throws */
export async function openFaceWork(
  engine: RunEngine,
  options: ResolvedProcessOptions,
  { modelDirectory = defaultModelDirectory() }: RunContext,
  clock: StageClock,
  threads: number,
): Promise<OpenFaceWork> {
  if (threads > 0) return openFacePool(threads, options, modelDirectory);
  const work = createFaceWork(await engine.createProcessorChains(), clock);
  return Object.assign(work, { notes: () => [], close: async () => [], async [Symbol.asyncDispose]() {} });
}
