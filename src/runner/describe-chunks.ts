/** How a run could be shared among machines: nothing is written, and no model is loaded. */
import { availableParallelism } from 'node:os';
import type { ResolvedProcessOptions } from '../core/options.ts';
import { PROCESSORS } from '../engine/processors/registry.ts';
import { readImage } from '../media/read-image.ts';
import type { ChunkPlan } from '../trust/plan-chunks.ts';
import { planMemory } from './memory-plan.ts';
import { planTarget, planVideoMemory } from './plan-target.ts';
import { looksForFaces, type PreparedRun, prepareRun, type VideoTarget } from './prepare-run.ts';
import type { RunContext } from './run-context.ts';

/** What a machine must have for the run, or for a part of it. */
export interface RunNeeds {
  /** Execution providers beside `cpu`. */
  readonly providers: readonly string[];
  /** Models beside those of every copy. */
  readonly models: readonly string[];
  /** Estimate of the peak of all processes of the run. */
  readonly memoryBytes: number;
}

export interface ChunksOfRun {
  readonly kind: 'image' | 'video';
  /** How many `chunk` may name; 1 where the run is not to be shared. */
  readonly chunks: number;
  /** Of the trimmed target; absent where nobody knows without decoding it. */
  readonly frames?: number;
  /** Whether each chunk can be made by a run of its own, with what the whole run would give but for the frames around borders. */
  readonly splittable: boolean;
  /** Why not. */
  readonly why?: string;
  readonly requires: RunNeeds;
}

/**
 * Makes every check of a run that costs little, and says in how many chunks it may be made. A `chunk` among the options
 * counts for nothing.
 * @param options `ProcessOptions`, unparsed. Machines that share a run give the same `executionThreadCount`, since chunks
 *   of runs with another number of threads do not fit
 * @throws what `process` throws before it loads a model
 */
export async function describeChunks(options: unknown, { signal }: Pick<RunContext, 'signal'>): Promise<ChunksOfRun> {
  const given = await prepareRun(options, PROCESSORS);
  const prepared: PreparedRun = { ...given, options: { ...given.options, chunk: undefined } };
  const { target, added } = prepared;
  const needs = (memoryBytes: number): RunNeeds => ({
    providers: prepared.options.executionProviders.filter((id) => id !== 'cpu'),
    models: added.ids,
    memoryBytes: Math.ceil(memoryBytes),
  });
  const { targetPath } = prepared.options;
  if (target.kind === 'image') {
    const { image } = await readImage(targetPath);
    const subject = { kind: 'image', width: image.width, height: image.height } as const;
    const { estimateBytes } = planMemory(withoutLimit(prepared.options), subject, availableParallelism(), added.bytes);
    const why = 'A photo is one picture.';
    return { kind: 'image', chunks: 1, frames: 1, splittable: false, why, requires: needs(estimateBytes) };
  }
  const requires = needs(planVideoMemory(prepared, target).estimateBytes);
  const { plan, endFrame } = await planTarget(prepared.options, target, signal);
  const frames = endFrame === undefined ? {} : { frames: endFrame - target.startFrame };
  const why = reasonAgainst(prepared, target) ?? (endFrame === undefined ? UNKNOWN_LENGTH : undefined);
  if (why !== undefined) return { kind: 'video', chunks: 1, ...frames, splittable: false, why, requires };
  return { kind: 'video', chunks: countChunks(plan), ...frames, splittable: true, requires };
}

/** A photo is worked on whatever it takes. */
const withoutLimit = (options: ResolvedProcessOptions): ResolvedProcessOptions => ({
  ...options,
  lite: false,
  systemMemoryLimit: 0,
});

const UNKNOWN_LENGTH = 'Nobody knows how many frames the target has before it has been decoded.';

/** Why a run that makes one chunk would do other, or far more, work than its part of the whole. */
function reasonAgainst(prepared: PreparedRun, { info, output }: VideoTarget): string | undefined {
  const { map, faceSelectorMode, onNoFace } = prepared.options;
  if (map.length > 0) return 'Who is who is found out from the whole video, which each chunk would look through again.';
  if (faceSelectorMode === 'one' && looksForFaces(prepared)) {
    return 'Mode one works on whoever comes first, which only a run from the beginning knows.';
  }
  if (onNoFace === 'copy' && faceSelectorMode === 'reference' && looksForFaces(prepared)) {
    return 'Where the reference frame shows no face the target is copied, which no chunk may do.';
  }
  if (info.container === 'images')
    return 'Photos of an image sequence are told apart by name and time, which are not the same everywhere.';
  if (output.container === 'images') return 'An image sequence is written into one folder.';
  return undefined;
}

function countChunks(plan: ChunkPlan): number {
  let count = 0;
  while (plan.chunk(count)) count++;
  return count;
}
