/** What a run would take of memory at its peak, before anything of it is begun. */
import { availableParallelism } from 'node:os';
import { isAppError } from '../core/errors.ts';
import type { ResolvedProcessOptions } from '../core/options.ts';
import { PROCESSORS } from '../engine/processors/registry.ts';
import { checkModels } from './check-models.ts';
import { planMemory } from './memory-plan.ts';
import { planVideoMemory } from './plan-target.ts';
import { findProcessors, openVideoTarget } from './prepare-run.ts';

/** What is worked on: a photo by its upright size, a video by its file. */
export type EstimatedTarget =
  | { readonly kind: 'image'; readonly width: number; readonly height: number }
  | { readonly kind: 'video'; readonly path: string };

/**
 * @returns bytes of all processes together; of a run that its own limit forbids what it would need
 * @throws what is wrong with the options, the models or the file
 */
export async function estimateMemory(options: ResolvedProcessOptions, target: EstimatedTarget): Promise<number> {
  const added = await checkModels(options);
  const processors = findProcessors(options, PROCESSORS);
  try {
    if (target.kind === 'image') {
      return planMemory({ ...options, lite: false, systemMemoryLimit: 0 }, target, availableParallelism(), added.bytes)
        .estimateBytes;
    }
    const inputs = { options: { ...options, targetPath: target.path }, processors, added };
    return planVideoMemory(inputs, await openVideoTarget(inputs)).estimateBytes;
  } catch (error) {
    const needed = isAppError(error) && error.code === 'MEMORY_LIMIT' ? error.details?.neededBytes : undefined;
    if (typeof needed === 'number') return needed;
    throw error;
  }
}
