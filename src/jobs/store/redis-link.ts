/** A connection to Redis that outlives a Redis that is away for a while. */
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { AppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { redisError, willPass } from './redis-errors.ts';
import { REDIS_SCRIPTS } from './redis-scripts.ts';

export interface RedisLinkOptions {
  readonly logger: Logger;
  /** How long a command waits for a Redis that is away. */
  readonly waitSeconds: number;
  /** How long opening waits. */
  readonly openSeconds: number;
}

/** Commands on their way at the same time, before more are refused: a service goes on taking requests while Redis is away. */
const RUNNING_LIMIT = 20_000;
/** Between two tries to connect. */
const RECONNECT_MILLISECONDS = { first: 50, last: 1000 };
/** Before a command is sent again. */
const AGAIN_MILLISECONDS = 25;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: AppError) => void;
}

/** Sends commands. The creator closes it. */
export class RedisLink {
  readonly #redis: Redis;
  readonly #options: RedisLinkOptions;
  readonly #waiters = new Set<Waiter>();
  #running = 0;
  #isOpening = true;
  #isClosed = false;
  /** What kept it from connecting last. */
  #lastError: unknown;

  /** Connects as soon as the address answers. */
  constructor(url: string, options: RedisLinkOptions) {
    this.#options = options;
    this.#redis = new Redis(url, {
      ...connectionOptions('facefusion-store'),
      scripts: REDIS_SCRIPTS,
      // Commands that fail because the connection is lost are sent again by `run`, which says so.
      ...{ enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: options.waitSeconds * 1000 },
    });
    this.#redis.on('error', (error) => this.#failed(error));
    this.#redis.on('ready', () => this.#ready());
  }

  /** @throws STORE_FAILED where it does not answer, or does not let us in */
  async open(): Promise<void> {
    this.#redis.connect().catch((error: unknown) => this.#failed(error));
    await this.#untilReady(performance.now() + this.#options.openSeconds * 1000);
    this.#isOpening = false;
  }

  /**
   * Sends a command, again where its answer was lost, for up to `waitSeconds`.
   * @param send is told whether the same may have been done before
   * @throws STORE_FAILED
   */
  async run<T>(send: (redis: Redis, isAgain: boolean) => Promise<T>): Promise<T> {
    if (this.#running >= RUNNING_LIMIT) throw tooMany();
    this.#running++;
    try {
      return await this.#send(send, performance.now() + this.#options.waitSeconds * 1000);
    } finally {
      this.#running--;
    }
  }

  async #send<T>(send: (redis: Redis, isAgain: boolean) => Promise<T>, end: number): Promise<T> {
    for (let isAgain = false; ; isAgain = true) {
      if (this.#redis.status !== 'ready') await this.#untilReady(end);
      try {
        return await send(this.#redis, isAgain);
      } catch (error) {
        if (this.#isClosed || !willPass(error) || performance.now() > end) throw redisError(error);
        await wait(AGAIN_MILLISECONDS * (1 + Math.random()));
      }
    }
  }

  /** Lets what was sent be answered, if Redis is there. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#rejectWaiters(closed());
    if (this.#redis.status === 'ready') await this.#redis.quit().catch(() => this.#redis.disconnect());
    else this.#redis.disconnect();
  }

  #ready(): void {
    if (!this.#isOpening && this.#lastError !== undefined) this.#options.logger.info('Redis is back.');
    this.#lastError = undefined;
    for (const waiter of this.#waiters) waiter.resolve();
  }

  #failed(error: unknown): void {
    if (this.#lastError === undefined && !this.#isOpening) {
      this.#options.logger.warn('Redis is away; waiting for it.', { reason: redisError(error).message });
    }
    this.#lastError = error;
    // Who is not let in will not be by waiting, at first. Later it may be a restart without its users yet.
    if (this.#isOpening && !willPass(error)) this.#rejectWaiters(redisError(error));
  }

  async #untilReady(end: number): Promise<void> {
    if (this.#isClosed) throw closed();
    let timer: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#waiters.add((waiter = { resolve, reject }));
        const late = (): void => reject(redisError(this.#lastError ?? new Error('Connection is not ready')));
        timer = setTimeout(late, Math.max(0, end - performance.now()));
      });
    } finally {
      clearTimeout(timer);
      if (waiter) this.#waiters.delete(waiter);
    }
  }

  #rejectWaiters(error: AppError): void {
    for (const waiter of this.#waiters) waiter.reject(error);
  }
}

const tooMany = (): AppError =>
  new AppError('STORE_FAILED', `Redis is slow or away, and ${RUNNING_LIMIT} commands wait for it.`, {
    hint: 'Try again when it is back.',
    retryable: true,
  });

const closed = (): AppError => new AppError('STORE_FAILED', 'The store was closed.');

/** What both connections of a store have in common. */
export const connectionOptions = (name: string) =>
  ({
    lazyConnect: true,
    connectionName: name,
    retryStrategy: (times: number): number =>
      Math.min(RECONNECT_MILLISECONDS.last, RECONNECT_MILLISECONDS.first * 2 ** Math.min(times, 10)) *
      (0.75 + Math.random() / 2),
    // After a failover the old primary is read-only: connecting again finds the new one.
    reconnectOnError: (error: Error): boolean => error.message.startsWith('READONLY'),
  }) as const;
