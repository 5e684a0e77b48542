/** The runner as a child process: how it is started, and how it and all it has started are ended. */
import { type ChildProcess, fork } from 'node:child_process';
import { Duplex } from 'node:stream';
import { AppError } from '../core/errors.ts';
import { childModule } from './child-module.ts';
import { FRAMES_DESCRIPTOR, FRAMES_FLAG, type ToRunner } from './runner-messages.ts';

/** Frames live outside the heap, and what lives in it is short-lived: a small nursery takes 25 MB less. */
export const SMALL_HEAP = ['--max-semi-space-size=4'];
/** glibc keeps a pool of freed memory for each thread; few threads of a run allocate at the same time. */
export const SMALL_POOLS = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '1048576' };

/** Bytes of the runner's stderr that are kept, counted from its end. */
const STDERR_TAIL_BYTES = 8192;

/** How the runner ended. */
export interface RunnerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set where it could not be started. */
  readonly startError?: Error;
}

export interface RunnerChild {
  /** Says who gets what the runner says from now on, unparsed. Until then, and where `undefined`, nobody does. */
  listen(onMessage: ((message: unknown) => void) | undefined): void;
  /** Does nothing once the runner is gone. */
  send(message: ToRunner): void;
  /** SIGKILL, at once, for the runner and every process that it has started. */
  kill(): void;
  /** Resolves when the runner is gone and all its messages have come. Never rejects. */
  readonly exited: Promise<RunnerExit>;
  /** For frames, where they were asked for. */
  readonly frames: Duplex | undefined;
  /** The last that it wrote to stderr: what a crash of native code says. */
  stderrTail(): string;
}

/**
 * Starts a runner. It leads a process group of its own, which its ffmpegs share: Ctrl-C in a terminal reaches this
 * process alone, and the group can be ended as a whole. When this process exits, the group ends too.
 * @param withFrames gives it a stream of its own for frames, which are too large for messages
 */
export function forkRunner({ withFrames = false }: { readonly withFrames?: boolean } = {}): RunnerChild {
  const { url, execArgv } = childModule(import.meta.url, './runner-process');
  const child: ChildProcess = fork(url, withFrames ? [FRAMES_FLAG] : [], {
    execArgv: [...execArgv, ...SMALL_HEAP],
    env: { ...SMALL_POOLS, ...process.env },
    // stdout belongs to this process's own data.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', ...(withFrames ? ['pipe' as const] : [])],
    detached: process.platform !== 'win32',
  });
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (process.platform === 'win32' || child.pid === undefined) {
      child.kill(signal);
      return;
    }
    try {
      process.kill(-child.pid, signal);
    } catch (error) {
      // The group is empty: all of it has ended.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const kill = (): void => signalGroup('SIGKILL');
  const unfollow = followParent(signalGroup);

  let tail = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_BYTES);
  });
  let listener: ((message: unknown) => void) | undefined;
  child.on('message', (message) => listener?.(message));
  // A runner that was killed leaves its ffmpegs behind, some of which would work on.
  child.once('exit', kill);
  const exited = new Promise<RunnerExit>((resolve) => {
    child.once('error', (startError) => {
      if (child.pid === undefined) resolve({ code: null, signal: null, startError });
    });
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  void exited.then(unfollow);
  return {
    listen(onMessage) {
      listener = onMessage;
    },
    send(message) {
      if (child.connected) child.send(message, () => {});
    },
    kill,
    exited,
    frames: withFrames ? framesOf(child) : undefined,
    stderrTail: () => tail.trim(),
  };
}

/** Where Node puts the pipe that was asked for as the fifth. */
function framesOf({ stdio }: ChildProcess): Duplex {
  const stream = stdio[FRAMES_DESCRIPTOR];
  if (stream instanceof Duplex) return stream;
  throw new AppError('RUNNER_FAILED', 'The process that does the work has no stream for frames.');
}

type SignalGroup = (signal: NodeJS.Signals) => void;

/** The groups of all runners of this process: one listener serves them all, however many there are. */
const GROUPS = new Set<SignalGroup>();

/**
 * Ends a group when this process exits. Ctrl-Z in a terminal stops this process only, so that the group has to be stopped
 * and woken along with it.
 * @returns ends this
 */
function followParent(group: SignalGroup): () => void {
  if (GROUPS.size === 0) {
    process.on('exit', killAll);
    if (process.platform !== 'win32') process.on('SIGTSTP', stopAll).on('SIGCONT', wakeAll);
  }
  GROUPS.add(group);
  return () => {
    GROUPS.delete(group);
    if (GROUPS.size === 0) process.off('exit', killAll).off('SIGTSTP', stopAll).off('SIGCONT', wakeAll);
  };
}

function killAll(): void {
  for (const group of GROUPS) group('SIGKILL');
}

function stopAll(): void {
  for (const group of GROUPS) group('SIGSTOP');
  process.kill(process.pid, 'SIGSTOP');
}

function wakeAll(): void {
  for (const group of GROUPS) group('SIGCONT');
}
