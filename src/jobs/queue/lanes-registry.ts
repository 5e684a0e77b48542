/**
 * Which lanes there are, and what each needs of a worker: documents of kind `lane`. Whoever queues a task writes its lane;
 * workers read all of them and take from those that they can serve.
 */
import { z } from 'zod';
import { requirementsSchema } from '../job.ts';
import type { Store } from '../store/store.ts';
import { COMMON_LANE, canServe, type LaneNeeds, laneOf, roundNeeds } from './lanes.ts';

const KIND = 'lane';
/** A lane that nobody has queued anything in for so long is forgotten; tasks do not wait as long. */
const KEPT_MS = 30 * 24 * 3600 * 1000;
/** A process writes a lane again after this, so that its end is moved on. */
const WRITTEN_AGAIN_MS = 3600 * 1000;
/** More lanes than one page are read page by page. */
const PAGE = 500;

/** When this process wrote which lane into which store. */
const written = new WeakMap<object, Map<string, number>>();

const laneSchema = z.object({ needs: requirementsSchema }).strict();

/**
 * To be called before a task is queued: no worker looks at a lane that is not known.
 * @returns the lane of the task
 * @throws STORE_FAILED
 */
export async function registerLane(store: Store, needs: LaneNeeds, now: number = Date.now()): Promise<string> {
  const lane = laneOf(needs);
  if (lane === COMMON_LANE) return lane;
  const mine = written.get(store) ?? new Map<string, number>();
  written.set(store, mine);
  if (now - (mine.get(lane) ?? 0) < WRITTEN_AGAIN_MS) return lane;
  const value = { needs: roundNeeds(needs) };
  const expiresAt = now + KEPT_MS;
  const isNew = await store.create(KIND, { id: lane, tenant: 'system', state: 'open', expiresAt, value });
  if (!isNew) await store.update(KIND, lane, () => ({ state: 'open', expiresAt, value }));
  mine.set(lane, now);
  return lane;
}

/** The lanes that a worker can serve, the common one among them. @throws STORE_FAILED */
export async function lanesFor(store: Store, worker: LaneNeeds): Promise<readonly string[]> {
  const lanes = [COMMON_LANE];
  let after: number | undefined;
  for (;;) {
    const page = await store.list(KIND, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const { id, value } of page) {
      if (canServe(worker, laneSchema.parse(value).needs)) lanes.push(id);
    }
    if (page.length < PAGE) return lanes;
    after = page.at(-1)?.sequence;
  }
}
