/**
 * The queue of one machine: tables in SQLite, nothing to install. Workers of this process hear of new tasks at once, those
 * of other processes within a second. The lease of a process that is no more is taken over at once, before a task that
 * waits behind it is begun.
 */
import { isHolderAlive, thisProcess } from '../../core/files/file-lock.ts';
import { type Logger, silentLogger } from '../../core/logger.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { EmbeddedTasks } from './embedded-tasks.ts';
import { EmbeddedWorker } from './embedded-worker.ts';
import type { LaneStats, Queue, QueueWorker, Task, TaskEnd, WorkOptions } from './queue.ts';
import { QUEUE_TIMES, type QueueTimes } from './queue-times.ts';

export interface EmbeddedQueueOptions {
  readonly logger?: Logger;
  readonly times?: Partial<QueueTimes>;
}

/** Between two times old ends are forgotten. */
const PRUNE_MILLISECONDS = 10 * 60 * 1000;

/**
 * Opens a queue, making the file and its tables where they are not there yet.
 * @param path of the file, which may be the store's; `:memory:` keeps it for this process only
 * @throws QUEUE_UNAVAILABLE where it cannot be opened, is damaged or was written by a newer version
 */
export function openEmbeddedQueue(path: string, options: EmbeddedQueueOptions = {}): Queue {
  return new EmbeddedQueue(new EmbeddedDatabase(path), options);
}

class EmbeddedQueue implements Queue {
  readonly #database: EmbeddedDatabase;
  readonly #tasks: EmbeddedTasks;
  readonly #logger: Logger;
  readonly #times: QueueTimes;
  readonly #workers = new Set<EmbeddedWorker>();
  readonly #listeners = new Set<(end: TaskEnd) => void>();
  #holder: string | undefined;
  #toldEnd: number;
  #timer: NodeJS.Timeout | undefined;
  #isLookDue = false;
  #isClosed = false;
  #polledAt = 0;
  #renewedAt = 0;
  #prunedAt = 0;

  constructor(database: EmbeddedDatabase, { logger = silentLogger, times = {} }: EmbeddedQueueOptions) {
    this.#database = database;
    this.#tasks = new EmbeddedTasks(database);
    this.#logger = logger;
    this.#times = { ...QUEUE_TIMES, ...times };
    this.#toldEnd = this.#tasks.lastEnd();
    void thisProcess().then((holder) => {
      this.#holder = holder;
      return this.#poll();
    });
  }

  async add(tasks: readonly Task[]): Promise<void> {
    this.#tasks.add(tasks, Date.now());
    this.#lookSoon();
  }

  async addFlow(first: readonly Task[], last: Task): Promise<void> {
    this.#tasks.addFlow(first, last, Date.now());
    this.#lookSoon();
  }

  work(options: WorkOptions): QueueWorker {
    let isClosed = false;
    const worker = new EmbeddedWorker(
      {
        tasks: this.#tasks,
        times: this.#times,
        logger: this.#logger,
        holder: () => this.#holder,
        changed: () => this.#lookSoon(),
        closed: (closed) => {
          isClosed = true;
          this.#workers.delete(closed);
        },
      },
      options,
    );
    // What a process that was killed had in hand was begun before what waits: it goes on first.
    void this.#takeStrays().then(() => {
      if (isClosed || this.#isClosed) return;
      this.#workers.add(worker);
      this.#lookSoon();
    });
    return worker;
  }

  async cancel(job: string): Promise<void> {
    const tokens = this.#tasks.cancel(job);
    for (const worker of this.#workers) worker.cancel(tokens);
  }

  async pause(): Promise<void> {
    this.#tasks.setPaused(true);
  }

  async resume(): Promise<void> {
    this.#tasks.setPaused(false);
    this.#lookSoon();
  }

  async isPaused(): Promise<boolean> {
    return this.#tasks.isPaused();
  }

  async order(tenant: string): Promise<readonly string[]> {
    return this.#tasks.order(tenant);
  }

  async move(job: string, before: string | undefined): Promise<boolean> {
    return this.#tasks.move(job, before);
  }

  watchEnds(listener: (end: TaskEnd) => void): () => void {
    // Of its own, so that the same function given twice is two listeners.
    const own = (end: TaskEnd): void => listener(end);
    if (this.#listeners.size === 0) this.#toldEnd = this.#tasks.lastEnd();
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  async ended(task: string): Promise<TaskEnd | undefined> {
    return this.#tasks.ended(task);
  }

  async stats(): Promise<readonly LaneStats[]> {
    return this.#tasks.stats(Date.now());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.close()));
    if (this.#isClosed) return;
    this.#guard(() => this.#tellEnds());
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
    this.#database.close();
  }

  /** Once for many changes, and never inside the call that made them. */
  #lookSoon(): void {
    if (this.#isLookDue) return;
    this.#isLookDue = true;
    setImmediate(() => {
      this.#isLookDue = false;
      this.#look();
      this.#schedule();
    });
  }

  #look(): void {
    if (this.#isClosed) return;
    this.#guard(() => this.#tellEnds());
    for (const worker of this.#workers) this.#guard(() => worker.fill());
  }

  /** What no change in this process tells of: time that passed, and what other processes did. */
  async #poll(): Promise<void> {
    if (this.#isClosed) return;
    const now = Date.now();
    this.#polledAt = now;
    const isRenewing = now - this.#renewedAt >= this.#times.renewMilliseconds || now < this.#renewedAt;
    if (isRenewing) this.#renewedAt = now;
    for (const worker of this.#workers) this.#guard(() => worker.check(isRenewing));
    if (this.#workers.size > 0) await this.#takeStrays();
    if (this.#isClosed) return;
    if (now - this.#prunedAt >= PRUNE_MILLISECONDS) {
      this.#prunedAt = now;
      this.#guard(() => this.#tasks.prune(now));
    }
    this.#look();
    this.#schedule();
  }

  /** The next poll, earlier where a task becomes ready before that. Never later for having been asked again. */
  #schedule(): void {
    if (this.#isClosed || this.#holder === undefined) return;
    clearTimeout(this.#timer);
    const now = Date.now();
    const ready = this.#guard(() => this.#tasks.nextReadyAt(now)) ?? Number.POSITIVE_INFINITY;
    const { pollMilliseconds, renewMilliseconds } = this.#times;
    const due = Math.min(this.#polledAt + Math.min(pollMilliseconds, renewMilliseconds), ready);
    // Bounded: the clock may have been set back.
    const wait = Math.min(Math.max(1, due - now), pollMilliseconds);
    this.#timer = setTimeout(() => void this.#poll(), wait);
  }

  async #takeStrays(): Promise<void> {
    for (const lease of this.#guard(() => this.#tasks.leases()) ?? []) {
      const isStray =
        lease.leasedUntil < Date.now() || (lease.holder !== this.#holder && !(await isHolderAlive(lease.holder)));
      if (!isStray || this.#isClosed) continue;
      this.#logger.warn('A worker vanished with a task in hand', { task: lease.id });
      this.#guard(() => this.#tasks.takeAway(lease, Date.now()));
    }
  }

  #tellEnds(): void {
    if (this.#listeners.size === 0) return;
    for (const { number, end } of this.#tasks.endsAfter(this.#toldEnd)) {
      this.#toldEnd = number;
      for (const listener of this.#listeners) this.#guard(() => listener(end));
    }
  }

  /** What fails here fails again or succeeds at the next poll: nothing waits for an answer. */
  #guard<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#logger.warn('The queue could not do what was due', { reason: (error as Error).message });
      return undefined;
    }
  }
}
