/** Runs in a child process, so that this one stays responsive and survives whatever happens there. */
import { cancelled, throwIfAborted } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';
import { silentLogger } from '../core/logger.ts';
import type { PreviewResult } from './preview.ts';
import type { ProcessResult } from './process-result.ts';
import type { RunContext } from './run-context.ts';
import { forkRunner, type RunnerExit } from './runner-child.ts';
import { type EndMessage, fromErrorMessage, fromRunnerSchema, type StartMessage } from './runner-messages.ts';
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

/**
 * `process` in a child process of its own. Only messages cross, never pixels.
 * @param options `ProcessOptions`, unparsed; must be JSON
 * @param context its callbacks are called on this side; `signal` stops the run at the next frame, and a runner that has
 *   not gone five seconds later is killed
 * @throws what `process` throws; RUNNER_FAILED where the child was killed or crashed
 */
export async function runInChild(options: unknown, context: ChildRunContext = {}): Promise<ProcessResult> {
  const end = await startInChild({ name: 'process' }, options, context);
  if (end.type !== 'result') throw unexpected(new Error(`Expected a result, received ${end.type}.`));
  return end.result;
}

/** `previewFrame` in a child process; see `runInChild`. */
export async function previewInChild(
  options: unknown,
  frameNumber: number,
  context: ChildRunContext = {},
): Promise<PreviewResult> {
  const end = await startInChild({ name: 'preview', frameNumber }, options, context);
  if (end.type !== 'preview') throw unexpected(new Error(`Expected a preview, received ${end.type}.`));
  return end.result;
}

const unexpected = (cause: Error): AppError =>
  new AppError('RUNNER_FAILED', 'The process that does the work said something unexpected.', { cause });

/** Starts a runner, and waits until it is gone. @returns its last message */
async function startInChild(
  task: StartMessage['task'],
  options: unknown,
  context: ChildRunContext,
): Promise<Exclude<EndMessage, { type: 'error' }>> {
  const { signal, killSignal, onProgress, logger = silentLogger, modelDirectory } = context;
  throwIfAborted(signal);
  let end: EndMessage | undefined;
  let fault: AppError | undefined;
  let timer: NodeJS.Timeout | undefined;
  const killAfter = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => runner.kill(), milliseconds);
  };

  const receive = (raw: unknown): void => {
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
      case 'preview':
      case 'error':
        end = message;
        killAfter(EXIT_GRACE_MS);
        break;
    }
  };
  const runner = forkRunner(receive);
  const cancel = (): void => {
    runner.send({ type: 'cancel' });
    if (!end) killAfter(CANCEL_GRACE_MS);
  };
  const kill = (): void => runner.kill();
  signal?.addEventListener('abort', cancel, { once: true });
  killSignal?.addEventListener('abort', kill, { once: true });
  let exit: RunnerExit;
  try {
    runner.send({ type: 'start', task, options, modelDirectory });
    exit = await runner.exited;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
    killSignal?.removeEventListener('abort', kill);
  }

  if (end?.type === 'error') throw fromErrorMessage(end);
  if (end) return end;
  await tidyUp(options, logger);
  if (fault) throw fault;
  if (signal?.aborted)
    throw new AppError('CANCELLED', cancelled(signal).message, { hint: GO_ON, cause: signal.reason });
  throw runnerFailure(exit, runner.stderrTail());
}

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
