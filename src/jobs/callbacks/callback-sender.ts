/** Sends what waits to be told. Every gateway runs one: each delivery is taken by one of them, and tried until it arrives. */
import { randomUUID } from 'node:crypto';
import { isAppError } from '../../core/errors.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import type { Backend } from '../backend.ts';
import type { Job } from '../job.ts';
import type { ServiceMetrics } from '../metrics/service-metrics.ts';
import type { Outgoing } from '../outgoing/safe-request.ts';
import type { StoredDocument } from '../store/store.ts';
import { signingSecrets } from './callback-secrets.ts';
import { claimDelivery, noteTry, queueMissed, waitingDeliveries } from './claim-delivery.ts';
import { CALLBACK_STREAM, newsSchema, parseDelivery } from './delivery.ts';
import { nextTry, type TryOutcome } from './next-try.ts';
import { signCallback } from './signature.ts';

/** Milliseconds for one try, and of the answer the bytes that are read: nothing of it is used. */
const TRY_MILLISECONDS = 15_000;
const ANSWER_BYTES = 64 * 1024;
/** Milliseconds after which whoever took a delivery counts as gone. */
const LEASE_MILLISECONDS = TRY_MILLISECONDS + 15_000;
/** Tries at once, and of these to one host: one that hangs does not keep the others waiting. */
const MOST_AT_ONCE = 32;
const MOST_FOR_HOST = 4;
/** Milliseconds between two looks at all that waits: what is new is heard of meanwhile. */
const SHORTEST_LOOK = 5_000;
const LONGEST_LOOK = 60_000;

export interface CallbackSenderOptions {
  /** Goes to public addresses and to networks that were named. */
  readonly outgoing: Outgoing;
  readonly maxAttempts: number;
  /** The job as the API shows it. */
  readonly describe: (job: Job) => unknown;
  readonly logger?: Logger | undefined;
  readonly metrics?: Pick<ServiceMetrics, 'callback'> | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
  /** 0..1 */
  readonly random?: (() => number) | undefined;
}

/** Its creator disposes it: tries in hand are broken off, and made by another. */
export interface CallbackSender extends AsyncDisposable {
  /** Looks now, and waits until all that is due was tried. */
  sendDue(): Promise<void>;
}

export function createCallbackSender(
  { store }: Pick<Backend, 'store'>,
  options: CallbackSenderOptions,
): CallbackSender {
  const { outgoing, maxAttempts, describe, logger = silentLogger, metrics } = options;
  const { clock = Date.now, random = Math.random } = options;
  const working = new Set<Promise<void>>();
  const busyHosts = new Map<string, number>();
  const ended = new AbortController();
  const { signal } = ended;
  /** Something was due and had to wait until others are done. */
  let isBacklog = false;
  let timer: NodeJS.Timeout | undefined;

  /** @returns undefined where the sender was ended meanwhile */
  const tryOnce = async (document: StoredDocument): Promise<TryOutcome | undefined> => {
    const { id, tenant } = document;
    const { type, createdAt, job, url } = parseDelivery(document);
    const body = JSON.stringify({ id, type, createdAt, job: describe(job) });
    const timestamp = Math.floor(clock() / 1000);
    try {
      const secrets = await signingSecrets(store, tenant, clock());
      const { status, headers } = await outgoing.request(url, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signCallback(secrets, { id, timestamp, body }),
        },
        ...{ maxBytes: ANSWER_BYTES, milliseconds: TRY_MILLISECONDS, signal },
      });
      const retryAfter = Number(headers['retry-after']);
      return { status, ...(retryAfter > 0 ? { retryAfterSeconds: retryAfter } : {}) };
    } catch (error) {
      if (signal.aborted) return undefined;
      return { error: isAppError(error) ? error.code : 'INTERNAL' };
    }
  };

  const send = async (id: string): Promise<void> => {
    const token = randomUUID();
    const now = clock();
    const document = await claimDelivery(store, id, { token, now, until: now + LEASE_MILLISECONDS });
    const outcome = document && (await tryOnce(document));
    if (document === undefined || outcome === undefined) return;
    const { job, tries } = parseDelivery(document);
    const next = nextTry(outcome, tries + 1, maxAttempts, random());
    const { status, error } = outcome;
    const said = { ...(status === undefined ? {} : { status }), ...(error === undefined ? {} : { error }) };
    await noteTry(store, id, token, { at: new Date(clock()).toISOString(), ...said }, next);
    metrics?.callback(next.state === 'waiting' ? 'retried' : next.state);
    const facts = { callback: id, job: job.id, state: next.state, ...said };
    if (next.state === 'dead') logger.warn('callback given up', facts);
    else logger.info('callback tried', facts);
  };

  const count = (host: string, change: 1 | -1): void => {
    const busy = (busyHosts.get(host) ?? 0) + change;
    if (busy === 0) busyHosts.delete(host);
    else busyHosts.set(host, busy);
  };

  /** Begins to send a delivery, unless too much is in hand. */
  const begin = (id: string, url: string): void => {
    if (signal.aborted) return;
    const host = URL.canParse(url) ? new URL(url).host : url;
    if (working.size >= MOST_AT_ONCE || (busyHosts.get(host) ?? 0) >= MOST_FOR_HOST) {
      isBacklog = true;
      return;
    }
    count(host, 1);
    const done = send(id)
      .catch((error: unknown) => logger.warn('a callback could not be noted', { reason: String(error) }))
      .finally(() => {
        count(host, -1);
        working.delete(done);
        if (isBacklog) void look();
      });
    working.add(done);
  };

  let looking: Promise<number> | undefined;
  /** Begins to send all that is due. @returns milliseconds since 1970 when more is */
  const look = (): Promise<number> => {
    looking ??= (async () => {
      let dueAt = Number.POSITIVE_INFINITY;
      isBacklog = false;
      try {
        for await (const delivery of waitingDeliveries(store)) {
          if (signal.aborted) break;
          if (delivery.dueAt <= clock()) begin(delivery.id, delivery.url);
          else dueAt = Math.min(dueAt, delivery.dueAt);
        }
      } catch (error) {
        logger.warn('callbacks could not be looked for', { reason: String(error) });
      } finally {
        looking = undefined;
      }
      return dueAt;
    })();
    return looking;
  };

  const lookLater = (dueAt: number): void => {
    if (signal.aborted) return;
    const wait = Math.min(LONGEST_LOOK, Math.max(SHORTEST_LOOK, dueAt - clock()));
    timer = setTimeout(() => void queueMissed(store, clock()).catch(ignoreOnce).then(look).then(lookLater), wait);
    timer.unref();
  };
  const ignoreOnce = (error: unknown): void =>
    logger.warn('missed callbacks could not be looked for', { reason: String(error) });

  const stopHearing = store.watch((stream, { value }) => {
    if (stream !== CALLBACK_STREAM) return;
    const { id, url } = newsSchema.parse(value);
    begin(id, url);
  });
  const first = look().then(lookLater);

  return {
    async sendDue() {
      do {
        await look();
        while (working.size > 0) await Promise.all(working);
      } while (isBacklog && !signal.aborted);
    },
    async [Symbol.asyncDispose]() {
      ended.abort();
      stopHearing();
      clearTimeout(timer);
      await first;
      await looking;
      while (working.size > 0) await Promise.all(working);
      clearTimeout(timer);
    },
  };
}
