import type { FastifyReply, FastifyRequest } from 'fastify';

/** Milliseconds for which a caller may go on sending what nobody reads: one who is cut off at once may miss the answer. */
const LINGER_MS = 3_000;

/**
 * For `onResponse` of a route whose body is a stream: where the answer came before the end of the body, the rest is read and
 * thrown away for a moment, and then the connection is closed. Without this it would stay for ever.
 */
export async function letGoOfBody({ raw }: FastifyRequest, _reply: FastifyReply): Promise<void> {
  if (raw.complete || raw.destroyed) return;
  raw.unpipe();
  raw.removeAllListeners('data');
  const timer = setTimeout(() => raw.destroy(), LINGER_MS).unref();
  raw.once('close', () => clearTimeout(timer));
  raw.on('error', () => raw.destroy());
  raw.resume();
}
