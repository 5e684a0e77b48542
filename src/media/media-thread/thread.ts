/**
 * Serves ffmpeg's pipes in a thread of its own. The main thread is blocked while a network runs or pixels are drawn;
 * were the pipes served there, ffmpeg would stand still meanwhile.
 */
import type { Writable } from 'node:stream';
import { parentPort } from 'node:worker_threads';
import { AppError } from '../../core/errors.ts';
import { type FfmpegProcess, shareProcessGroup, startFfmpeg } from '../ffmpeg-process.ts';
import { createFrameAssembler } from '../frame-assembler.ts';
import { createFrameTimes } from '../frame-times.ts';
import type { Answer, Request, StartRequest } from './messages.ts';

const port = parentPort;
if (!port) throw new AppError('INTERNAL', 'This file runs in a worker thread.');
const answer = (message: Answer): void => port.postMessage(message);

interface Child {
  readonly process: FfmpegProcess;
  /** Nobody will take what is left. */
  abandon?(): void;
  recycle?(buffer: number): void;
}
const children = new Map<number, Child>();

function start(request: StartRequest, pipes: { input?: boolean; output?: boolean; side?: boolean }): FfmpegProcess {
  if (request.sharesGroup) shareProcessGroup();
  const process = startFfmpeg(request.binary, request.args, pipes);
  Atomics.store(request.processId, 0, process.processId ?? 0);
  return process;
}

/** Tells how a child ended, once everything else about it has been told. */
async function tellExit({ id, processId }: StartRequest, process: FfmpegProcess): Promise<void> {
  const exit = await process.exited;
  Atomics.store(processId, 0, -(process.processId ?? 0));
  children.delete(id);
  answer({ type: 'exited', id, exit, stderr: process.stderrTail() });
}

async function serveSource(request: Extract<Request, { type: 'source' }>): Promise<void> {
  const { id, frameBytes, bufferCount } = request;
  const process = start(request, { output: true, side: true });
  const { stdout, side } = process;
  let abandon = (): void => {};
  const abandoned = new Promise<void>((resolve) => {
    abandon = resolve;
  });
  children.set(id, { process, abandon });
  const pump = async (): Promise<void> => {
    if (!stdout || !side) return;
    const times = createFrameTimes(side);
    const assembler = createFrameAssembler(stdout, frameBytes, bufferCount);
    const buffers: Uint8Array[] = [];
    children.set(id, { process, abandon, recycle: (buffer) => assembler.recycle(buffers[buffer]!) });
    for (let data = await assembler.next(); data; data = await assembler.next()) {
      const seconds = await times.next();
      const known = buffers.indexOf(data);
      if (known >= 0) answer({ type: 'frame', id, buffer: known, seconds });
      else answer({ type: 'frame', id, buffer: buffers.push(data) - 1, data, seconds });
    }
    answer({ type: 'drained', id });
  };
  // ffmpeg is often gone before its last frames have been taken.
  await Promise.race([pump(), abandoned]);
  await tellExit(request, process);
}

async function serveSink(request: Extract<Request, { type: 'sink' }>): Promise<void> {
  const process = start(request, { input: true });
  children.set(request.id, { process });
  await tellExit(request, process);
}

/** Sends buffers in one call and waits until the operating system has taken the last byte of them. */
function send(stdin: Writable, parts: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve, reject) => {
    stdin.cork();
    for (const [at, part] of parts.entries()) {
      stdin.write(part, at === parts.length - 1 ? (error) => (error ? reject(error) : resolve()) : undefined);
    }
    stdin.uncork();
  });
}

async function take(id: number, parts: readonly Uint8Array[]): Promise<void> {
  const stdin = children.get(id)?.process.stdin;
  // The error of a closed pipe is a bare EPIPE; how ffmpeg ended tells the reason.
  const isTaken = stdin
    ? await send(stdin, parts).then(
        () => true,
        () => false,
      )
    : false;
  answer({ type: 'taken', id, isTaken });
}

port.on('message', (request: Request) => {
  if (request.type === 'close') return port.close();
  const child = children.get(request.id);
  switch (request.type) {
    case 'source':
      void serveSource(request);
      break;
    case 'sink':
      void serveSink(request);
      break;
    case 'recycle':
      child?.recycle?.(request.buffer);
      break;
    case 'send':
      void take(request.id, request.parts);
      break;
    case 'end':
      child?.process.stdin?.end();
      break;
    case 'stop':
      child?.abandon?.();
      void (request.kills ? child?.process.kill() : child?.process.stop());
  }
});
