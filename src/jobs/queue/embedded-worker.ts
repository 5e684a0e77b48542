/** A worker on the embedded queue: as many tasks at once as it may, each with a lease. */
import type { Logger } from '../../core/logger.ts';
import type { EmbeddedTasks, TakenTask } from './embedded-tasks.ts';
import { judgeFailure } from './failed-attempt.ts';
import type { QueueWorker, WorkOptions } from './queue.ts';
import type { QueueTimes } from './queue-times.ts';

/** Between two tries to write a result down, where the file is busy or the disk full. */
const DELIVERY_MILLISECONDS = 500;

export interface EmbeddedWorkerContext {
  readonly tasks: EmbeddedTasks;
  readonly times: QueueTimes;
  readonly logger: Logger;
  /** This process; undefined while that is being found out. */
  readonly holder: () => string | undefined;
  /** Something has changed in the tables. */
  readonly changed: () => void;
  /** This worker was closed. */
  readonly closed: (worker: EmbeddedWorker) => void;
}

interface InHand {
  readonly taken: TakenTask;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

export class EmbeddedWorker implements QueueWorker {
  readonly #context: EmbeddedWorkerContext;
  readonly #options: WorkOptions;
  /** By token. */
  readonly #inHand = new Map<string, InHand>();
  #lastLane: string | undefined;
  #isClosing = false;

  constructor(context: EmbeddedWorkerContext, options: WorkOptions) {
    this.#context = context;
    this.#options = options;
  }

  get active(): number {
    return this.#inHand.size;
  }

  /** Takes as many tasks as there are free hands. */
  fill(): void {
    const { tasks, times, holder } = this.#context;
    for (let me = holder(); me !== undefined && !this.#isClosing && this.active < this.#options.concurrency; ) {
      const now = Date.now();
      const lease = { holder: me, leasedUntil: now + times.leaseMilliseconds };
      const taken = tasks.take(this.#options.lanes(), this.#lastLane, lease, now);
      if (!taken) return;
      this.#lastLane = taken.task.lane;
      const controller = new AbortController();
      // The handler is called when the task is in the list: it may look at `active`, or be cancelled at once.
      const done = Promise.resolve().then(() => this.#attempt(taken, controller));
      this.#inHand.set(taken.token, { taken, controller, done });
    }
  }

  /** Stops work on tasks that are no longer this worker's, and gives a sign of life for the others. */
  check(isRenewing: boolean): void {
    const { tasks, times } = this.#context;
    const tokens = [...this.#inHand.keys()];
    if (tokens.length === 0) return;
    const held = isRenewing ? tasks.renew(tokens, Date.now() + times.leaseMilliseconds) : tasks.held(tokens);
    for (const [token, { taken, controller }] of this.#inHand) {
      if (!held.has(token) && tokens.includes(token)) controller.abort(tasks.has(taken.task.id) ? 'lease' : 'cancel');
    }
  }

  cancel(tokens: readonly string[]): void {
    for (const token of tokens) this.#inHand.get(token)?.controller.abort('cancel');
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all([...this.#inHand.values()].map(({ done }) => done));
    this.#context.closed(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #attempt(taken: TakenTask, controller: AbortController): Promise<void> {
    const { tasks, times } = this.#context;
    const { task, token } = taken;
    let report: () => void;
    try {
      const value = await this.#options.handler({ ...taken, signal: controller.signal });
      // What cannot be written down is the handler's fault.
      JSON.stringify(value);
      report = () => void tasks.complete(task.id, token, value, Date.now());
    } catch (thrown) {
      report = () => {
        const verdict = judgeFailure(thrown, tasks.thrown(task.id) + 1, times.backoffMilliseconds);
        const now = Date.now();
        if (verdict.outcome === 'failed') tasks.fail(task.id, token, verdict.error, now);
        else tasks.tryAgain(task.id, token, now + verdict.delayMilliseconds);
      };
    }
    await this.#deliver(report, taken, controller.signal);
    this.#inHand.delete(token);
    this.#context.changed();
  }

  /** Writes down how an attempt ended, for as long as it is this worker's to say. */
  async #deliver(report: () => void, { task }: TakenTask, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        return report();
      } catch (error) {
        this.#context.logger.warn('The end of a task cannot be written down yet', {
          task: task.id,
          reason: (error as Error).message,
        });
        await new Promise((resolve) => setTimeout(resolve, DELIVERY_MILLISECONDS));
      }
    }
  }
}
