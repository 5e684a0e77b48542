/** One task from its first message to its last, with a runner that may go on living or not. */
import { cancelled } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import { silentLogger } from '../core/logger.ts';
import type { RunContext } from './run-context.ts';
import type { RunnerChild, RunnerExit } from './runner-child.ts';
import { type EndMessage, fromErrorMessage, fromRunnerSchema } from './runner-messages.ts';
import { type TaskRequest, taskOf } from './tasks/registry.ts';
import { tidyUp } from './tidy-up.ts';

/** What a runner may take to stop after it was asked to, until it is killed. */
const CANCEL_GRACE_MS = 5000;
/** What a runner may take to end after its last message, until it is killed. */
const EXIT_GRACE_MS = 2000;

const GO_ON = 'Run the same command again: a video goes on after its last whole chunk.';

export interface ChildRunContext extends RunContext {
  /** Kills the runner and everything that it has started, at once; the run then ends with `CANCELLED`. */
  readonly killSignal?: AbortSignal | undefined;
}

/** How a task ended. */
export interface TaskEnd {
  /** Absent where it failed. */
  readonly result?: unknown;
  readonly error?: AppError;
  /** Of the runner when the run had ended; absent where the runner is gone, or is not to be used again. */
  readonly memoryBytes?: number;
}

/**
 * Has a runner do one task.
 * @param runner does nothing else meanwhile; lent
 * @param isLast the runner ends with it, which is waited for
 * @param context its callbacks are called on this side; `signal` stops the run at the next frame, and a runner that has
 *   not answered five seconds later is killed
 */
export async function converse(
  runner: RunnerChild,
  { name, ...parameters }: TaskRequest,
  { signal, killSignal, onProgress, logger = silentLogger, modelDirectory }: ChildRunContext,
  isLast: boolean,
): Promise<TaskEnd> {
  let end: EndMessage | undefined;
  let fault: AppError | undefined;
  let timer: NodeJS.Timeout | undefined;
  const killAfter = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => runner.kill(), milliseconds);
  };
  let hasEnded: (value: undefined) => void;
  const ended = new Promise<undefined>((resolve) => {
    hasEnded = resolve;
  });

  runner.listen((raw) => {
    const parsed = fromRunnerSchema.safeParse(raw);
    if (!parsed.success) {
      fault ??= unexpected(parsed.error);
      runner.kill();
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case 'progress':
        onProgress?.(message);
        break;
      case 'log':
        logger[message.level](message.message, message.fields);
        break;
      case 'result':
      case 'error':
        end = message;
        if (isLast) killAfter(EXIT_GRACE_MS);
        else hasEnded(undefined);
        break;
    }
  });
  const cancel = (): void => {
    runner.send({ type: 'cancel' });
    if (!end) killAfter(CANCEL_GRACE_MS);
  };
  const kill = (): void => runner.kill();
  signal?.addEventListener('abort', cancel, { once: true });
  killSignal?.addEventListener('abort', kill, { once: true });
  let exit: RunnerExit | undefined;
  try {
    runner.send({ type: 'start', task: name, parameters, modelDirectory, isLast });
    exit = await Promise.race([ended, runner.exited]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
    killSignal?.removeEventListener('abort', kill);
    runner.listen(undefined);
  }

  if (end) {
    const alive = exit === undefined && !fault ? { memoryBytes: end.memoryBytes } : {};
    if (end.type === 'error') return { error: fromErrorMessage(end), ...alive };
    const parsed = taskOf(name).result.safeParse(end.result);
    return parsed.success ? { result: parsed.data, ...alive } : { error: unexpected(parsed.error) };
  }
  await tidyUp(parameters, logger);
  if (fault) return { error: fault };
  if (signal?.aborted) {
    return {
      error: new AppError('CANCELLED', cancelled(signal).message, { hint: GO_ON, cause: signal.reason }),
    };
  }
  return { error: runnerFailure(await runner.exited, runner.stderrTail()) };
}

const unexpected = (cause: Error): AppError =>
  new AppError('RUNNER_FAILED', 'The process that does the work said something unexpected.', { cause });

/** The error of a runner that ended without a word. */
function runnerFailure({ code, signal, startError }: RunnerExit, stderr: string): AppError {
  const details = { exitCode: code, signal };
  if (startError) {
    return new AppError(
      'RUNNER_FAILED',
      `The process that does the work could not be started: ${startError.message}.`,
      { details, cause: startError },
    );
  }
  // The kernel ends whoever takes the last memory with SIGKILL; behind some wrappers that arrives as exit code 137.
  const isKill = signal === 'SIGKILL' || code === 137;
  const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
  const why = isKill ? ' Somebody killed it, or the system had no memory left.' : '';
  const said = quoteCrash(stderr);
  return new AppError(
    'RUNNER_FAILED',
    `The process that did the work ${how}.${why}${said === '' ? '' : ` It said: ${said}`}`,
    {
      hint: `${GO_ON}${isKill ? ' If memory is short, add --lite.' : ''}`,
      details,
      retryable: true,
    },
  );
}

/** Lines of a crash that tell what happened; V8 and libstdc++ write a page of others around them. */
const TELLING = /error|fatal|terminate called|what\(\)|assert|out of memory/i;
const QUOTED_LINES = 3;

function quoteCrash(stderr: string): string {
  const lines = stderr
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => TELLING.test(line));
  return (telling.length > 0 ? telling.slice(0, QUOTED_LINES) : lines.slice(-QUOTED_LINES)).join(' | ');
}
