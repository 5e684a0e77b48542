import { ApiError, checkAnswer, isPassing } from './api-error.ts';
import { type Job, type JobEvent, readJobEvents } from './job-events.ts';
import { pause, type Send, waitBefore } from './send.ts';

export interface WaitOptions {
  /** Called with each event, once and in order; progress may be missed while the line is broken. */
  readonly onEvent?: ((event: JobEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until a job has ended, well or not: see its `state`. A line that breaks is opened again, for as long as it takes.
 * @throws ApiError JOB_NOT_FOUND, UNAUTHENTICATED …; the reason of `signal`
 */
export async function waitForJob(send: Send, id: string, { onEvent, signal }: WaitOptions = {}): Promise<Job> {
  let last: string | undefined;
  for (let tries = 1; ; tries++) {
    try {
      for await (const { id: number, event } of readJobEvents(send, id, last, signal)) {
        if (number !== undefined) last = number;
        tries = 1;
        onEvent?.(event);
      }
      const response = await checkAnswer(await send(`/v1/jobs/${encodeURIComponent(id)}`, signal ? { signal } : {}));
      const job = (await response.json()) as Job;
      if (['completed', 'failed', 'cancelled'].includes(job.state)) return job;
    } catch (error) {
      signal?.throwIfAborted();
      if (!isPassing(error)) throw error;
      const seconds = error instanceof ApiError ? error.retryAfterSeconds : undefined;
      if (seconds !== undefined) await pause(seconds * 1000, signal);
    }
    await pause(waitBefore(tries), signal);
  }
}
