/** Streams of events that are not of one job. */
import type { Store } from './store/store.ts';

/** Streams of jobs begin with it. */
export const JOB_STREAM = 'job:';

/** Tells, and keeps nothing, how far a look is. */
export const lookStream = (look: string): string => `look:${look}`;

/** Tells, and keeps nothing, when the order of what waits or the pause has changed. */
export const QUEUE_STREAM = 'queue';

/** @param tenant whose jobs have another order; left out: it concerns all */
export const tellQueue = (store: Store, at: string, tenant?: string): Promise<void> =>
  store.publish(QUEUE_STREAM, { type: 'queue', at, ...(tenant === undefined ? {} : { tenant }) });
