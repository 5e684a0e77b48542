/** How a video is cut into chunks, and what memory its run may take. */
import { availableParallelism } from 'node:os';
import { AppError } from '../core/errors.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import { indexFrames } from '../media/packet-index.ts';
import { type ChunkPlan, createChunkPlan } from '../trust/plan-chunks.ts';
import { type MemoryPlan, planMemory } from './memory-plan.ts';
import type { PreparedRun, VideoTarget } from './prepare-run.ts';

/** Whether threads can share the work face by face. */
export const onlyFaces = ({ processors }: Pick<PreparedRun, 'processors'>): boolean =>
  processors.every(({ kind }) => kind === 'face');

/** @throws MEMORY_LIMIT */
export function planVideoMemory(
  prepared: Pick<PreparedRun, 'options' | 'added' | 'processors'>,
  target: VideoTarget,
): MemoryPlan {
  const { options, added } = prepared;
  // A large model uses all cores by itself, and each thread would load it anew.
  const threads = onlyFaces(prepared) && added.ids.length === 0 ? options.executionThreadCount : 1;
  return planMemory({ ...options, executionThreadCount: threads }, target, availableParallelism(), added.bytes);
}

/** How many frames of the target a run works through, by its header: good enough for progress. */
export function expectedFrames({ info, startFrame, endFrame }: VideoTarget): number {
  return Math.max(1, Math.min(endFrame ?? info.frameCountEstimate, info.frameCountEstimate) - startFrame);
}

/** A target so short that a second chunk is out of the question is not read for its key frames. */
const ONE_CHUNK = 1.2;

/** Where a target is cut. */
export interface PlannedTarget {
  readonly plan: ChunkPlan;
  /** Frame before which the plan ends; undefined where nobody knows, so that it has no end. */
  readonly endFrame: number | undefined;
}

/**
 * Plans the chunks of a target, by its key frames where there will be several.
 * @throws OPTION_INVALID where `chunk` or the first frame is behind the last one
 */
export async function planTarget(
  options: ResolvedProcessOptions,
  target: VideoTarget,
  signal: AbortSignal | undefined,
): Promise<PlannedTarget> {
  const { info, startFrame, endFrame } = target;
  const { videoChunkSize: chunkSize, chunk, targetPath } = options;
  const isShort = info.frameCountStated && expectedFrames(target) < ONE_CHUNK * chunkSize;
  const { times, isKey } = isShort ? NO_INDEX : await indexFrames(targetPath, info, signal);
  const count = isShort ? info.frameCountEstimate : times.length;
  if (count > 0 && startFrame >= count) {
    throw new AppError('OPTION_INVALID', `Expected --trim-frame-start below ${count}, received ${startFrame}.`, {
      hint: `The target has ${count} frames, counted from 0.`,
      details: { option: 'trimFrameStart' },
    });
  }
  const known: { endFrame?: number; openEnd?: boolean } =
    count > 0 ? { endFrame: Math.min(endFrame ?? count, count), openEnd: endFrame === undefined } : {};
  const plan = createChunkPlan({ startFrame, endFrame, ...known, chunkSize, isKey });
  if (chunk !== undefined && !plan.chunk(chunk)) {
    let last = chunk - 1;
    while (last > 0 && !plan.chunk(last)) last--;
    throw new AppError('OPTION_INVALID', `Expected --chunk of at most ${last}, received ${chunk}.`, {
      hint: `The target has ${last + 1} chunks of about ${chunkSize} frames, counted from 0.`,
      details: { option: 'chunk' },
    });
  }
  return { plan, endFrame: known.endFrame ?? endFrame };
}

const NO_INDEX = { times: new Float64Array(0), isKey: new Uint8Array(0) };
