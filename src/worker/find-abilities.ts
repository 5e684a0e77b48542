/** What this machine can run, found out before a worker takes its first task. */
import { createHash } from 'node:crypto';
import { hostname, totalmem } from 'node:os';
import { AppError } from '../core/errors.ts';
import { EXECUTION_PROVIDERS, type ExecutionProviderId } from '../core/execution-providers.ts';
import { readUserModels, userModelFolder } from '../engine/models/user-models.ts';
import { isForPlatform } from '../engine/providers/provider.ts';
import { PROVIDERS } from '../engine/providers/registry.ts';
import type { WorkerAbilities } from '../jobs/queue/lanes.ts';
import { type TrialOutcome, tryAllInChild } from '../runner/providers/trial-child.ts';

/** Not for the models: for this process, its page cache and ffmpeg's own. */
const RESERVED_BYTES = 512 * 1024 ** 2;
/** Below this not even a small video can be worked on; `--lite` needs two gigabytes. */
const LEAST_BYTES = 1e9;

type TryProviders = (ids: readonly ExecutionProviderId[]) => Promise<ReadonlyMap<ExecutionProviderId, TrialOutcome>>;

export interface AbilityOptions {
  /** Tasks at once: they share the memory. */
  readonly concurrency: number;
  /** For all tasks together; by default what the container or the machine has, less a reserve. */
  readonly memoryBytes?: number | undefined;
  readonly modelFolder?: string | undefined;
  /** Default: in a process of their own. */
  readonly tryProviders?: TryProviders | undefined;
}

/**
 * @throws MEMORY_LIMIT where a task would get too little to begin with; MODEL_CORRUPT for a list of models that is damaged
 */
export async function findAbilities(
  installation: string,
  { concurrency, memoryBytes, modelFolder, tryProviders = (ids) => tryAllInChild(ids, 0) }: AbilityOptions,
): Promise<WorkerAbilities> {
  const total = memoryBytes ?? availableBytes() - RESERVED_BYTES;
  const each = Math.floor(total / concurrency);
  if (each < LEAST_BYTES) {
    throw new AppError('MEMORY_LIMIT', `Expected at least 1 GB for each task, received ${gigabytes(each)} GB.`, {
      hint: 'Lower --concurrency, or raise --memory-limit.',
      details: { concurrency, memoryBytes: total },
    });
  }
  const models = await readUserModels(userModelFolder(modelFolder));
  return {
    installation,
    providers: await workingProviders(tryProviders),
    models: models.map(({ id }) => id).sort(),
    memoryBytes: each,
  };
}

async function workingProviders(tryProviders: TryProviders): Promise<string[]> {
  const candidates = EXECUTION_PROVIDERS.filter((id) => id !== 'cpu' && isForPlatform(PROVIDERS[id]));
  const outcomes = await tryProviders(candidates);
  return candidates.filter((id) => outcomes.get(id)?.works);
}

/** Containers may have less than the machine. */
function availableBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem();
}

const gigabytes = (bytes: number): string => (Math.max(0, bytes) / 1e9).toFixed(1);

/** Tells machines apart and names none. */
export const hostHash = (): string => createHash('sha256').update(`host ${hostname()}`).digest('hex').slice(0, 12);
