/**
 * Entry of the process that does the work of one run. It owns ONNX Runtime and every ffmpeg, is told what to do by
 * messages, and never outlives the process that started it. Started by `runner-client.ts` only.
 */
import { toAppError } from '../core/errors.ts';
import { shareProcessGroup } from '../media/ffmpeg-process.ts';
import { watchParent } from './parent-watch.ts';
import type { RunContext } from './run-context.ts';
import { type RunnerMessage, type StartMessage, toErrorMessage, toRunnerSchema } from './runner-messages.ts';

/** What a run may take to stop in order and tidy up when its client is gone. */
const LAST_MOMENTS_MS = 700;

const controller = new AbortController();

/** SIGKILL for this process and every ffmpeg. */
function endGroup(): void {
  if (process.platform === 'win32') process.exit(1);
  process.kill(-process.pid, 'SIGKILL');
}

const send = (message: RunnerMessage): void => {
  // The callback keeps a channel that has just closed from becoming an exception: the watch below sees that too.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

async function run({ task, options, modelDirectory }: StartMessage): Promise<RunnerMessage> {
  try {
    const log = (level: 'debug' | 'info' | 'warn') => (message: string, fields?: Readonly<Record<string, unknown>>) =>
      send({ type: 'log', level, message, ...(fields === undefined ? {} : { fields }) });
    const context: RunContext = {
      signal: controller.signal,
      onProgress: send,
      logger: { debug: log('debug'), info: log('info'), warn: log('warn') },
      modelDirectory,
    };
    // Imported late, so that a cancellation is heard while ONNX Runtime and sharp are loading.
    switch (task.name) {
      case 'process': {
        const runner = await import('./process.ts');
        return { type: 'result', result: await runner.process(options, context) };
      }
      case 'preview': {
        const { previewFrame } = await import('./preview.ts');
        return { type: 'preview', result: await previewFrame(options, task.frameNumber, context) };
      }
    }
  } catch (error) {
    return toErrorMessage(toAppError(error));
  }
}

shareProcessGroup();
const parent = watchParent(() => {
  controller.abort(new Error('The process that asked for this run is gone.'));
  setTimeout(endGroup, LAST_MOMENTS_MS).unref();
});
process.on('message', (raw) => {
  const message = toRunnerSchema.parse(raw);
  switch (message.type) {
    case 'start':
      void run(message).then((end) => {
        parent[Symbol.dispose]();
        send(end);
        // Nothing is left to do, so that the process ends by itself once this is sent.
        if (process.connected) process.disconnect();
      });
      break;
    case 'cancel':
      controller.abort('cancel');
      break;
  }
});
