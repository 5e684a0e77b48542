/** The shared store: documents, events and counters in one Redis, for many gateways and workers. */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import { RedisEvents } from './redis-events.ts';
import { RedisLink } from './redis-link.ts';
import { type DocumentReply, TOKEN_LENGTH } from './redis-scripts.ts';
import {
  checkAmount,
  type ListRequest,
  type Store,
  type StoredDocument,
  type StoredEvent,
  SWEPT_AT_ONCE,
} from './store.ts';

export interface RedisStoreOptions {
  readonly logger?: Logger;
  /** Begins every key, as a hash tag. Letters, digits and `-`. */
  readonly prefix?: string;
  /** How long a command waits for a Redis that is away before it fails. */
  readonly waitSeconds?: number;
  /** How long opening waits for it. */
  readonly openSeconds?: number;
}

/** A restart with some gigabytes to load takes less. */
const WAIT_SECONDS = 60;
const OPEN_SECONDS = 10;

/**
 * Opens a store on a Redis, with one connection and a second one while somebody watches.
 * @param url `redis://user:password@host:port/database`, or `rediss://` with TLS
 * @throws STORE_FAILED where it cannot be reached, does not let us in, or may throw data away when memory is short
 */
export async function openRedisStore(url: string, options: RedisStoreOptions = {}): Promise<Store> {
  const {
    logger = silentLogger,
    prefix = 'facefusion',
    waitSeconds = WAIT_SECONDS,
    openSeconds = OPEN_SECONDS,
  } = options;
  const link = new RedisLink(url, { logger, waitSeconds, openSeconds });
  try {
    await link.open();
    await checkEviction(link, logger);
  } catch (error) {
    await link.close();
    throw error;
  }
  const root = `{${prefix}}`;
  return new RedisStore(link, new RedisEvents(url, link, root, waitSeconds), root);
}

/** A Redis used as a cache forgets keys when memory is short: jobs would vanish. */
async function checkEviction(link: RedisLink, logger: Logger): Promise<void> {
  const policy = await link.run(async (redis) => {
    try {
      return await redis.config('GET', 'maxmemory-policy');
    } catch (error) {
      // Services with a Redis of their own keep CONFIG for themselves.
      if (/NOPERM|unknown command/i.test((error as Error).message)) return undefined;
      throw error;
    }
  });
  const found = Array.isArray(policy) ? policy[1] : undefined;
  if (found === 'noeviction') return;
  if (found === undefined) {
    logger.warn('Cannot ask Redis for its maxmemory-policy; make sure that it is noeviction, or jobs may be lost.');
    return;
  }
  throw new AppError('STORE_FAILED', `Expected a Redis with maxmemory-policy noeviction, found ${String(found)}.`, {
    hint: 'Run: redis-cli CONFIG SET maxmemory-policy noeviction – and put the same into redis.conf.',
    details: { found },
  });
}

class RedisStore implements Store {
  readonly #link: RedisLink;
  readonly #events: RedisEvents;
  readonly #root: string;

  constructor(link: RedisLink, events: RedisEvents, root: string) {
    this.#link = link;
    this.#events = events;
    this.#root = root;
  }

  async create(
    kind: string,
    { id, tenant, state, expiresAt, value }: Parameters<Store['create']>[1],
  ): Promise<boolean> {
    const values = [kind, id, tenant, state, expiresAt ?? '', JSON.stringify(value), newToken()];
    return (await this.#link.run((redis) => redis.storeCreate(this.#root, ...values))) === 1;
  }

  async read(kind: string, id: string): Promise<StoredDocument | undefined> {
    const reply = await this.#link.run((redis) => redis.storeRead(this.#root, kind, id));
    return reply === null ? undefined : toDocument(reply);
  }

  async update(...[kind, id, change]: Parameters<Store['update']>): Promise<StoredDocument | undefined> {
    let document = await this.read(kind, id);
    for (;;) {
      const changed = document && change(document);
      if (!document || !changed) return document;
      const { sequence, version, expiresAt } = document;
      const next = [changed.state, changed.expiresAt ?? expiresAt ?? '', JSON.stringify(changed.value)];
      const values = [kind, id, sequence, version, ...next, newToken()];
      const reply = await this.#link.run((redis) => redis.storeUpdate(this.#root, ...values));
      if (reply === null) return undefined;
      document = toDocument(reply[1]);
      if (reply[0] === 1) return document;
    }
  }

  async remove(kind: string, id: string): Promise<boolean> {
    const token = newToken();
    return (await this.#link.run((redis) => redis.storeRemove(this.#root, kind, id, token))) === 1;
  }

  async list(kind: string, request: ListRequest): Promise<readonly StoredDocument[]> {
    const { tenant, states, after, limit, newestFirst = false } = request;
    if (states?.length === 0) return [];
    const hasTenant = tenant === undefined ? 0 : 1;
    const values = [kind, tenant ?? '', after ?? '', limit, newestFirst ? 1 : 0, hasTenant, ...new Set(states)];
    const replies = await this.#link.run((redis) => redis.storeList(this.#root, ...values));
    return replies.map(toDocument);
  }

  async count(kind: string, tenant?: string): Promise<Readonly<Record<string, number>>> {
    const values = [kind, tenant ?? '', tenant === undefined ? 0 : 1];
    const reply = await this.#link.run((redis) => redis.storeCount(this.#root, ...values));
    const entries = reply.flatMap((state, at) => (at % 2 === 0 ? [[String(state), Number(reply[at + 1])]] : []));
    return Object.fromEntries(entries) as Record<string, number>;
  }

  async sweep(kind: string): Promise<readonly string[]> {
    const token = newToken();
    return this.#link.run((redis) => redis.storeSweep(this.#root, kind, SWEPT_AT_ONCE, token));
  }

  append(stream: string, value: unknown): Promise<number> {
    return this.#events.append(stream, value, newToken());
  }

  publish(stream: string, value: unknown): Promise<void> {
    return this.#events.publish(stream, value);
  }

  events(stream: string, after: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.#events.read(stream, after, limit);
  }

  async removeEvents(stream: string): Promise<void> {
    await this.#link.run((redis) => redis.storeRemoveEvents(this.#root, stream));
  }

  watch(listener: (stream: string, event: StoredEvent) => void): () => void {
    return this.#events.watch(listener);
  }

  async add(counter: string, amount: number): Promise<number> {
    checkAmount(amount);
    const token = newToken();
    return this.#link.run((redis) => redis.storeAdd(this.#root, counter, amount, token));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#events.close();
    await this.#link.close();
  }
}

/** Says of a change which one it is, should it be sent twice. */
const newToken = (): string => randomBytes((TOKEN_LENGTH * 6) / 8).toString('base64url');

const toDocument = ([id, tenant, state, sequence, version, expiresAt, value]: DocumentReply): StoredDocument => ({
  ...{ id, tenant, state, sequence: Number(sequence), version: Number(version) },
  expiresAt: expiresAt === '' ? undefined : Number(expiresAt),
  value: JSON.parse(value) as unknown,
});
