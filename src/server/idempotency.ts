/**
 * A POST that creates something and carries an `Idempotency-Key` is done once: whoever got no answer asks again without
 * fear. See draft-ietf-httpapi-idempotency-key-header. The key is remembered with a hash of the request before the work
 * begins, and with the answer once there is one; what failed has created nothing, and may be tried again.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Store } from '../jobs/store/store.ts';
import type { App } from './server-context.ts';

const KIND = 'idempotency';
/** Milliseconds for which an answer is kept. */
const KEPT = 24 * 3_600_000;
/** Milliseconds after which whoever began without an answer counts as gone. */
const LEASE = 60_000;
/** Milliseconds for which a second request waits, and between two looks. */
const PATIENCE = 5_000;
const LOOK_EVERY = 100;
const KEY = /^[\x21-\x7e]{1,255}$/;
/** Bytes of an answer that is kept. */
const ANSWER_BYTES = 256 * 1024;
/** Of the first answer, beside its body. */
const KEPT_HEADERS = ['content-type', 'location', 'etag'] as const;

const valueSchema = z.object({
  /** Hash of the request. */
  request: z.string(),
  /** Of whoever is at it. */
  token: z.string(),
  answer: z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() }).optional(),
});
type Remembered = Readonly<z.infer<typeof valueSchema>>;
type Answer = NonNullable<Remembered['answer']>;

interface Claim {
  readonly id: string;
  readonly token: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while a request is the first with its key. */
    idempotencyClaim: Claim | undefined;
  }
}

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/**
 * Adds the behaviour to routes with `idempotent` in their config. Behind `authenticate`.
 * @param patience milliseconds for which a second request waits for the answer to the first
 */
export function addIdempotency(app: App, store: Store, logger: Logger, patience: number = PATIENCE): void {
  app.decorateRequest('idempotencyClaim', undefined);

  app.addHook('preHandler', async (request, reply) => {
    const given = request.headers['idempotency-key'];
    if (request.routeOptions.config.idempotent !== true || given === undefined) return;
    const wanted = describeRequest(request, given);
    const token = randomUUID();
    for (const end = Date.now() + patience; ; await delay(LOOK_EVERY)) {
      const isFirst = await store.create(KIND, {
        id: wanted.id,
        tenant: request.caller.tenant,
        state: 'begun',
        expiresAt: Date.now() + LEASE,
        value: { request: wanted.request, token } satisfies Remembered,
      });
      if (isFirst) {
        request.idempotencyClaim = { id: wanted.id, token };
        return;
      }
      const known = await store.read(KIND, wanted.id);
      // It failed, and was forgotten: this one may be the first.
      if (known === undefined) continue;
      const { request: before, answer } = valueSchema.parse(known.value);
      if (before !== wanted.request) {
        throw new AppError('IDEMPOTENCY_CONFLICT', 'This Idempotency-Key was used before with another request.', {
          hint: 'Use another key for another request.',
        });
      }
      if (answer !== undefined) return replay(reply, answer);
      if (Date.now() >= end) {
        throw new AppError('IDEMPOTENCY_PENDING', 'The first request with this Idempotency-Key is being answered.', {
          details: { retryAfterSeconds: 1 },
          retryable: true,
        });
      }
    }
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const claim = request.idempotencyClaim;
    if (claim === undefined) return payload;
    request.idempotencyClaim = undefined;
    const answer = answerOf(reply, payload);
    try {
      await store.update(KIND, claim.id, ({ value }) => {
        const known = valueSchema.parse(value);
        if (known.token !== claim.token) return undefined;
        return answer === undefined
          ? { state: 'failed', value: known, expiresAt: Date.now() }
          : { state: 'answered', value: { ...known, answer }, expiresAt: Date.now() + KEPT };
      });
    } catch (error) {
      // The work is done and its answer is good; only a second try would find none.
      logger.warn('an answer could not be kept', { requestId: request.id, reason: String(error) });
    }
    return payload;
  });
}

function describeRequest(
  { caller, method, url, body, headers }: FastifyRequest,
  given: string | readonly string[],
): { readonly id: string; readonly request: string } {
  if (typeof given !== 'string' || !KEY.test(given)) {
    throw new AppError('REQUEST_INVALID', 'Expected 1 to 255 letters without spaces as Idempotency-Key.');
  }
  const path = url.split('?')[0];
  return {
    id: hash([caller.tenant, method, path, given]),
    // A stream cannot be looked at before it was read: its length stands for it.
    request: hash([url, body ?? `length ${headers['content-length']}`]),
  };
}

function replay(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  return reply.code(status).headers(headers).header('idempotency-replayed', 'true').send(body);
}

/** What is to be kept; undefined for what has failed, and for what is too long or a stream. */
function answerOf(reply: FastifyReply, payload: unknown): Answer | undefined {
  if (reply.statusCode >= 400) return undefined;
  const body = payload === null || payload === undefined ? '' : payload;
  const text = typeof body === 'string' ? body : Buffer.isBuffer(body) ? body.toString() : undefined;
  if (text === undefined || Buffer.byteLength(text) > ANSWER_BYTES) return undefined;
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = reply.getHeader(name);
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  return { status: reply.statusCode, headers: Object.fromEntries(headers), body: text };
}
