/**
 * Entry of the process that does the work of a run, or of one run after another. It owns ONNX Runtime and every ffmpeg, is told what to do by
 * messages, and never outlives the process that started it. Started by `runner-child.ts` only.
 */
import { Socket } from 'node:net';
import { toAppError } from '../core/errors.ts';
import { shareProcessGroup } from '../media/ffmpeg-process.ts';
import { watchParent } from './parent-watch.ts';
import type { RunContext } from './run-context.ts';
import {
  FRAMES_DESCRIPTOR,
  FRAMES_FLAG,
  type FromRunner,
  type StartMessage,
  toErrorMessage,
  toRunnerSchema,
} from './runner-messages.ts';
import { taskOf } from './tasks/registry.ts';
import type { Warmth } from './warmth.ts';

/** What a run may take to stop in order and tidy up when its client is gone. */
const LAST_MOMENTS_MS = 700;

/** Of the run that goes on. */
let controller: AbortController | undefined;
let warmth: Promise<Warmth> | undefined;
/** For the one session of a runner that was started for it. */
const frames = process.argv.includes(FRAMES_FLAG)
  ? new Socket({ fd: FRAMES_DESCRIPTOR, allowHalfOpen: true })
  : undefined;

/** SIGKILL for this process and every ffmpeg. */
function endGroup(): void {
  if (process.platform === 'win32') process.exit(1);
  process.kill(-process.pid, 'SIGKILL');
}

const send = (message: FromRunner): void => {
  // The callback keeps a channel that has just closed from becoming an exception: the watch below sees that too.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

async function run(message: StartMessage, signal: AbortSignal): Promise<FromRunner> {
  let isOver = false;
  try {
    const sendUntilOver = (message: FromRunner): void => {
      if (!isOver) send(message);
    };
    const log = (level: 'debug' | 'info' | 'warn') => (text: string, fields?: Readonly<Record<string, unknown>>) =>
      sendUntilOver({ type: 'log', level, message: text, ...(fields === undefined ? {} : { fields }) });
    if (!message.isLast) warmth ??= import('./warmth.ts').then(({ createWarmth }) => createWarmth());
    const context: RunContext = {
      signal,
      onProgress: sendUntilOver,
      logger: { debug: log('debug'), info: log('info'), warn: log('warn') },
      modelDirectory: message.modelDirectory,
      ...(await warmth),
      frames,
    };
    const task = taskOf(message.task);
    const result = await task.run(task.parameters.parse(message.parameters), context);
    return { type: 'result', result, memoryBytes: process.memoryUsage.rss() };
  } catch (error) {
    return toErrorMessage(toAppError(error), process.memoryUsage.rss());
  } finally {
    isOver = true;
  }
}

shareProcessGroup();
const parent = watchParent(() => {
  // Nothing is under way between two runs.
  if (!controller) endGroup();
  controller?.abort(new Error('The process that asked for this run is gone.'));
  setTimeout(endGroup, LAST_MOMENTS_MS).unref();
});
process.on('message', (raw) => {
  const message = toRunnerSchema.parse(raw);
  switch (message.type) {
    case 'start':
      controller = new AbortController();
      void run(message, controller.signal).then((end) => {
        controller = undefined;
        if (message.isLast) parent[Symbol.dispose]();
        send(end);
        frames?.destroy();
        // Nothing is left to do, so that the process ends by itself once this is sent.
        if (message.isLast && process.connected) process.disconnect();
      });
      break;
    case 'cancel':
      controller?.abort('cancel');
      break;
  }
});
