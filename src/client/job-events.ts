/** Events of a job as they come: server-sent events by `fetch`, which takes a key and works everywhere. */
import { readEvents } from './read-events.ts';
import type { components } from './schema.ts';
import type { Send } from './send.ts';

export type Job = components['schemas']['Job'];

/** What a stream of events says. */
export type JobEvent =
  | {
      readonly type: 'state';
      readonly state: Job['state'];
      readonly at: string;
      readonly error?: NonNullable<Job['error']>;
    }
  | {
      readonly type: 'progress';
      readonly stage: string;
      readonly done: number;
      readonly total?: number;
      readonly fps?: number;
      readonly etaSeconds?: number;
      readonly pictured?: number;
    }
  | { readonly type: 'log'; readonly level: 'info' | 'warn'; readonly message: string; readonly at: string }
  | {
      readonly type: 'task';
      readonly task: string;
      readonly kind: string;
      readonly outcome: 'begun' | 'completed' | 'failed' | 'retried';
      readonly at: string;
    };

/** An event, and its number where it can be asked for again. */
export interface NumberedEvent {
  readonly id: string | undefined;
  readonly event: JobEvent;
}

/**
 * Reads one stream to its end.
 * @param after number of the last event that is known
 * @throws ApiError; TypeError or AbortError for a line that broke
 */
export async function* readJobEvents(
  send: Send,
  job: string,
  after: string | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<NumberedEvent, void, void> {
  const headers = after === undefined ? {} : { 'last-event-id': after };
  for await (const { id, data } of readEvents(send, `/v1/jobs/${encodeURIComponent(job)}/events`, {
    headers,
    signal,
  })) {
    yield { id, event: JSON.parse(data) as JobEvent };
  }
}
