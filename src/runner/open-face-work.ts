/** Decides which threads work on the faces of a video, and starts them. */
import { availableParallelism } from 'node:os';
import type { ResolvedProcessOptions } from '../core/options.ts';
import { defaultModelDirectory } from '../engine/inference/session.ts';
import type { Note } from '../engine/processors/processor.ts';
import { createFaceWork, type FaceWork } from '../trust/face-work.ts';
import { openFacePool } from './face-pool/face-pool.ts';
import type { RunEngine } from './open-engine.ts';
import type { UsedModel } from './process-result.ts';
import type { RunContext } from './run-context.ts';

/** More threads than faces of a usual frame have nothing to do; several chunks at once use more cores. */
const MOST_THREADS = 4;
/** Cores that decoding, following and encoding keep busy. */
const OTHER_CORES = 2;

/** The work with what a result says about it. The creator disposes it. */
export interface OpenFaceWork extends FaceWork, AsyncDisposable {
  /** What was noticed about the sources. */
  notes(): readonly Note[];
  /** Ends the threads, if any. @returns the models that they had loaded */
  close(): Promise<readonly UsedModel[]>;
}

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
): Promise<OpenFaceWork> {
  const threads = threadsForFaces(options.executionThreadCount);
  if (threads > 0) return openFacePool(threads, options, modelDirectory);
  const work = createFaceWork(await engine.createProcessorChains());
  return { ...work, notes: () => [], close: async () => [], async [Symbol.asyncDispose]() {} };
}
