/** One session over its WebSocket: frames in, finished frames out, and a last word. */
import type { WebSocket } from '@fastify/websocket';
import { AppError, ERRORS, toAppError } from '../../core/errors.ts';
import { LIVE_MOST_BYTES, parseLiveFrame } from '../../core/live-frame.ts';
import type { Logger } from '../../core/logger.ts';
import type { KeptMedia, LivePlace, LiveSession } from '../../jobs/live/live-service.ts';
import { type LiveCommand, type LiveMessage, liveCommand } from '../contracts/live.ts';
import { toProblem } from '../problem.ts';

/** Milliseconds without a frame after which the place is given to others. */
const IDLE_MILLISECONDS = 60_000;
/** Milliseconds from one sign of life that is asked for to the next. */
const PING_MILLISECONDS = 15_000;
/** A caller who does not read gets no further frames before he has taken these. */
const MOST_BUFFERED_BYTES = 2 * LIVE_MOST_BYTES;
/** Of a text from a caller. */
const MOST_TEXT_BYTES = 100;
/** Close codes from 4000 on are an application's own. */
const CLOSE_BASE = 4000;

export interface LiveSocketOptions {
  readonly requestId: string;
  readonly logger: Logger;
  /** Takes a file over that was asked for. @returns what to say of it; never rejects */
  readonly keep: (media: KeptMedia) => Promise<LiveMessage>;
  /** Fires when the service stops. */
  readonly draining?: AbortSignal | undefined;
}

/** Runs until the session has ended. @param place taken over; never rejects */
export async function serveLiveSocket(socket: WebSocket, place: LivePlace, options: LiveSocketOptions): Promise<void> {
  const { requestId, logger, draining, keep } = options;
  let session: LiveSession | undefined;
  let fault: AppError | undefined;
  let isAlive = true;
  const say = (message: LiveMessage): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const end = (error?: AppError): void => {
    fault ??= error;
    session?.close();
  };
  const idle = setTimeout(() => end(wasIdle()), IDLE_MILLISECONDS);
  const ping = setInterval(() => {
    if (!isAlive) socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MILLISECONDS);
  const drain = (): void => end(isStopping());
  draining?.addEventListener('abort', drain, { once: true });
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('message', (data, isBinary) => {
    try {
      if (!isBinary) {
        const { type } = parseCommand(data);
        if (type === 'stop') end();
        else session?.ask(type);
        return;
      }
      if (!(data instanceof Buffer)) return;
      parseLiveFrame(data);
    } catch (error) {
      end(toAppError(error));
      return;
    }
    idle.refresh();
    if (socket.bufferedAmount <= MOST_BUFFERED_BYTES) session?.push(data);
  });
  socket.on('error', (error) => {
    // Larger than any frame, or no WebSocket at all.
    end(new AppError('REQUEST_INVALID', `The connection cannot be read: ${error.message}.`));
  });
  let isGone = false;
  socket.once('close', () => {
    isGone = true;
    end();
  });
  try {
    session = await place.begin({
      onReady: (job) => say({ type: 'ready', job }),
      onRecording: (mostSeconds) => say({ type: 'recording', mostSeconds }),
      onFrame: (packet) => {
        if (socket.readyState === socket.OPEN) socket.send(packet);
      },
      onKept: async (media) => say(await keep(media)),
      onNotKept: (what, error) => say({ type: 'not-kept', what, problem: toProblem(error, requestId) }),
    });
    if (isGone || fault || draining?.aborted) session.close();
    const { frames, seconds, job } = await session.ended;
    const { total, changed } = frames;
    say({
      ...{ type: 'end', frames: { total, changed }, seconds, job },
      ...(fault ? { problem: toProblem(fault, requestId) } : {}),
    });
    socket.close(fault ? closeCodeOf(fault) : 1000);
  } catch (thrown) {
    // What ended it comes before what ending it led to.
    const error = fault ?? toAppError(thrown);
    if (error.httpStatus >= 500)
      logger.warn('live session failed', { requestId, code: error.code, reason: error.message });
    say({ type: 'end', problem: toProblem(error, requestId) });
    socket.close(closeCodeOf(error));
  } finally {
    clearTimeout(idle);
    clearInterval(ping);
    draining?.removeEventListener('abort', drain);
  }
}

/** @throws REQUEST_INVALID for anything else: a caller has nothing more to say */
function parseCommand(data: unknown): LiveCommand {
  const text = data instanceof Buffer && data.length <= MOST_TEXT_BYTES ? data.toString() : '';
  const parsed = liveCommand.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const known = liveCommand.shape.type.options.map((type) => `{"type":"${type}"}`).join(' or ');
  throw new AppError('REQUEST_INVALID', `Expected frames, or ${known}.`, { hint: 'docs/live.md says more.' });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const closeCodeOf = (error: AppError): number => CLOSE_BASE + ERRORS[error.code].http;

const wasIdle = (): AppError =>
  new AppError('CANCELLED', `No frame has come for ${IDLE_MILLISECONDS / 1000} s.`, { hint: 'Start again.' });

const isStopping = (): AppError =>
  new AppError('OVERLOADED', 'The service is stopping.', { hint: 'Start again in a moment.', retryable: true });
