/** Events of a job as they come: server-sent events by `fetch`, which takes a key and works everywhere. */
import { checkAnswer } from './api-error.ts';
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

/** The service shows that it is there every 15 s: a line that is silent for longer is dead. */
const SILENCE_MS = 45_000;

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
  const silence = new AbortController();
  const ended = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
  const headers = { accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': after }) };
  const response = await checkAnswer(
    await send(`/v1/jobs/${encodeURIComponent(job)}/events`, { headers, signal: ended }),
  );
  if (!response.body) throw new TypeError('Expected a stream of events, received nothing.');
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const timer = setTimeout(() => silence.abort(new TypeError('The stream of events fell silent.')), SILENCE_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event) yield event;
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): NumberedEvent | undefined {
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('id: ')) id = line.slice(4);
    else if (line.startsWith('data: ')) data.push(line.slice(6));
  }
  return data.length === 0 ? undefined : { id, event: JSON.parse(data.join('\n')) as JobEvent };
}
