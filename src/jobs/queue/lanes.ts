/** Lanes: tasks that need the same of a worker wait together, so that each worker is only given what it can run. */
import { createHash } from 'node:crypto';

/** What a worker must have. */
export interface LaneNeeds {
  /** Execution providers beside `cpu`. */
  readonly providers: readonly string[];
  /** Models beside those that every copy brings. */
  readonly models: readonly string[];
  readonly memoryBytes: number;
}

/** What a worker has. */
export interface WorkerAbilities extends LaneNeeds {
  /** Id of the installation whose keys it marks and signs with. */
  readonly installation: string;
}

/** Memory is rounded up to this, so that lanes stay few. */
const MEMORY_STEP = 512 * 1024 ** 2;

/** Every worker can do this lane. */
export const COMMON_LANE = 'common';

/**
 * Lanes of answers that somebody waits for begin with this. They have hands of their own where a worker can spare some, and
 * go on while the queue is paused.
 */
const LOOK_LANE = 'look-';

export const goesOnWhilePaused = (lane: string): boolean => lane.startsWith(LOOK_LANE);

/** The lane for answers with the same needs. */
export const lookLane = (lane: string): string => `${LOOK_LANE}${lane}`;

/** Needs, with memory in steps. */
export const roundNeeds = ({ providers, models, memoryBytes }: LaneNeeds): LaneNeeds => ({
  providers: [...new Set(providers)].sort(),
  models: [...new Set(models)].sort(),
  memoryBytes: Math.ceil(memoryBytes / MEMORY_STEP) * MEMORY_STEP,
});

/** Name of the lane: letters and digits. Needs that are alike give the same. */
export function laneOf(needs: LaneNeeds): string {
  const { providers, models, memoryBytes } = roundNeeds(needs);
  if (providers.length + models.length === 0 && memoryBytes === 0) return COMMON_LANE;
  return createHash('sha256')
    .update(JSON.stringify([providers, models, memoryBytes]))
    .digest('hex')
    .slice(0, 16);
}

export function canServe(worker: LaneNeeds, needs: LaneNeeds): boolean {
  return (
    needs.providers.every((provider) => worker.providers.includes(provider)) &&
    needs.models.every((model) => worker.models.includes(model)) &&
    needs.memoryBytes <= worker.memoryBytes
  );
}
