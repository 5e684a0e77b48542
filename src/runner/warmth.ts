/** What a runner that makes many runs keeps from one to the next. Whatever decides on a run is read anew for each. */
import { createSessionCache } from '../engine/inference/session-cache.ts';
import type { RunContext } from './run-context.ts';

/** Estimate of what models may take while nothing goes on: all of this copy and a pair of large ones. */
const MODEL_BYTES = 1.5e9;

/** Lent to each run as a part of its context. */
export type Warmth = Required<Pick<RunContext, 'sessions'>>;

/** Lives as long as the process. */
export const createWarmth = (): Warmth => ({ sessions: createSessionCache(MODEL_BYTES) });
