/** One thread of the pool: opens models and sources for itself, and works on the faces it is given. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, toAppError } from '../../core/errors.ts';
import { PROCESSORS } from '../../engine/processors/registry.ts';
import { createFaceWork } from '../../trust/face-work.ts';
import { StageClock } from '../../trust/stage-clock.ts';
import { openEngine } from '../open-engine.ts';
import { findProcessors } from '../prepare-run.ts';
import type { Answer, Request, WorkerData } from './messages.ts';

const port = parentPort;
if (!port) throw new AppError('INTERNAL', 'This file runs in a worker thread.');
const answer = (message: Answer): void => port.postMessage(message);

const { options, modelDirectory } = workerData as WorkerData;

async function main(): Promise<void> {
  const engine = await openEngine(
    { options, processors: findProcessors(options, PROCESSORS) },
    { modelDirectory },
    new StageClock(),
  );
  const work = createFaceWork(await engine.createProcessorChains());
  answer({ type: 'ready', processors: work.processors, notes: engine.notes() });

  const handle = async (request: Exclude<Request, { type: 'close' }>): Promise<unknown> => {
    switch (request.type) {
      case 'process':
        return work.process(request.frame, request.faces, request.time);
      case 'forget':
        return work.forget(request.trackId);
      case 'save':
        return work.save();
      case 'restore':
        return work.restore(request.state);
    }
  };
  // One after another, in the order of the messages: a processor remembers the frames it has seen.
  let last: Promise<void> = Promise.resolve();
  port!.on('message', (request: Request) => {
    last = last.then(async () => {
      if (request.type === 'close') {
        const models = engine.models();
        await engine[Symbol.asyncDispose]();
        answer({ type: 'closed', models });
        port!.close();
        return;
      }
      const id = 'id' in request ? request.id : undefined;
      try {
        const value = await handle(request);
        if (id !== undefined) answer({ type: 'answer', id, value });
      } catch (error) {
        if (id !== undefined) answer({ type: 'error', id, error: toAppError(error).toJSON() });
      }
    });
  });
}

main().catch((error: unknown) => answer({ type: 'error', error: toAppError(error).toJSON() }));
