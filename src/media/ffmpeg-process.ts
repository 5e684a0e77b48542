/**
 * Runs ffmpeg and ffprobe as child processes: argument arrays and never a shell, stderr always drained and bounded,
 * a closed pipe is an outcome and no crash, and no child outlives its owner.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { cancelled } from '../core/abort.ts';
import { AppError } from '../core/errors.ts';

/** Bytes of stderr kept, counted from its end: enough for the last messages, bounded on a damaged file. */
const STDERR_TAIL_BYTES = 8192;
/** Lines of stderr that an error message quotes. */
const QUOTED_LINES = 4;
/** How long a child may take to end after SIGTERM before it gets SIGKILL. */
const TERMINATE_GRACE_MS = 2000;

/** How a child ended: with a code, by a signal, or not at all because it could not be started. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly spawnError?: Error;
}

export interface FfmpegProcessOptions {
  /** Opens `stdin` as a pipe. */
  readonly input?: boolean;
  /** Opens `stdout` as a pipe. */
  readonly output?: boolean;
  /** Opens file descriptor 3 as a pipe from the child, for facts beside the pixels. */
  readonly side?: boolean;
  /** Ends the child when it fires. */
  readonly signal?: AbortSignal | undefined;
}

/** A running child. The creator disposes it; disposing ends it and waits until it is gone. */
export interface FfmpegProcess extends AsyncDisposable {
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly side: Readable | null;
  readonly processId: number | undefined;
  /** Resolves when the child is gone and its pipes are closed. Never rejects. */
  readonly exited: Promise<ChildExit>;
  /** True once `stop` was called or the signal fired: how the child ends then is no fault. */
  readonly stopped: boolean;
  /** The last lines of stderr. */
  stderrTail(): string;
  /** SIGTERM, then SIGKILL after a grace period; resolves when the child is gone. May be called again. */
  stop(): Promise<void>;
  /** SIGKILL at once; resolves when the child is gone. */
  kill(): Promise<void>;
}

/**
 * A path as ffmpeg must get it. Made absolute, with the `file:` protocol named, so that a leading dash is no option
 * and a colon no protocol; ffmpeg does not decode percent signs behind `file:`.
 */
export const toFfmpegFile = (path: string): string => `file:${resolve(path)}`;

/** A process that exits while children run, as at a second Ctrl-C, takes them along. */
const liveChildren = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of liveChildren) child.kill('SIGKILL');
});

/** Whether children get process groups of their own. */
let ownGroups = process.platform !== 'win32';

/**
 * From now on ffmpeg stays in the process group of this process. For a process that leads a group which no terminal
 * reaches: whoever ends that group ends every ffmpeg with it.
 */
export function shareProcessGroup(): void {
  ownGroups = false;
}

/** Whether children stay in the process group of this process. */
export const sharesProcessGroup = (): boolean => !ownGroups;

