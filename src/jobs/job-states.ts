/** What can happen to a job, and what becomes of it. Pure: whoever stores the result says what time it is. */
import type { AppErrorJson } from '../core/errors.ts';
import { isEnded, type Job, type JobOutput, type JobStep } from './job.ts';

/** What a job is given when it is done. */
export interface JobResult {
  readonly outputs: readonly JobOutput[];
  readonly frames?: Job['frames'];
  /** Seconds by stage, over all workers. */
  readonly timings: Readonly<Record<string, number>>;
  readonly notes: Job['notes'];
  readonly audit?: Job['audit'];
}

/** Something that happens to a job. `run` says which run it belongs to: what an earlier one reports late is nothing. */
export type JobChange =
  | { readonly type: 'submitted' }
  | { readonly type: 'begun'; readonly run: number }
  | { readonly type: 'completed'; readonly run: number; readonly result: JobResult }
  | { readonly type: 'failed'; readonly run: number; readonly error: AppErrorJson }
  | { readonly type: 'cancelled' }
  /** `partial`: not to be done, but to be published as far as it was done. */
  | { readonly type: 'retried'; readonly partial?: boolean };

/**
 * The job after a change; undefined where the change is not allowed, or is nothing new: only `retried` leaves an end, and
 * a running job cannot begin again.
 * @param at milliseconds since 1970
 */
export function changeJob(job: Job, change: JobChange, at: number): Job | undefined {
  const now = new Date(at).toISOString();
  const isOpen = job.state === 'queued' || job.state === 'running';
  switch (change.type) {
    case 'submitted':
      if (job.state !== 'drafted' || job.steps.length === 0) return undefined;
      return { ...queued(job, now), submittedAt: now };
    case 'begun':
      if (job.state !== 'queued' || change.run !== job.runs) return undefined;
      return {
        ...job,
        state: 'running',
        steps: beginNext(job.steps),
        startedAt: now,
        updatedAt: now,
        timings: { ...job.timings, queued: secondsBetween(job.submittedAt ?? job.createdAt, now) },
      };
    case 'completed':
      if (!isOpen || change.run !== job.runs) return undefined;
      return {
        ...ended(job, 'completed', now),
        ...change.result,
        steps: job.steps.map((step) => ({ ...step, state: 'completed' })),
        outputs: [...change.result.outputs],
        notes: [...change.result.notes],
        timings: { ...job.timings, ...change.result.timings },
      };
    case 'failed':
      if (!isOpen || change.run !== job.runs) return undefined;
      return { ...ended(job, 'failed', now), steps: failBegun(job.steps), error: change.error };
    case 'cancelled':
      if (isEnded(job.state)) return undefined;
      return { ...ended(job, 'cancelled', now), cancelRequestedAt: now };
    case 'retried': {
      if (job.state !== 'failed' && job.state !== 'cancelled') return undefined;
      const { startedAt, endedAt, progress, error, cancelRequestedAt, plan, frames, audit, partial, ...kept } = job;
      return {
        ...queued(kept, now),
        ...(change.partial ? { partial: true } : {}),
        submittedAt: now,
        outputs: [],
        notes: [],
        ...(job.expiresAt === undefined ? {} : { expiresAt: movedOn(job.expiresAt, endedAt ?? now, now) }),
      };
    }
  }
}

const queued = (job: Job, now: string): Job => ({
  ...job,
  state: 'queued',
  // What was completed in an earlier run need not be done again.
  steps: job.steps.map((step) => (step.state === 'completed' ? step : { ...step, state: 'queued' })),
  runs: job.runs + 1,
  updatedAt: now,
});

const ended = (job: Job, state: 'completed' | 'failed' | 'cancelled', now: string): Job => ({
  ...job,
  state,
  endedAt: now,
  updatedAt: now,
  ...(job.progress ? { progress: withoutChunks(job.progress) } : {}),
  ...(job.expiresAt === undefined ? {} : { expiresAt: movedOn(job.expiresAt, job.submittedAt ?? job.createdAt, now) }),
});

/** How long it is kept was fixed when it was submitted, and counts from its end. */
function movedOn(expiresAt: string, from: string, to: string): string {
  return new Date(Date.parse(to) + Date.parse(expiresAt) - Date.parse(from)).toISOString();
}

const withoutChunks = ({ chunks, ...progress }: NonNullable<Job['progress']>): Job['progress'] => progress;

const failBegun = (steps: readonly JobStep[]): JobStep[] =>
  steps.map((step) => (step.state === 'started' ? { ...step, state: 'failed' } : step));

/** The steps with the next one begun, in their order. */
export function beginNext(steps: readonly JobStep[]): JobStep[] {
  const next = steps.findIndex(({ state }) => state !== 'completed');
  return steps.map((step, index) => (index === next ? { ...step, state: 'started' } : step));
}

const secondsBetween = (from: string, to: string): number => Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
