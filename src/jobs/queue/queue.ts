/**
 * Work that waits for a worker. One conformance suite (`test/conformance/queues.test.ts`) for the embedded queue and the one
 * on BullMQ. A task is given to one worker at a time as far as anybody can know; it may be worked on twice where a worker
 * was frozen, and only one result counts.
 */
import type { AppErrorJson } from '../../core/errors.ts';

export const PRIORITIES = ['high', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

export interface Task {
  /** Unique for ever: `<job>-<kind>-<number>`; adding it again changes nothing. Letters, digits, `-` and `_`, not a number. */
  readonly id: string;
  /** Which handler does it. */
  readonly kind: string;
  readonly job: string;
  /** Tenants share the workers fairly within a priority. */
  readonly tenant: string;
  readonly priority: Priority;
  /** How much work it is, in chunks of video; counts for the share of its tenant. At least 1. */
  readonly cost: number;
  /** Workers take tasks from the lanes that they can serve; see `lanes.ts`. */
  readonly lane: string;
  /** Small JSON. */
  readonly payload: unknown;
}

/** A task in the hands of a worker. */
export interface Attempt {
  readonly task: Task;
  /** From 1. */
  readonly number: number;
  /** Unique: what this attempt writes goes under this name. */
  readonly token: string;
  /** When the task could have been begun first, milliseconds since 1970. */
  readonly readyAt: number;
  /**
   * Fires where the result no longer counts: the job was cancelled (reason `cancel`), or the lease was lost (reason
   * `lease`). Work then stops and publishes nothing.
   */
  readonly signal: AbortSignal;
  /** Results of the tasks that this one waited for, in the order in which they were given. */
  readonly before: readonly TaskResult[];
}

export interface TaskResult {
  readonly task: string;
  /** As the handler gave it: small JSON. */
  readonly value: unknown;
}

/** How a task ended for good. */
export type TaskEnd =
  | { readonly task: Task; readonly outcome: 'completed'; readonly value: unknown }
  | { readonly task: Task; readonly outcome: 'failed'; readonly error: AppErrorJson };

/**
 * Does a task. What it returns is its result.
 * @throws AppError: a retryable one is tried again after a while, up to `ATTEMPTS` times in all; any other ends the task. What
 *   `giveBack` of `failed-attempt.ts` makes is no try: somebody begins the task anew
 */
export type TaskHandler = (attempt: Attempt) => Promise<unknown>;

export interface WorkOptions {
  /** Lanes to take from now; asked again before each task. */
  readonly lanes: () => readonly string[];
  /** Tasks at once. */
  readonly concurrency: number;
  readonly handler: TaskHandler;
}

/** A running worker. Disposing it is `close`. */
export interface QueueWorker extends AsyncDisposable {
  /** Tasks in hand. */
  readonly active: number;
  /** Takes no more tasks, and waits until those in hand are done. */
  close(): Promise<void>;
}

export interface LaneStats {
  readonly lane: string;
  readonly waiting: number;
  readonly active: number;
  /** Waiting for another try, or for other tasks. */
  readonly delayed: number;
  /** For how long the oldest waiting task has been ready. */
  readonly oldestSeconds: number;
}

/** Jobs that `order` gives. */
export const MOST_ORDERED = 1000;

/** Times a task is tried in all when it throws retryable errors. */
export const ATTEMPTS = 3;
/** Times a worker may vanish (killed, frozen) with a task in hand before it counts as poison: JOB_KEPT_FAILING. */
export const LOST_WORKERS = 2;

/** The creator disposes it. Every method may throw QUEUE_UNAVAILABLE, which is retryable. */
export interface Queue extends AsyncDisposable {
  /** Adds tasks that can be begun at once. */
  add(tasks: readonly Task[]): Promise<void>;
  /** Adds tasks, and one that waits until all of them are completed. If one of them fails, `last` fails with its error. */
  addFlow(first: readonly Task[], last: Task): Promise<void>;
  /** Starts a worker in this process. */
  work(options: WorkOptions): QueueWorker;
  /** Takes the waiting tasks of a job away, and fires the signal of those in work on any worker within 2 s. No end is told. */
  cancel(job: string): Promise<void>;
  /** Workers take no new tasks until `resume`, save those of lanes that `goesOnWhilePaused` names; by any process. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  isPaused(): Promise<boolean>;
  /**
   * Jobs of a tenant of which tasks wait for their turn, the next one first; at most `MOST_ORDERED`. Of lanes that take turns
   * the order is about right. Lanes that go on while the queue is paused are left out.
   */
  order(tenant: string): Promise<readonly string[]>;
  /**
   * Lets the waiting tasks of a job have their turns right before those of another job of its tenant that wait in the same
   * lane and priority, or behind all of them. Turns are exchanged within the tenant: nobody else waits longer for it.
   * @param before left out: behind all
   * @returns false where there is no such task of one of both: nothing has changed then
   */
  move(job: string, before: string | undefined): Promise<boolean>;
  /**
   * Hears of every task that ends for good, in this process or another; may be told twice, and may miss ends while the
   * connection is lost: see `ended`. Who watches first and asks `ended` then misses nothing between the two.
   * @returns ends it
   */
  watchEnds(listener: (end: TaskEnd) => void): () => void;
  /** How a task ended; undefined while it has not, or is not known (any more: ends are kept for a day). */
  ended(task: string): Promise<TaskEnd | undefined>;
  stats(): Promise<readonly LaneStats[]>;
}
