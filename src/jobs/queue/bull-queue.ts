/** The queue of many machines: BullMQ on Redis, one of BullMQ's queues a lane. */
import { Job } from 'bullmq';
import { type Logger, silentLogger } from '../../core/logger.ts';
import { BullConnection } from './bull-connection.ts';
import { BullMessages } from './bull-messages.ts';
import { BAND_WIDTH, chargeTasks, countLanes, frontOf, moveJob, removeJob } from './bull-scripts.ts';
import { type BullTask, END_FIELDS, toTaskEnd } from './bull-task.ts';
import { BullWorker } from './bull-worker.ts';
import { RETRY_JITTER } from './failed-attempt.ts';
import { bandOf } from './fair-share.ts';
import { goesOnWhilePaused } from './lanes.ts';
import {
  ATTEMPTS,
  type LaneStats,
  MOST_ORDERED,
  type Queue,
  type QueueWorker,
  type Task,
  type TaskEnd,
  type WorkOptions,
} from './queue.ts';
import { QUEUE_TIMES, type QueueTimes } from './queue-times.ts';

export interface BullQueueOptions {
  /** `redis://` or `rediss://`, with user and password where there are any. */
  readonly url: string;
  /** What all keys begin with. In braces, so that a Redis Cluster keeps them on one node. */
  readonly prefix?: string;
  readonly logger?: Logger;
  readonly times?: Partial<QueueTimes>;
  /** How long calls wait for a Redis that is away before QUEUE_UNAVAILABLE; 10 s by default. */
  readonly waitMilliseconds?: number;
}

/** As long as a proxy in front of the service waits for an answer at the least. */
const WAIT_MILLISECONDS = 10_000;
/** Tasks of one script: Redis does nothing else meanwhile. */
const BATCH = 500;
/** A list of a job's tasks is emptied as they end; this is for one that was left behind. */
const JOB_LIST_MILLISECONDS = 30 * 24 * 3600 * 1000;

/**
 * Opens the queue on a Redis.
 * @throws QUEUE_UNAVAILABLE where Redis cannot be reached, is older than 6.2, or may evict keys
 */
export async function openBullQueue(options: BullQueueOptions): Promise<Queue> {
  const { url, prefix = '{facefusion}', logger = silentLogger, waitMilliseconds = WAIT_MILLISECONDS } = options;
  const times = { ...QUEUE_TIMES, ...options.times };
  const connection = new BullConnection({ url, prefix, logger, times, waitMilliseconds });
  try {
    await connection.checkServer();
    return new BullQueue(connection, times, logger);
  } catch (error) {
    await connection[Symbol.asyncDispose]();
    throw error;
  }
}

class BullQueue implements Queue {
  readonly #connection: BullConnection;
  readonly #messages: BullMessages;
  readonly #times: QueueTimes;
  readonly #logger: Logger;
  readonly #workers = new Set<BullWorker>();
  readonly #pausedKey: string;
  readonly #lanesKey: string;
  #isClosed = false;

  constructor(connection: BullConnection, times: QueueTimes, logger: Logger) {
    this.#connection = connection;
    this.#messages = new BullMessages(connection, logger);
    this.#times = times;
    this.#logger = logger;
    this.#pausedKey = `${connection.own}paused`;
    this.#lanesKey = `${connection.own}lanes`;
  }

  async add(tasks: readonly Task[]): Promise<void> {
    for (const [lane, own] of byLane(tasks)) {
      for (const batch of batches(own)) {
        await this.#connection.ask(async () => {
          const jobs = batch.map((task) => ({ name: task.kind, data: { task }, opts: this.#optionsOf(task) }));
          await Job.createBulk<BullTask>(this.#connection.lane(lane), jobs);
          await this.#charge(lane, batch);
        });
      }
    }
  }

  addFlow(first: readonly Task[], last: Task): Promise<void> {
    return this.#connection.ask(async () => {
      if ((await this.#connection.redis.exists(`${this.#connection.base(last.lane)}${last.id}`)) === 0) {
        const node = (task: Task, data: BullTask) => ({
          ...{ name: task.kind, queueName: task.lane, data, opts: this.#optionsOf(task) },
        });
        const children = first.map((task) => {
          const { opts, ...rest } = node(task, { task });
          return { ...rest, opts: { ...opts, failParentOnFailure: true } };
        });
        await this.#connection.flows.add({ ...node(last, { task: last, first: first.map(({ id }) => id) }), children });
      }
      // Also where it is there: whoever added it may have died before this.
      for (const [lane, own] of byLane([...first, last])) {
        for (const batch of batches(own)) await this.#charge(lane, batch);
      }
    });
  }

  work(options: WorkOptions): QueueWorker {
    const worker = new BullWorker(
      {
        connection: this.#connection,
        messages: this.#messages,
        times: this.#times,
        logger: this.#logger,
        pausedKey: this.#pausedKey,
        ended: (task) => this.ended(task),
        closed: (closed) => this.#workers.delete(closed),
      },
      options,
    );
    this.#workers.add(worker);
    return worker;
  }

  cancel(job: string): Promise<void> {
    const { redis, own, prefix } = this.#connection;
    return this.#connection.ask(async () => {
      await removeJob.run(redis, [`${own}job:${job}`], [`${prefix}:`]);
      await this.#messages.send('cancel', job);
    });
  }

