/** The connections of one process to the Redis of a queue, the keys, and BullMQ's view of each lane. */
import { FlowProducer, QueueKeys, RedisConnection, RedisQueueBackend, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { AppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { BullResult, BullTask } from './bull-task.ts';
import { queueUnavailable } from './failed-attempt.ts';
import { LOST_WORKERS } from './queue.ts';
import { ENDS_KEPT_MILLISECONDS, type QueueTimes } from './queue-times.ts';

/** Between two tries to connect again, at most: a worker is back soon after Redis is. */
const RECONNECT_MILLISECONDS = 1000;
/** Between two looks whether a connection still carries anything; a firewall may have dropped it without a word. */
const PING_MILLISECONDS = 15_000;
/** Ended tasks a lane keeps of each kind, about 1 kB each, when there are more in a day. */
const ENDS_KEPT = 50_000;
/** A blocking command waits so much longer than it asked the server to before the connection counts as dead. */
const BLOCKING_GRACE_MILLISECONDS = 5000;
/** Longest a blocking command waits. Also how long a lost wake-up may cost. @see BullMQ's maximumBlockTimeout */
export const BLOCK_SECONDS = 10;

/** LPOS, and blocking for parts of a second; also the oldest that BullMQ recommends. */
const OLDEST_REDIS = [6, 2] as const;
/** Workers of one process, at the most: beyond, Node says that there is a leak. */
const MOST_LISTENERS = 1000;

const HINT = 'Check that Redis runs, can be reached from here, has memory left, and knows the user and password.';

/** A lane as BullMQ has it: tasks are taken by hand, so it starts nothing by itself. */
export type BullLane = Worker<BullTask, BullResult, string, RedisQueueBackend>;

export interface BullConnectionOptions {
  readonly url: string;
  readonly prefix: string;
  readonly logger: Logger;
  readonly times: QueueTimes;
  /** How long a call waits for a Redis that is away. */
  readonly waitMilliseconds: number;
}

export class BullConnection implements AsyncDisposable {
  readonly redis: Redis;
  readonly prefix: string;
  readonly #options: BullConnectionOptions;
  readonly #bull: RedisConnection;
  readonly #lanes = new Map<string, BullLane>();
  readonly #extra = new Set<Redis>();
  readonly #flows: FlowProducer<RedisQueueBackend>;
  readonly #ping: NodeJS.Timeout;
  #comingBack: Promise<void> | undefined;

  constructor(options: BullConnectionOptions) {
    this.#options = options;
    this.prefix = options.prefix;
    this.redis = this.#connect('queue');
    this.#bull = new RedisConnection(this.redis, { shared: true, blocking: false, skipVersionCheck: true });
    this.#bull.on('error', () => {});
    this.#flows = new FlowProducer({ connection: this.redis, prefix: this.prefix }, () => this.#backend('flows', {}));
    this.#ping = setInterval(() => void this.#pingAll(), PING_MILLISECONDS);
    this.#ping.unref();
  }

  /** What the keys begin with that are not BullMQ's. A lane has no such name. */
  get own(): string {
    return `${this.prefix}:~:`;
  }

  /** What BullMQ's keys of a lane begin with. */
  base(lane: string): string {
    return `${this.prefix}:${lane}:`;
  }

  get flows(): FlowProducer<RedisQueueBackend> {
    return this.#flows;
  }

  lane(name: string): BullLane {
    let lane = this.#lanes.get(name);
    if (!lane) this.#lanes.set(name, (lane = this.#openLane(name)));
    return lane;
  }

  /** A connection of its own, for what blocks or listens. Closed with the others. */
  open(name: string): Redis {
    const redis = this.#connect(name);
    this.#extra.add(redis);
    return redis;
  }

  async release(redis: Redis): Promise<void> {
    this.#extra.delete(redis);
    redis.disconnect();
  }

  /**
   * Asks Redis something, waiting for a while where it is away.
   * @throws QUEUE_UNAVAILABLE where it stays away, or cannot do it; what was sent before it went may still be done
   */
  async ask<T>(work: () => Promise<T>): Promise<T> {
    const { waitMilliseconds } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`no answer in ${waitMilliseconds / 1000} s`);
      timer = setTimeout(() => reject(error), waitMilliseconds);
    });
    try {
      // Nothing is sent to a Redis that is away: it would be done later, when nobody waits for it any more.
      await Promise.race([this.#ready(), late]);
      return await Promise.race([work(), late]);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw queueUnavailable(`Redis cannot be used as the queue: ${(error as Error).message}.`, error, HINT);
    } finally {
      clearTimeout(timer);
    }
  }

  /** @throws QUEUE_UNAVAILABLE where this Redis is too old, or may throw away what it was given */
  async checkServer(): Promise<void> {
    const facts = await this.ask(() => this.redis.info());
    const version = /^redis_version:(\d+)\.(\d+)/m.exec(facts);
    const [, major = '0', minor = '0'] = version ?? [];
    if (Number(major) * 100 + Number(minor) < OLDEST_REDIS[0] * 100 + OLDEST_REDIS[1]) {
      throw new AppError(
        'QUEUE_UNAVAILABLE',
        `Expected Redis ${OLDEST_REDIS.join('.')} or newer, received ${major}.${minor}.`,
        {
          hint: 'Use a newer Redis or Valkey.',
        },
      );
    }
    const policy = /^maxmemory_policy:(\S+)/m.exec(facts)?.[1] ?? 'noeviction';
    if (policy === 'noeviction') return;
    throw new AppError('QUEUE_UNAVAILABLE', `Expected a Redis with maxmemory-policy noeviction, received ${policy}.`, {
      hint: 'Set maxmemory-policy noeviction: with any other, Redis throws tasks away when its memory is full.',
      details: { policy },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#ping);
    for (const lane of this.#lanes.values()) await lane.close(true);
    await this.#flows.close();
    await this.#bull.close();
    for (const redis of [this.redis, ...this.#extra]) redis.disconnect();
  }

  #connect(name: string): Redis {
    const redis = new Redis(this.#options.url, {
      connectionName: `facefusion-${name}`,
      // Commands wait for a Redis that is away: a result must not be lost. Callers who cannot wait use `ask`.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), RECONNECT_MILLISECONDS),
      blockingTimeout: BLOCK_SECONDS * 1000 + BLOCKING_GRACE_MILLISECONDS,
    });
    redis.on('error', (error) => this.#options.logger.debug('Redis is away', { reason: error.message }));
    redis.on('reconnecting', (milliseconds: number) =>
      this.#options.logger.warn('The connection to Redis is lost', { connection: name, milliseconds }),
    );
    // One a worker and a few of BullMQ's, which counts up from here: no leak.
    redis.setMaxListeners(MOST_LISTENERS);
    return redis;
  }

  #ready(): Promise<unknown> {
    if (this.redis.status === 'ready') return Promise.resolve();
    // One for all who wait.
    this.#comingBack ??= new Promise<void>((resolve) => this.redis.once('ready', resolve)).finally(() => {
      this.#comingBack = undefined;
    });
    return this.#comingBack;
  }

  #openLane(name: string): BullLane {
    const { leaseMilliseconds } = this.#options.times;
    const keep = { age: ENDS_KEPT_MILLISECONDS / 1000, count: ENDS_KEPT };
    const lane = new Worker<BullTask, BullResult, string, RedisQueueBackend>(
      name,
      null,
      {
        ...{ connection: this.redis, prefix: this.prefix, autorun: false, lockDuration: leaseMilliseconds },
        // A worker that vanished is noticed after the lease and half of it.
        ...{ maxStalledCount: LOST_WORKERS, stalledInterval: leaseMilliseconds / 2 },
        ...{ removeOnComplete: keep, removeOnFail: keep },
      },
      (_, options) => this.#backend(name, options),
    );
    lane.on('error', (error) =>
      this.#options.logger.warn('A lane of the queue', { lane: name, reason: error.message }),
    );
    return lane;
  }

  /** All lanes share one connection; BullMQ by itself opens two for each. */
  #backend(name: string, options: object): RedisQueueBackend {
    const keys = new QueueKeys(this.prefix);
    const toKey = (type: string): string => keys.toKey(name, type);
    const all = { connection: this.redis, prefix: this.prefix, ...options };
    return new RedisQueueBackend(this.#bull, name, keys.getKeys(name), toKey, all, undefined, false);
  }

  async #pingAll(): Promise<void> {
    for (const redis of [this.redis, ...this.#extra]) {
      // One that blocks has a limit of its own.
      if (redis.status !== 'ready' || redis.options.connectionName === 'facefusion-worker') continue;
      const timer = setTimeout(() => redis.disconnect(true), PING_MILLISECONDS / 2);
      void redis
        .ping()
        .catch(() => undefined)
        .finally(() => clearTimeout(timer));
    }
  }
}
