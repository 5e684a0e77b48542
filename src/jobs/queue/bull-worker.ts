/**
 * A worker on BullMQ. It takes tasks by hand (`getNextJob`), from whichever of its lanes is next, since BullMQ's own loop is for
 * one queue: one loop a lane could not keep to one number of tasks at once over all of them, nor to priorities between them.
 * While nothing waits, one blocking command waits for the markers of all lanes together, which is how BullMQ tells of new
 * tasks; Redis hears of an idle worker every ten seconds. Locks are renewed and vanished workers looked for here, too.
 */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { toAppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { BLOCK_SECONDS, type BullConnection } from './bull-connection.ts';
import { BullHeldTasks, type HeldTask } from './bull-held-tasks.ts';
import type { BullMessages } from './bull-messages.ts';
import { BAND_WIDTH, findReadyLanes } from './bull-scripts.ts';
import { type BullResult, failedBefore, idOfKey, toBullError } from './bull-task.ts';
import { isGivenBack, queueUnavailable } from './failed-attempt.ts';
import { chooseLane, type ReadyLane } from './fair-share.ts';
import { goesOnWhilePaused } from './lanes.ts';
import { ATTEMPTS, type QueueWorker, type TaskEnd, type TaskResult, type WorkOptions } from './queue.ts';
import type { QueueTimes } from './queue-times.ts';

/** After an error that is not the connection's, and between two tries to report an end. */
const PAUSE_MILLISECONDS = 500;
/** Others were faster so often in a row: the lane may be held back by somebody. */
const MISSES = 5;
/** A wake-up of a worker that is gone meanwhile does not stay for ever. */
const WAKE_SECONDS = 60;

export interface BullWorkerContext {
  readonly connection: BullConnection;
  readonly messages: BullMessages;
  readonly times: QueueTimes;
  readonly logger: Logger;
  readonly pausedKey: string;
  readonly ended: (task: string) => Promise<TaskEnd | undefined>;
  readonly closed: (worker: BullWorker) => void;
}

/** What there is to do now. */
interface Outlook {
  readonly isPaused: boolean;
  readonly lanes: readonly string[];
  readonly ready: readonly ReadyLane[];
  /** When a delayed task is due; undefined where none waits. */
  readonly dueAt: number | undefined;
}

export class BullWorker implements QueueWorker {
  readonly #context: BullWorkerContext;
  readonly #options: WorkOptions;
  readonly #held: BullHeldTasks;
  readonly #attempts = new Set<Promise<void>>();
  readonly #wakeKey: string;
  readonly #blocking: Redis;
  readonly #loop: Promise<void>;
  readonly #stops: (() => void)[];
  #freed: () => void = () => {};
  #lastLane: string | undefined;
  /** Lanes that a blocking command waits for now. */
  #waitingFor: string | undefined;
  #strayCheckAt = 0;
  #isClosing = false;

  constructor(context: BullWorkerContext, options: WorkOptions) {
    this.#context = context;
    this.#options = options;
    const { connection, messages, times } = context;
    this.#wakeKey = `${connection.own}wake:${randomUUID()}`;
    this.#blocking = connection.open('worker');
    this.#held = new BullHeldTasks(connection, times.leaseMilliseconds, (error) =>
      this.#warn('Locks were not renewed', error),
    );
    const onReady = (): void => this.#cameBack();
    connection.redis.on('ready', onReady);
    const renewing = setInterval(() => void this.#held.renew(), times.renewMilliseconds);
    const polling = setInterval(() => void this.#poll(), times.pollMilliseconds);
    this.#stops = [
      messages.listen('cancel', (job) => this.#held.cancel(job)),
      messages.listen('wake', () => this.#wake()),
      // A message may have been lost.
      messages.onReconnect(() => void this.#held.renew()),
      () => connection.redis.off('ready', onReady),
      () => clearInterval(renewing),
      () => clearInterval(polling),
    ];
    this.#loop = this.#run();
  }

  get active(): number {
    return this.#held.size;
  }

  async close(): Promise<void> {
    const { connection } = this.#context;
    this.#isClosing = true;
    this.#freed();
    this.#wake();
    let isDone = false;
    void this.#loop.then(() => {
      isDone = true;
    });
    while (!isDone) {
      // While Redis is away there is nothing that could be taken: what is in hand is waited for, the loop is not.
      if (connection.redis.status !== 'ready' && this.#held.size === 0) break;
      await Promise.race([this.#loop, pause()]);
    }
    await Promise.all(this.#attempts);
    for (const stop of this.#stops) stop();
    await connection.release(this.#blocking);
    this.#context.closed(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(): Promise<void> {
    for (let misses = 0; !this.#isClosing; ) {
      try {
        if (this.active >= this.#options.concurrency) {
          await new Promise<void>((resolve) => {
            this.#freed = resolve;
          });
          continue;
        }
        const outlook = await this.#look();
        if (this.#isClosing) return;
        const lane = chooseLane(outlook.ready, this.#lastLane);
        if (lane === undefined) await this.#waitForMore(outlook);
        else if (await this.#take(lane)) misses = 0;
        else if (++misses % MISSES === 0) await pause();
      } catch (error) {
        this.#warn('A worker could not ask for tasks', error);
        await pause();
      }
    }
  }

  async #look(): Promise<Outlook> {
    const { connection, pausedKey } = this.#context;
    const lanes = [...new Set(this.#options.lanes())].sort();
    const reply = await findReadyLanes.run(
      connection.redis,
      [pausedKey],
      [`${connection.prefix}:`, Date.now(), BAND_WIDTH, ...lanes],
    );
    const [paused, due, ...rest] = reply;
    const ready: ReadyLane[] = [];
    const isPaused = paused === 1;
    for (let i = 0; i < rest.length; i += 2) {
      const lane = String(rest[i]);
      if (!isPaused || goesOnWhilePaused(lane)) ready.push({ lane, band: Number(rest[i + 1]) });
    }
    return { isPaused, lanes, ready, dueAt: Number(due) || undefined };
  }

  /** Waits for a marker of a lane, the time a delayed task is due, or a wake-up. */
  async #waitForMore({ isPaused, lanes, dueAt }: Outlook): Promise<void> {
    const { connection } = this.#context;
    const open = isPaused ? lanes.filter(goesOnWhilePaused) : lanes;
    const markers = open.map((lane) => `${connection.base(lane)}marker`);
    const due = dueAt === undefined ? BLOCK_SECONDS : (dueAt - Date.now()) / 1000;
    const seconds = Math.min(Math.max(due, 0.005), BLOCK_SECONDS);
    this.#waitingFor = lanes.join();
    try {
      await this.#blocking.bzpopmin(this.#wakeKey, ...markers, seconds);
    } finally {
      this.#waitingFor = undefined;
    }
  }

  async #take(lane: string): Promise<boolean> {
    const token = randomUUID();
    const job = await this.#context.connection.lane(lane).getNextJob(token, { block: false });
    if (!job) return false;
    this.#lastLane = lane;
    const held: HeldTask = { job, token, task: job.data.task, controller: new AbortController() };
    this.#held.add(held);
    const attempt = this.#attempt(held).finally(() => {
      this.#held.delete(held);
      this.#attempts.delete(attempt);
      this.#freed();
    });
    this.#attempts.add(attempt);
    return true;
  }

  async #attempt(held: HeldTask): Promise<void> {
    const { job, task, token, controller } = held;
    const { redis } = this.#context.connection;
    try {
      const error = await this.#read(() => failedBefore(job, task, (key) => redis.hget(key, 'failedReason')));
      if (error) {
        return await this.#deliver(held, { task, outcome: 'failed', error }, () =>
          job.moveToFailed(toBullError(error, true), token),
        );
      }
      const { before, readyAt } = await this.#read(() => this.#before(job));
      const { signal } = controller;
      const value = await this.#options.handler({ task, number: job.attemptsStarted, token, readyAt, signal, before });
      // What cannot be written down is the handler's fault.
      JSON.stringify(value);
      await this.#deliver(held, { task, outcome: 'completed', value }, () =>
        job.moveToCompleted({ value }, token, false),
      );
    } catch (thrown) {
      const error = toAppError(thrown).toJSON();
      if (isGivenBack(error)) return await this.#deliver(held, undefined, () => job.moveToDelayed(Date.now(), token));
      const isFinal = !error.retryable || job.attemptsMade + 1 >= ATTEMPTS;
      const end: TaskEnd | undefined = isFinal ? { task, outcome: 'failed', error } : undefined;
      await this.#deliver(held, end, () => job.moveToFailed(toBullError(error, isFinal), token));
    }
  }

  /** What belongs to a task; where that fails, the task is tried again. */
  async #read<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw queueUnavailable(`A task cannot be read: ${(error as Error).message}.`, error, 'Check the log of Redis.');
    }
  }

  /** Results of what a task waited for, and when the last of them was there. */
  async #before(job: HeldTask['job']): Promise<{ readonly before: readonly TaskResult[]; readonly readyAt: number }> {
    const { first } = job.data;
    if (first === undefined || first.length === 0) return { before: [], readyAt: job.timestamp };
    const values = await job.getChildrenValues<BullResult>();
    const byId = new Map(Object.entries(values).map(([key, result]) => [idOfKey(key), result]));
    const pipeline = this.#context.connection.redis.pipeline();
    for (const key of Object.keys(values)) pipeline.hget(key, 'finishedOn');
    const ends = (await pipeline.exec()) ?? [];
    return {
      before: first.map((task) => ({ task, value: byId.get(task)?.value })),
      readyAt: Math.max(job.timestamp, ...ends.map(([, at]) => Number(at) || 0)),
    };
  }

  /** Reports how an attempt ended, for as long as it is this worker's to say: until Redis is back, where it is away. */
  async #deliver(held: HeldTask, end: TaskEnd | undefined, report: () => Promise<unknown>): Promise<void> {
    const { task, controller } = held;
    while (!controller.signal.aborted) {
      try {
        await report();
        if (end) await this.#tell(end);
        return;
      } catch (error) {
        this.#warn('The end of a task was not taken', error, task.id);
        try {
          // The answer may have been lost, not what was reported.
          const told = await this.#context.ended(task.id);
          if (told) return await this.#tell(told);
          await this.#held.renew();
        } catch (again) {
          this.#warn('Redis does not answer', again, task.id);
        }
        await pause();
      }
    }
  }

  async #tell(end: TaskEnd): Promise<void> {
    const { connection, messages } = this.#context;
    const { job, lane, id } = end.task;
    await Promise.all([
      connection.redis.srem(`${connection.own}job:${job}`, `${lane} ${id}`),
      messages.send('end', end),
    ]);
  }

  #wake(): void {
    const { connection } = this.#context;
    if (connection.redis.status !== 'ready') return;
    const pipeline = connection.redis.pipeline().zadd(this.#wakeKey, 0, 'wake').expire(this.#wakeKey, WAKE_SECONDS);
    pipeline.exec().catch((error) => this.#warn('A worker was not woken', error));
  }

  async #poll(): Promise<void> {
    try {
      const lanes = [...new Set(this.#options.lanes())].sort();
      if (this.#waitingFor !== undefined && this.#waitingFor !== lanes.join()) this.#wake();
      const { connection, times } = this.#context;
      if (Date.now() < this.#strayCheckAt || this.#isClosing || connection.redis.status !== 'ready') return;
      this.#strayCheckAt = Date.now() + times.leaseMilliseconds / 2;
      await this.#checkStrays(lanes);
    } catch (error) {
      this.#warn('Vanished workers were not looked for', error);
    }
  }

  /** Tasks of workers that vanished wait again. BullMQ lets one of all workers do it. */
  async #checkStrays(lanes: readonly string[]): Promise<void> {
    for (const lane of lanes) {
      const strays = await this.#context.connection.lane(lane).backend.moveStalledJobsToWait();
      for (const task of strays) this.#context.logger.warn('A worker vanished with a task in hand', { task });
    }
  }

  /** Redis is back: all locks may have run out, and those whose they are get time to renew them. */
  #cameBack(): void {
    this.#strayCheckAt = Date.now() + this.#context.times.leaseMilliseconds;
    void this.#held.renew();
    this.#wake();
  }

  #warn(what: string, error: unknown, task?: string): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#context.logger.warn(what, task === undefined ? { reason } : { reason, task });
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
