/** Server-sent events by `fetch`, which takes a key and a body, and works everywhere. */
import { checkAnswer } from './api-error.ts';
import type { Send } from './send.ts';

export interface ServerEvent {
  /** `message` where the service names none. */
  readonly name: string;
  /** Where it can be asked for again. */
  readonly id: string | undefined;
  readonly data: string;
}

export interface EventRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

/** The service shows that it is there every 15 s: a line that is silent for longer is dead. */
const SILENCE_MS = 45_000;

/**
 * Reads one stream to its end.
 * @throws ApiError; TypeError or AbortError for a line that broke
 */
export async function* readEvents(
  send: Send,
  path: string,
  { signal, headers, ...request }: EventRequest,
): AsyncGenerator<ServerEvent, void, void> {
  const silence = new AbortController();
  const ended = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
  const response = await checkAnswer(
    await send(path, { ...request, headers: { accept: 'text/event-stream', ...headers }, signal: ended }),
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

function parseBlock(block: string): ServerEvent | undefined {
  let id: string | undefined;
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('id: ')) id = line.slice(4);
    else if (line.startsWith('event: ')) name = line.slice(7);
    else if (line.startsWith('data: ')) data.push(line.slice(6));
  }
  return data.length === 0 ? undefined : { id, name, data: data.join('\n') };
}