/** Starts `binary` with these arguments. Failing to start shows in `exited`, not as an exception. */
export function startFfmpeg(
  binary: string,
  args: readonly string[],
  options: FfmpegProcessOptions = {},
): FfmpegProcess {
  const child: ChildProcess = spawn(binary, args, {
    stdio: [
      options.input ? 'pipe' : 'ignore',
      options.output ? 'pipe' : 'ignore',
      'pipe',
      ...(options.side ? (['pipe'] as const) : []),
    ],
    env: { ...process.env, AV_LOG_FORCE_NOCOLOR: '1' },
    // Its own process group, so that Ctrl-C in a terminal reaches this program alone, which then ends ffmpeg in order.
    detached: ownGroups,
    windowsHide: true,
  });

  liveChildren.add(child);
  child.once('close', () => liveChildren.delete(child));

  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_BYTES);
  });
  // A child that ends early closes its pipes. Writers learn it from their callback, readers from `exited`.
  for (const stream of child.stdio) stream?.on('error', () => {});

  let spawnError: Error | undefined;
  child.on('error', (error) => {
    spawnError ??= error;
  });
  const exited = new Promise<ChildExit>((done) => {
    child.once('close', (code, signal) => done({ code, signal, ...(spawnError ? { spawnError } : {}) }));
  });

  let stopped = false;
  const stop = async (): Promise<void> => {
    stopped = true;
    const running = child.exitCode === null && child.signalCode === null && child.pid !== undefined;
    // Unread output would keep the pipes, and so `exited`, open.
    child.stdout?.destroy();
    (child.stdio[3] as Readable | null | undefined)?.destroy();
    child.stdin?.destroy();
    if (running) child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), TERMINATE_GRACE_MS);
    await exited;
    clearTimeout(hard);
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await stop();
  };
  const onAbort = (): void => void stop();
  if (options.signal?.aborted) onAbort();
  else options.signal?.addEventListener('abort', onAbort, { once: true });
  void exited.then(() => options.signal?.removeEventListener('abort', onAbort));

  return {
    stdin: child.stdin,
    stdout: child.stdout,
    side: (child.stdio[3] as Readable | null | undefined) ?? null,
    processId: child.pid,
    exited,
    get stopped() {
      return stopped;
    },
    stderrTail: () => tail.trim(),
    stop,
    kill,
    [Symbol.asyncDispose]: stop,
  };
}

/** The last few lines of a child's stderr, without ffmpeg's `[h264 @ 0x55…]` addresses, for an error message. */
export function quoteStderr(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.replace(/ @ 0x[0-9a-f]+/gi, '').trim())
    .filter((line) => line !== '');
  return [...new Set(lines)].slice(-QUOTED_LINES).join(' | ');
}

/** True for messages of the operating system that say that a file cannot be written. */
export const saysOutputFailed = (stderr: string): boolean =>
  /No space left on device|Disk quota exceeded|Read-only file system|Permission denied|File too large/i.test(stderr);

/**
 * The error of a child that ended in a way nobody asked for.
 * @param task what it was doing, as in `decoding the video`
 * @returns FFMPEG_FAILED with the exit code or signal and the last lines of stderr, FFMPEG_NOT_FOUND when it could
 *   not be started
 */
export function ffmpegFailure(exit: ChildExit, stderr: string, task: string): AppError {
  if (exit.spawnError) {
    return new AppError('FFMPEG_NOT_FOUND', `ffmpeg could not be started for ${task}: ${exit.spawnError.message}.`, {
      cause: exit.spawnError,
    });
  }
  const how = exit.signal === null ? `ended with exit code ${exit.code}` : `was ended by ${exit.signal}`;
  const said = quoteStderr(stderr);
  return new AppError('FFMPEG_FAILED', `ffmpeg ${how} while ${task}${said === '' ? '.' : `: ${said}`}`, {
    details: { exitCode: exit.code, signal: exit.signal },
    retryable: exit.signal !== null,
  });
}

export interface RunResult {
  readonly exit: ChildExit;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** The child is ended after this time. Default: no limit. */
  readonly timeoutSeconds?: number;
}

/**
 * Runs a child to its end and collects what it says, for commands with a short text answer.
 * @throws CANCELLED when the signal fires, FFMPEG_FAILED when it takes longer than the limit
 */
export async function runFfmpeg(binary: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  await using child = startFfmpeg(binary, args, { output: true, signal: options.signal });
  let late = false;
  const timer =
    options.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          void child.kill();
        }, options.timeoutSeconds * 1000);
  const parts: string[] = [];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => parts.push(text));
  const exit = await child.exited;
  clearTimeout(timer);
  if (options.signal?.aborted) throw cancelled(options.signal);
  if (late) throw new AppError('FFMPEG_FAILED', `ffmpeg gave no answer within ${options.timeoutSeconds} s.`);
  return { exit, stdout: parts.join(''), stderr: child.stderrTail() };
}
