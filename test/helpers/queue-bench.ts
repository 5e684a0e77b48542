/** A queue under test: as many instances as are asked for, on one place, all closed at the end. */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../src/core/errors.ts';
import { COMMON_LANE } from '../../src/jobs/queue/lanes.ts';
import type { Attempt, Queue, QueueWorker, Task, TaskEnd, TaskHandler } from '../../src/jobs/queue/queue.ts';
import { openQueue, type QueueKind } from './queue-adapters.ts';
import { startQueueWorker, type WorkerProcess } from './queue-worker-process.ts';

export class QueueBench implements AsyncDisposable {
  readonly #kind: QueueKind;
  readonly place: string;
  readonly #open: AsyncDisposable[] = [];

  constructor(kind: QueueKind, place: string) {
    this.#kind = kind;
    this.place = place;
  }

  async queue(): Promise<Queue> {
    const queue = await openQueue(this.#kind, this.place);
    this.#open.push(queue);
    return queue;
  }

  async process(): Promise<WorkerProcess> {
    const process = await startQueueWorker(this.#kind, this.place);
    this.#open.push(process);
    return process;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#open.reverse()) await one[Symbol.asyncDispose]();
  }
}

/** A task of its own. */
export function taskOf(task: Partial<Task> = {}): Task {
  const job = task.job ?? `job_${randomBytes(6).toString('hex')}`;
  return {
    ...{
      id: `${job}-1-whole-${randomBytes(3).toString('hex')}`,
      kind: 'whole',
      job,
      tenant: 'ann',
      priority: 'normal',
    },
    ...{ cost: 1, lane: COMMON_LANE, payload: { run: 1 } },
    ...task,
  };
}

export const inLane = (
  queue: Queue,
  handler: TaskHandler,
  {
    concurrency = 1,
    lanes = [COMMON_LANE],
  }: { readonly concurrency?: number; readonly lanes?: readonly string[] } = {},
): QueueWorker => queue.work({ lanes: () => lanes, concurrency, handler });

/** How a task ended, when it has. */
export function endOf(queue: Queue, task: string): Promise<TaskEnd> {
  return new Promise((resolve, reject) => {
    const stop = queue.watchEnds((end) => {
      if (end.task.id !== task) return;
      stop();
      resolve(end);
    });
    // It may have ended before.
    queue.ended(task).then((end) => {
      if (!end) return;
      stop();
      resolve(end);
    }, reject);
  });
}

/** Something that happens once, to be waited for. */
export interface Gate<T = void> {
  readonly passed: Promise<T>;
  readonly open: (value: T) => void;
}

export function gate<T = void>(): Gate<T> {
  let open: (value: T) => void = () => {};
  const passed = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/** Until a signal fires; its reason. */
export const fired = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    else signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });

/** A handler that keeps every task until its signal fires. */
export function heldUntilAborted(): { readonly handler: TaskHandler; readonly begun: Promise<Attempt> } {
  const { passed, open } = gate<Attempt>();
  return {
    begun: passed,
    handler: async (attempt) => {
      open(attempt);
      await fired(attempt.signal);
      throw new AppError('CANCELLED', 'The run was cancelled.');
    },
  };
}
