/** The tasks that a worker on BullMQ has in hand: their locks are renewed, and work stops on those that are lost. */
import type { Job } from 'bullmq';
import type { BullConnection } from './bull-connection.ts';
import { renewLocks } from './bull-scripts.ts';
import type { BullResult, BullTask } from './bull-task.ts';
import type { Task } from './queue.ts';

/** A task may be fetched while the message that cancels its job is on its way, and come after it. */
const CANCEL_OVERLAP_MILLISECONDS = 5000;

export interface HeldTask {
  readonly job: Job<BullTask, BullResult>;
  readonly task: Task;
  readonly token: string;
  readonly controller: AbortController;
}

export class BullHeldTasks {
  readonly #connection: BullConnection;
  readonly #leaseMilliseconds: number;
  readonly #warn: (error: unknown) => void;
  /** By token. */
  readonly #held = new Map<string, HeldTask>();
  /** Jobs that were cancelled a moment ago, and until when that is so. */
  readonly #cancelled = new Map<string, number>();
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** @param warn hears of what Redis could not do */
  constructor(connection: BullConnection, leaseMilliseconds: number, warn: (error: unknown) => void) {
    this.#connection = connection;
    this.#leaseMilliseconds = leaseMilliseconds;
    this.#warn = warn;
  }

  get size(): number {
    return this.#held.size;
  }

  add(held: HeldTask): void {
    this.#held.set(held.token, held);
    for (const [job, until] of this.#cancelled) if (until < Date.now()) this.#cancelled.delete(job);
    if (this.#cancelled.has(held.task.job)) void this.renew();
  }

  delete({ token }: HeldTask): void {
    this.#held.delete(token);
  }

  /** A job was cancelled. Redis is asked: the message may be late, and the job have begun anew. */
  cancel(job: string): void {
    this.#cancelled.set(job, Date.now() + CANCEL_OVERLAP_MILLISECONDS);
    if ([...this.#held.values()].some(({ task }) => task.job === job)) void this.renew();
  }

  /**
   * Gives a sign of life for all. While Redis is away it waits, and is the first thing that is done when it is back. Who
   * asks meanwhile waits for the next time.
   */
  renew(): Promise<void> {
    if (!this.#running) return this.#start();
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      return this.#start();
    });
    return this.#next;
  }

  #start(): Promise<void> {
    this.#running = this.#renewAll()
      .catch(this.#warn)
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  async #renewAll(): Promise<void> {
    for (const lane of new Set([...this.#held.values()].map(({ task }) => task.lane))) {
      const held = [...this.#held.values()].filter(({ task }) => task.lane === lane);
      const base = this.#connection.base(lane);
      const states = await renewLocks.run(
        this.#connection.redis,
        [`${base}active`, `${base}stalled`],
        [base, this.#leaseMilliseconds, ...held.flatMap(({ task, token }) => [task.id, token])],
      );
      for (const [i, { token, controller }] of held.entries()) {
        // One that ended meanwhile is nobody's any more.
        if (states[i] !== 1 && this.#held.has(token)) controller.abort(states[i] === -1 ? 'cancel' : 'lease');
      }
    }
  }
}
