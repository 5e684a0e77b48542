/** Deliveries: what is to be told of the end of a job, to whom, and what became of it. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { isEnded, type Job, jobSchema } from '../job.ts';
import type { Store, StoredDocument } from '../store/store.ts';

/** Kind of their documents. */
export const CALLBACK_KIND = 'callback';
export const CALLBACK_STATES = ['waiting', 'delivered', 'dead'] as const;
export type CallbackState = (typeof CALLBACK_STATES)[number];

/** Stream on which senders hear of what is due now. */
export const CALLBACK_STREAM = 'callbacks';
export const newsSchema = z.object({ id: z.string(), url: z.string() });
export type CallbackNews = Readonly<z.infer<typeof newsSchema>>;

/** Milliseconds for which a delivery is kept after its end: long enough to look at and to send again. */
const KEPT = 30 * 86_400_000;

const attemptSchema = z.object({
  at: z.iso.datetime(),
  /** Of the answer. */
  status: z.number().int().optional(),
  /** Code of what went wrong where there was no answer. */
  error: z.string().optional(),
});
export type CallbackAttempt = Readonly<z.infer<typeof attemptSchema>>;

export const deliverySchema = z.object({
  url: z.string(),
  /** `job.completed`, `job.failed`, `job.cancelled`. */
  type: z.string(),
  createdAt: z.iso.datetime(),
  /** As it was when it ended: each try sends the same. */
  job: jobSchema,
  attempts: z.array(attemptSchema),
  /** Tries since it was made, or was asked for again. */
  tries: z.number().int(),
  /** Milliseconds since 1970. */
  nextAt: z.number(),
  /** Of whoever is at it. */
  lease: z.object({ token: z.string(), until: z.number() }).optional(),
});
export type Delivery = Readonly<z.infer<typeof deliverySchema>>;

/** A delivery as people see it. */
export interface CallbackSummary {
  readonly id: string;
  /** Where it is in the list. */
  readonly sequence: number;
  readonly tenant: string;
  readonly state: string;
  readonly job: string;
  readonly type: string;
  readonly url: string;
  readonly createdAt: string;
  readonly attempts: readonly CallbackAttempt[];
  /** While it waits. */
  readonly nextAt?: string;
}

/** The same end of the same run is told once, whoever says so how often. */
const idOf = ({ id, runs, state }: Job): string => `callback_${id.replace(/^job_/, '')}_${runs}_${state}`;

/**
 * Puts what is to be told of the end of a job into the list of what is sent. Does nothing for a job without a callback, of
 * another end than its callback asks for, or whose end was put there before.
 * @returns whether there is something new to send
 */
export async function queueCallback(store: Store, job: Job, now: number = Date.now()): Promise<boolean> {
  const { callback, state, tenant } = job;
  if (callback === undefined || !isEnded(state) || !callback.on.some((end) => end === state)) return false;
  const value: Delivery = {
    url: callback.url,
    type: `job.${state}`,
    createdAt: job.endedAt ?? new Date(now).toISOString(),
    job,
    attempts: [],
    tries: 0,
    nextAt: now,
  };
  const id = idOf(job);
  if (!(await store.create(CALLBACK_KIND, { id, tenant, state: 'waiting', value }))) return false;
  await store.publish(CALLBACK_STREAM, { id, url: value.url } satisfies CallbackNews);
  return true;
}

export const parseDelivery = (document: StoredDocument): Delivery => deliverySchema.parse(document.value);

export const expiryOf = (state: CallbackState, now: number): number | undefined =>
  state === 'waiting' ? undefined : now + KEPT;

function toSummary(document: StoredDocument): CallbackSummary {
  const { url, type, createdAt, job, attempts, nextAt } = parseDelivery(document);
  const { id, sequence, tenant, state } = document;
  const next = state === 'waiting' ? { nextAt: new Date(nextAt).toISOString() } : {};
  return { id, sequence, tenant, state, job: job.id, type, url, createdAt, attempts, ...next };
}

/** Deliveries, newest first. @param states left out: all; `dead`: those that were given up */
export async function listCallbacks(
  store: Store,
  request: {
    readonly tenant?: string | undefined;
    readonly states?: readonly CallbackState[] | undefined;
    readonly limit: number;
    readonly after?: number | undefined;
  },
): Promise<readonly CallbackSummary[]> {
  return (await store.list(CALLBACK_KIND, { ...request, newestFirst: true })).map(toSummary);
}

/**
 * Sends a delivery again, whatever became of it, with all its tries.
 * @param tenant whose it must be; left out: anybody's
 * @throws NOT_FOUND
 */
export async function replayCallback(
  store: Store,
  id: string,
  tenant?: string,
  now: number = Date.now(),
): Promise<CallbackSummary> {
  let isTheirs = false;
  const document = await store.update(CALLBACK_KIND, id, (current) => {
    isTheirs = tenant === undefined || current.tenant === tenant;
    if (!isTheirs) return undefined;
    const { lease: _, ...delivery } = parseDelivery(current);
    return { state: 'waiting', value: { ...delivery, tries: 0, nextAt: now }, expiresAt: now + KEPT };
  });
  if (document && isTheirs) {
    await store.publish(CALLBACK_STREAM, { id, url: parseDelivery(document).url } satisfies CallbackNews);
    return toSummary(document);
  }
  throw new AppError('NOT_FOUND', `There is no callback ${id.slice(0, 80)}.`, {
    hint: 'List them: facefusion callbacks list',
  });
}
