/** An answer that takes a while as server-sent events: how far it is, and the answer as the last one. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { Logger } from '../../core/logger.ts';
import type { LookProgress } from '../../jobs/look-service.ts';
import { explainError, logFault } from '../handle-errors.ts';
import { toProblem } from '../problem.ts';
import { BEAT_MILLISECONDS } from './event-hub.ts';

export const EVENT_STREAM = 'text/event-stream';

/** What such a stream says, for the description of a route. */
export const ANSWER_EVENTS =
  'With `accept: text/event-stream` the answer comes as events: `progress` with `stage`, `done` and `total`, any number of times, then `answer` with what is answered otherwise, or `error` with a problem.';

/** Whether the caller wants events: only who names them. */
export const wantsEvents = (accept = ''): boolean =>
  accept.split(',').some((type) => type.split(';')[0]?.trim().toLowerCase() === EVENT_STREAM);

/**
 * Sends the events of an answer and ends. Never throws: an error is the last event.
 * @param ask begins the work
 */
export async function streamAnswer(
  reply: FastifyReply,
  logger: Logger,
  ask: (onProgress: (progress: LookProgress) => void) => Promise<unknown>,
): Promise<void> {
  reply.hijack();
  const response = reply.raw;
  response.on('error', () => response.destroy());
  const set = reply.getHeaders() as OutgoingHttpHeaders;
  // Proxies must not collect what should arrive at once.
  response.writeHead(200, { ...set, 'content-type': EVENT_STREAM, 'x-accel-buffering': 'no' });
  const write = (text: string): void => void (response.writable && response.write(text));
  const tell = (event: string, data: unknown): void => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  const beat = setInterval(() => write(': beat\n\n'), BEAT_MILLISECONDS);
  try {
    const answer = await ask((progress) => {
      // Of no use later: who cannot take it now does without.
      if (!response.writableNeedDrain) tell('progress', progress);
    });
    tell('answer', answer);
  } catch (thrown) {
    const { error, errors } = explainError(thrown);
    logFault(logger, reply.request, error);
    tell('error', toProblem(error, reply.request.id, errors));
  } finally {
    clearInterval(beat);
    response.end();
  }
}
