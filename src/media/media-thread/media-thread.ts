/** The program's side of the thread that serves ffmpeg's pipes. One thread a process, started when it is needed. */
import type { Worker } from 'node:worker_threads';
import { type ChildExit, type FfmpegProcess, sharesProcessGroup } from '../ffmpeg-process.ts';
import { startThread } from '../start-thread.ts';
import type { Answer, Request } from './messages.ts';

/** An ffmpeg whose pipes are served elsewhere. The creator disposes it; disposing ends it and waits until it is gone. */
export type RemoteFfmpeg = Omit<FfmpegProcess, 'stdin' | 'stdout' | 'side'>;

type Start = Extract<Request, { type: 'source' | 'sink' }>;
/** What a caller says to start an ffmpeg; the rest is filled in here. */
export type StartOptions = Start extends infer One
  ? One extends Start
    ? Omit<One, 'id' | 'sharesGroup' | 'processId'>
    : never
  : never;

/** What is heard of one ffmpeg. */
export interface Listener {
  onFrame?(buffer: number, data: Uint8Array | undefined, seconds: number | undefined): void;
  onDrained?(): void;
  onTaken?(isTaken: boolean): void;
  /** The last thing that is heard. */
  onExit(): void;
}

/** A connection to one ffmpeg. */
export interface Connection {
  readonly process: RemoteFfmpeg;
  recycle(buffer: number): void;
  send(parts: readonly Uint8Array[]): void;
  end(): void;
}

interface Child {
  readonly listener: Listener;
  /** See `StartRequest`. */
  readonly processId: Int32Array;
  exit(exit: ChildExit, stderr: string): void;
}

/** An idle thread ends after this time. Keeping it costs 12 MB, starting it 40 ms of CPU time. */
const IDLE_SECONDS = 10;

let worker: Worker | undefined;
let idleTimer: NodeJS.Timeout | undefined;
let nextId = 0;
const children = new Map<number, Child>();

// The thread goes with the process without a word; its children would stay.
process.once('exit', killAll);

function killAll(): void {
  for (const child of children.values()) {
    const processId = Atomics.load(child.processId, 0);
    try {
      if (processId > 0) process.kill(processId, 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
}

function thread(): Worker {
  clearTimeout(idleTimer);
  if (worker) return worker;
  const started = startThread(import.meta.url, './thread', undefined);
  started.on('message', receive);
  const fail = (reason: string): void => {
    if (worker !== started) return;
    worker = undefined;
    killAll();
    for (const [id, child] of children) {
      children.delete(id);
      child.exit({ code: null, signal: 'SIGKILL' }, `The thread that serves ffmpeg ended: ${reason}`);
    }
  };
  started.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
  started.on('exit', (code) => fail(`exit code ${code}`));
  worker = started;
  return started;
}

/** An idle thread keeps no program alive, and its memory not for long. */
function rest(): void {
  worker?.unref();
  idleTimer = setTimeout(() => {
    worker?.postMessage({ type: 'close' } satisfies Request);
    worker = undefined;
  }, IDLE_SECONDS * 1000).unref();
}

function receive(message: Answer): void {
  const child = children.get(message.id);
  switch (message.type) {
    case 'frame':
      child?.listener.onFrame?.(message.buffer, message.data, message.seconds);
      break;
    case 'drained':
      child?.listener.onDrained?.();
      break;
    case 'taken':
      child?.listener.onTaken?.(message.isTaken);
      break;
    case 'exited':
      children.delete(message.id);
      if (children.size === 0) rest();
      child?.exit(message.exit, message.stderr);
  }
}

/**
 * Starts an ffmpeg behind the thread.
 * @param signal ends it when it fires
 */
export function connect(options: StartOptions, listener: Listener, signal?: AbortSignal): Connection {
  const id = nextId++;
  const to = thread();
  const tell = (request: Request): void => {
    if (children.has(id)) to.postMessage(request);
  };
  let stopped = false;
  let stderr = '';
  const processId = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let resolveExit: (exit: ChildExit) => void;
  const exited = new Promise<ChildExit>((resolve) => {
    resolveExit = resolve;
  });
  const stop = async (kills: boolean): Promise<void> => {
    stopped = true;
    tell({ type: 'stop', id, kills });
    await exited;
  };
  const onAbort = (): void => void stop(false);
  children.set(id, {
    listener,
    processId,
    exit(exit, tail) {
      stderr = tail;
      signal?.removeEventListener('abort', onAbort);
      listener.onExit();
      resolveExit(exit);
    },
  });
  to.ref();
  to.postMessage({ ...options, id, sharesGroup: sharesProcessGroup(), processId } satisfies Request);
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return {
    process: {
      get processId() {
        return Math.abs(Atomics.load(processId, 0)) || undefined;
      },
      exited,
      get stopped() {
        return stopped;
      },
      stderrTail: () => stderr,
      stop: () => stop(false),
      kill: () => stop(true),
      [Symbol.asyncDispose]: () => stop(false),
    },
    recycle: (buffer) => tell({ type: 'recycle', id, buffer }),
    send: (parts) => tell({ type: 'send', id, parts }),
    end: () => tell({ type: 'end', id }),
  };
}