  async pause(): Promise<void> {
    await this.#connection.ask(() => this.#connection.redis.set(this.#pausedKey, '1'));
  }

  resume(): Promise<void> {
    return this.#connection.ask(async () => {
      await this.#connection.redis.del(this.#pausedKey);
      await this.#messages.send('wake', null);
    });
  }

  async isPaused(): Promise<boolean> {
    return (await this.#connection.ask(() => this.#connection.redis.exists(this.#pausedKey))) === 1;
  }

  order(tenant: string): Promise<readonly string[]> {
    const { redis } = this.#connection;
    return this.#connection.ask(async () => {
      const lanes = (await redis.smembers(this.#lanesKey)).filter((lane) => !goesOnWhilePaused(lane)).sort();
      const turns: { readonly job: string; readonly score: number }[] = [];
      for (const lane of lanes) {
        const base = this.#connection.base(lane);
        for (let start = 0; turns.length < MOST_ORDERED; start += BATCH) {
          const page = await redis.zrange(`${base}prioritized`, String(start), String(start + BATCH - 1), 'WITHSCORES');
          const pipeline = redis.pipeline();
          for (let i = 0; i < page.length; i += 2) pipeline.hmget(`${base}${page[i]}`, 'shareOf', 'data');
          for (const [i, [error, fields]] of ((await pipeline.exec()) ?? []).entries()) {
            if (error) throw error;
            const [owner, data] = fields as (string | null)[];
            if (owner !== tenant || !data) continue;
            turns.push({ job: (JSON.parse(data) as BullTask).task.job, score: Number(page[2 * i + 1]) });
          }
          if (page.length < 2 * BATCH) break;
        }
      }
      return [...new Set(turns.sort((a, b) => a.score - b.score).map(({ job }) => job))];
    });
  }

  async move(job: string, before: string | undefined): Promise<boolean> {
    const { redis, own, prefix } = this.#connection;
    const keys = [`${own}job:${job}`, `${own}job:${before ?? ''}`];
    const values = [`${prefix}:`, BAND_WIDTH, before === undefined ? 1 : 0];
    return (await this.#connection.ask(() => moveJob.run(redis, keys, values))) === 1;
  }

  watchEnds(listener: (end: TaskEnd) => void): () => void {
    return this.#messages.listen('end', listener);
  }

  ended(task: string): Promise<TaskEnd | undefined> {
    const { redis } = this.#connection;
    return this.#connection.ask(async () => {
      // Whoever watches first and asks then misses nothing.
      await this.#messages.heard();
      const lanes = await redis.smembers(this.#lanesKey);
      const pipeline = redis.pipeline();
      for (const lane of lanes) pipeline.hmget(`${this.#connection.base(lane)}${task}`, ...END_FIELDS);
      for (const [error, fields] of (await pipeline.exec()) ?? []) {
        if (error) throw error;
        const end = toTaskEnd(fields as (string | null)[]);
        if (end) return end;
      }
      return undefined;
    });
  }

  stats(): Promise<readonly LaneStats[]> {
    const { redis, prefix } = this.#connection;
    return this.#connection.ask(async () => {
      const reply = await countLanes.run(redis, [this.#lanesKey], [`${prefix}:`, BAND_WIDTH]);
      const stats: LaneStats[] = [];
      for (let i = 0; i < reply.length; i += 5) {
        const [waiting, active, delayed, oldest] = reply.slice(i + 1, i + 5).map(Number) as [
          number,
          number,
          number,
          number,
        ];
        const oldestSeconds = oldest === 0 ? 0 : Math.max(0, Date.now() - oldest) / 1000;
        stats.push({ lane: String(reply[i]), waiting, active, delayed, oldestSeconds });
      }
      return stats;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.close()));
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#connection[Symbol.asyncDispose]();
  }

  /** BullMQ prefers tasks without a priority to all others: each has one. The front of its band, until it is charged. */
  #optionsOf(task: Task) {
    return {
      jobId: task.id,
      priority: frontOf(bandOf(task.priority)),
      attempts: ATTEMPTS,
      backoff: { type: 'exponential', delay: this.#times.backoffMilliseconds, jitter: RETRY_JITTER },
    };
  }

  async #charge(lane: string, tasks: readonly Task[]): Promise<void> {
    const { redis, own } = this.#connection;
    const base = this.#connection.base(lane);
    const values = tasks.flatMap(({ id, tenant, priority, cost, job }) => [
      ...[id, tenant, bandOf(priority), Math.max(1, cost), job],
    ]);
    const head = [base, own, lane, BAND_WIDTH, JOB_LIST_MILLISECONDS];
    await chargeTasks.run(redis, [`${base}prioritized`, this.#lanesKey], [...head, ...values]);
  }
}

function byLane(tasks: readonly Task[]): ReadonlyMap<string, readonly Task[]> {
  const lanes = new Map<string, Task[]>();
  for (const task of tasks) {
    const own = lanes.get(task.lane);
    if (own) own.push(task);
    else lanes.set(task.lane, [task]);
  }
  return lanes;
}

function* batches(tasks: readonly Task[]): Generator<readonly Task[]> {
  for (let i = 0; i < tasks.length; i += BATCH) yield tasks.slice(i, i + BATCH);
}
