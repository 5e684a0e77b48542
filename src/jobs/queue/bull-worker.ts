/**
 * A worker on BullMQ. It takes tasks by hand (`getNextJob`), from whichever of its lanes is next, since BullMQ's own loop is for
 * one queue: one loop a lane could not keep to one number of tasks at once over all of them, nor to priorities between them.
 * While nothing waits, one blocking command waits for the markers of all lanes together, which is how BullMQ tells of new
 * tasks; Redis hears of an idle worker every ten seconds. Locks are renewed and vanished workers looked for here, too.
 */
import { randomUUID } from 'node:crypto';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { toAppError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { BLOCK_SECONDS, type BullConnection } from './bull-connection.ts';
import type { BullMessages } from './bull-messages.ts';
import { BAND_WIDTH, findReadyLanes, renewLocks } from './bull-scripts.ts';
import { type BullResult, type BullTask, failedBefore, idOfKey, toBullError } from './bull-task.ts';
import { queueUnavailable } from './failed-attempt.ts';
import { chooseLane, type ReadyLane } from './fair-share.ts';
import { ATTEMPTS, type QueueWorker, type Task, type TaskEnd, type TaskResult, type WorkOptions } from './queue.ts';
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

type BullJob = Job<BullTask, BullResult>;

interface InHand {
  readonly job: BullJob;
  readonly task: Task;
  readonly token: string;
  readonly controller: AbortController;
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
  readonly #inHand = new Map<string, InHand>();
  readonly #attempts = new Set<Promise<void>>();
  readonly #wakeKey: string;
  readonly #blocking: Redis;
  readonly #loop: Promise<void>;
  readonly #stops: (() => void)[];
  #freed: () => void = () => {};
  #lastLane: string | undefined;
  /** Lanes that a blocking command waits for now. */
  #waitingFor: string | undefined;
  #renewal: Promise<void> | undefined;
  #strayCheckAt = 0;
  #isClosing = false;

  constructor(context: BullWorkerContext, options: WorkOptions) {
    this.#context = context;
    this.#options = options;
    const { connection, messages, times } = context;
    this.#wakeKey = `${connection.own}wake:${randomUUID()}`;
    this.#blocking = connection.open('worker');
    const onReady = (): void => this.#cameBack();
    connection.redis.on('ready', onReady);
    const renewing = setInterval(() => void this.#renew(), times.renewMilliseconds);
    const polling = setInterval(() => this.#poll(), times.pollMilliseconds);
    this.#stops = [
      messages.listen('cancel', (job) => this.#cancel(job)),
      messages.listen('wake', () => this.#wake()),
      // A message may have been lost.
      messages.onReconnect(() => void this.#renew()),
      () => connection.redis.off('ready', onReady),
      () => clearInterval(renewing),
      () => clearInterval(polling),
    ];
    this.#loop = this.#run();
  }

  get active(): number {
    return this.#inHand.size;
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
      if (connection.redis.status !== 'ready' && this.#inHand.size === 0) break;
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
    for (let i = 0; i < rest.length; i += 2) ready.push({ lane: String(rest[i]), band: Number(rest[i + 1]) });
    return { isPaused: paused === 1, lanes, ready, dueAt: Number(due) || undefined };
  }

  /** Waits for a marker of a lane, the time a delayed task is due, or a wake-up. */
  async #waitForMore({ isPaused, lanes, dueAt }: Outlook): Promise<void> {
    const { connection } = this.#context;
    const markers = isPaused ? [] : lanes.map((lane) => `${connection.base(lane)}marker`);
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
    const hand: InHand = { job, token, task: job.data.task, controller: new AbortController() };
    this.#inHand.set(token, hand);
    const attempt = this.#attempt(hand).finally(() => {
      this.#inHand.delete(token);
      this.#attempts.delete(attempt);
      this.#freed();
    });
    this.#attempts.add(attempt);
    return true;
  }

  async #attempt(hand: InHand): Promise<void> {
    const { job, task, token, controller } = hand;
    const { redis } = this.#context.connection;
    try {
      const error = await this.#read(() => failedBefore(job, task, (key) => redis.hget(key, 'failedReason')));
      if (error) {
        return await this.#deliver(hand, { task, outcome: 'failed', error }, () =>
          job.moveToFailed(toBullError(error, true), token),
        );
      }
      const { before, readyAt } = await this.#read(() => this.#before(job));
      const { signal } = controller;
      const value = await this.#options.handler({ task, number: job.attemptsStarted, token, readyAt, signal, before });
      // What cannot be written down is the handler's fault.
      JSON.stringify(value);
      await this.#deliver(hand, { task, outcome: 'completed', value }, () =>
        job.moveToCompleted({ value }, token, false),
      );
    } catch (thrown) {
      const error = toAppError(thrown).toJSON();
      const isFinal = !error.retryable || job.attemptsMade + 1 >= ATTEMPTS;
      const end: TaskEnd | undefined = isFinal ? { task, outcome: 'failed', error } : undefined;
      await this.#deliver(hand, end, () => job.moveToFailed(toBullError(error, isFinal), token));
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
  async #before(job: BullJob): Promise<{ readonly before: readonly TaskResult[]; readonly readyAt: number }> {
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
  async #deliver(hand: InHand, end: TaskEnd | undefined, report: () => Promise<unknown>): Promise<void> {
    const { task, controller } = hand;
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
          await this.#renew();
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

  /** One at a time: while Redis is away it waits, and is the first thing that is done when it is back. */
  #renew(): Promise<void> {
    this.#renewal ??= this.#renewAll()
      .catch((error) => this.#warn('Locks were not renewed', error))
      .finally(() => {
        this.#renewal = undefined;
      });
    return this.#renewal;
  }

  async #renewAll(): Promise<void> {
    const { connection, times } = this.#context;
    for (const lane of new Set([...this.#inHand.values()].map(({ task }) => task.lane))) {
      const hands = [...this.#inHand.values()].filter(({ task }) => task.lane === lane);
      const base = connection.base(lane);
      const states = await renewLocks.run(
        connection.redis,
        [`${base}active`, `${base}stalled`],
        [base, times.leaseMilliseconds, ...hands.flatMap(({ task, token }) => [task.id, token])],
      );
      for (const [i, { token, controller }] of hands.entries()) {
        // One that ended meanwhile is nobody's any more.
        if (states[i] !== 1 && this.#inHand.has(token)) controller.abort(states[i] === -1 ? 'cancel' : 'lease');
      }
    }
  }

  #cancel(job: string): void {
    for (const { task, controller } of this.#inHand.values()) if (task.job === job) controller.abort('cancel');
  }

  #wake(): void {
    const { connection } = this.#context;
    if (connection.redis.status !== 'ready') return;
    const pipeline = connection.redis.pipeline().zadd(this.#wakeKey, 0, 'wake').expire(this.#wakeKey, WAKE_SECONDS);
    pipeline.exec().catch((error) => this.#warn('A worker was not woken', error));
  }

  #poll(): void {
    if (this.#waitingFor !== undefined && this.#waitingFor !== [...new Set(this.#options.lanes())].sort().join()) {
      this.#wake();
    }
    if (Date.now() < this.#strayCheckAt || this.#isClosing || this.#context.connection.redis.status !== 'ready') return;
    this.#strayCheckAt = Date.now() + this.#context.times.leaseMilliseconds / 2;
    void this.#checkStrays();
  }

  /** Tasks of workers that vanished wait again. BullMQ lets one of all workers do it. */
  async #checkStrays(): Promise<void> {
    try {
      for (const lane of this.#options.lanes()) {
        const strays = await this.#context.connection.lane(lane).backend.moveStalledJobsToWait();
        for (const task of strays) this.#context.logger.warn('A worker vanished with a task in hand', { task });
      }
    } catch (error) {
      this.#warn('Vanished workers were not looked for', error);
    }
  }

  /** Redis is back: all locks may have run out, and those whose they are get time to renew them. */
  #cameBack(): void {
    this.#strayCheckAt = Date.now() + this.#context.times.leaseMilliseconds;
    void this.#renew();
    this.#wake();
  }

  #warn(what: string, error: unknown, task?: string): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#context.logger.warn(what, task === undefined ? { reason } : { reason, task });
  }
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
