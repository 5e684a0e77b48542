/** Runners that are kept for the next run, with what they have loaded. */
import { cancelled, throwIfAborted } from '../core/abort.ts';
import { AppError, type ErrorCode } from '../core/errors.ts';
import { type Logger, silentLogger } from '../core/logger.ts';
import { forkRunner, type RunnerChild } from './runner-child.ts';
import { type ChildRunContext, converse, type TaskEnd } from './runner-conversation.ts';
import type { TaskName, TaskRequest, TaskResult } from './tasks/registry.ts';

export interface RunnerPoolOptions {
  /** Runners, 1 and above: so many runs go on at the same time. */
  readonly size: number;
  /** A runner that has had nothing to do for so long is ended. Default 300. */
  readonly idleSeconds?: number | undefined;
  /** A runner is replaced after so many runs, whatever it may have leaked. Default 500. */
  readonly maxRuns?: number | undefined;
  /** A runner whose resident memory is above this after a run is replaced. Default 2.5 GB. */
  readonly maxMemoryBytes?: number | undefined;
  readonly logger?: Logger | undefined;
}

/** The creator disposes it: runs under way are cancelled, and all runners have ended then. */
export interface RunnerPool extends AsyncDisposable {
  /**
   * Does a task as soon as a runner is free; first come, first served.
   * @param context `signal` also ends the wait
   * @throws what the task throws; CANCELLED; RUNNER_FAILED where its runner was killed or crashed, which touches no other
   *   run; OVERLOADED once the pool is disposed
   */
  run<Name extends TaskName>(request: TaskRequest<Name>, context?: ChildRunContext): Promise<TaskResult<Name>>;
  /**
   * Starts all runners and has them load what nearly every run needs; runs may be asked for meanwhile.
   * @throws what opening a model throws; CANCELLED
   */
  warmUp(context?: ChildRunContext): Promise<void>;
  /** Runs that go on now. */
  readonly active: number;
  /** Runs that wait for a runner. */
  readonly waiting: number;
}

const DEFAULTS = { idleSeconds: 300, maxRuns: 500, maxMemoryBytes: 2.5e9 } as const;
/** After these nobody knows what state the native libraries of a runner are in. */
const SUSPICIOUS: readonly ErrorCode[] = ['INTERNAL', 'INFERENCE_FAILED', 'RUNNER_FAILED'];

/** Creates a pool; no runner is started before the first run. */
export const createRunnerPool = (options: RunnerPoolOptions): RunnerPool => new Pool(options);

/** A runner with what it has behind it. */
interface Kept {
  readonly runner: RunnerChild;
  runs: number;
  timer?: NodeJS.Timeout;
}

interface Waiting {
  readonly begin: () => void;
  readonly refuse: (error: AppError) => void;
}

class Pool implements RunnerPool {
  readonly #size: number;
  readonly #idleMilliseconds: number;
  readonly #maxRuns: number;
  readonly #maxMemoryBytes: number;
  readonly #logger: Logger;
  readonly #alive = new Set<Kept>();
  /** The one that was used last at the end: it is taken first, so that those who are not needed end. */
  readonly #idle: Kept[] = [];
  readonly #queue: Waiting[] = [];
  /** Of the runs that go on. */
  readonly #runs = new Set<AbortController>();
  #isClosed = false;

  constructor({ size, logger = silentLogger, ...limits }: RunnerPoolOptions) {
    if (!Number.isSafeInteger(size) || size < 1) {
      throw new AppError('OPTION_INVALID', `Expected a whole number of runners from 1, received ${size}.`);
    }
    this.#size = size;
    this.#logger = logger;
    this.#idleMilliseconds = (limits.idleSeconds ?? DEFAULTS.idleSeconds) * 1000;
    this.#maxRuns = limits.maxRuns ?? DEFAULTS.maxRuns;
    this.#maxMemoryBytes = limits.maxMemoryBytes ?? DEFAULTS.maxMemoryBytes;
  }

  get active(): number {
    return this.#runs.size;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  async run<Name extends TaskName>(
    request: TaskRequest<Name>,
    context: ChildRunContext = {},
  ): Promise<TaskResult<Name>> {
    const { signal } = context;
    throwIfAborted(signal);
    if (this.#isClosed) throw stopping();
    const controller = new AbortController();
    if (this.#runs.size < this.#size) this.#runs.add(controller);
    else await this.#wait(controller, signal);
    const cancel = (): void => controller.abort(signal?.reason);
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    const kept = this.#take();
    try {
      const end = await converse(kept.runner, request as TaskRequest, { ...context, signal: controller.signal }, false);
      this.#giveBack(kept, end);
      if (end.error) throw end.error;
      return end.result as TaskResult<Name>;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#runs.delete(controller);
      this.#queue.shift()?.begin();
    }
  }

  async warmUp(context?: ChildRunContext): Promise<void> {
    // As many at once as there are runners: each gets one.
    await Promise.all(Array.from({ length: this.#size }, () => this.run({ name: 'warm' }, context)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const { refuse } of this.#queue.splice(0)) refuse(stopping());
    for (const kept of this.#idle) this.#end(kept);
    for (const run of this.#runs) run.abort(stopping());
    await Promise.all([...this.#alive].map(({ runner }) => runner.exited));
  }

  /** Waits for a place among the runs, which `controller` has then. */
  #wait(controller: AbortController, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        reject(cancelled(signal!));
      };
      const waiting: Waiting = {
        begin: () => {
          signal?.removeEventListener('abort', leave);
          this.#runs.add(controller);
          resolve();
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', leave);
          reject(error);
        },
      };
      this.#queue.push(waiting);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  /** A warm runner, or else a new one. */
  #take(): Kept {
    const warm = this.#idle.pop();
    if (warm) {
      clearTimeout(warm.timer);
      return warm;
    }
    const kept: Kept = { runner: forkRunner(), runs: 0 };
    this.#alive.add(kept);
    void kept.runner.exited.then(({ code, signal }) => {
      this.#alive.delete(kept);
      clearTimeout(kept.timer);
      const at = this.#idle.indexOf(kept);
      if (at >= 0) this.#idle.splice(at, 1);
      this.#logger.debug('runner ended', { runs: kept.runs, code, signal });
    });
    return kept;
  }

  #giveBack(kept: Kept, { error, memoryBytes }: TaskEnd): void {
    kept.runs++;
    const isSound =
      memoryBytes !== undefined &&
      memoryBytes <= this.#maxMemoryBytes &&
      kept.runs < this.#maxRuns &&
      !(error && SUSPICIOUS.includes(error.code));
    if (this.#isClosed || !isSound) {
      this.#logger.debug('runner replaced', { runs: kept.runs, memoryBytes, code: error?.code });
      this.#end(kept);
      return;
    }
    kept.timer = setTimeout(() => this.#end(kept), this.#idleMilliseconds);
    // Waiting for nothing to happen keeps no program alive.
    kept.timer.unref();
    this.#idle.push(kept);
  }

  /** Of a runner that does nothing: it has no file open, so that there is nothing to end in order. */
  #end({ runner, timer }: Kept): void {
    clearTimeout(timer);
    runner.kill();
  }
}

const stopping = (): AppError =>
  new AppError('OVERLOADED', 'The service is stopping and begins nothing any more.', {
    hint: 'Try again when it has started again.',
    retryable: true,
  });
