/**
 * Works on faces in threads of their own, while the calling thread reads, follows and encodes. Frames stay where they
 * are, in shared memory; only meshes cross.
 */
import type { Worker } from 'node:worker_threads';
import { AppError, errorFromJson } from '../../core/errors.ts';
import type { I420Frame } from '../../core/image.ts';
import type { ResolvedProcessOptions } from '../../core/options.ts';
import type { Note } from '../../engine/processors/processor.ts';
import { startThread } from '../../media/start-thread.ts';
import type { ChosenFace } from '../../trust/face-chooser.ts';
import type { FaceWork } from '../../trust/face-work.ts';
import type { FrameTally, UnchangedReason, WorkedFrame } from '../../trust/frame-counts.ts';
import type { UsedModel } from '../process-result.ts';
import { onDevice } from '../providers/execution-of.ts';
import type { Answer, Ready, Request, WorkerData } from './messages.ts';

/** Frames that may be in work for each thread: one that it works on, one that waits for it. */
const FRAMES_PER_THREAD = 2;

/** The work with what a result says about it. The creator disposes it. */
export interface OpenFaceWork extends FaceWork, AsyncDisposable {
  /** What was noticed about the sources. */
  notes(): readonly Note[];
  /** Ends the threads, if any. @returns the models that they had loaded */
  close(): Promise<readonly UsedModel[]>;
}

/**
 * Starts the threads; each loads models and studies the sources for itself.
 *
 * A track always goes to the same thread, and a frame from thread to thread in the order of its faces, so that the bytes
 * are those of one thread: every face meets its processor in the order of the frames, and of two faces that overlap in a
 * frame the later one sees what the earlier left.
 * @param threads at least 1
 * @throws what opening models and sources throws
 */
export async function openFacePool(
  threads: number,
  options: ResolvedProcessOptions,
  modelDirectory: string,
): Promise<OpenFaceWork> {
  const started = Array.from(
    { length: threads },
    (_, at) => new PoolThread({ options: onDevice(options, at), modelDirectory }),
  );
  const closeAll = async (): Promise<readonly UsedModel[]> => {
    const models = (await Promise.all(started.map((thread) => thread.close()))).flat();
    return [...new Map(models.map((model) => [model.id, model])).values()];
  };
  let ready: Ready;
  try {
    [ready] = (await Promise.all(started.map((thread) => thread.ready))) as [Ready, ...Ready[]];
  } catch (error) {
    await closeAll();
    throw error;
  }
  const threadOf = (trackId: number): PoolThread => started[trackId % threads]!;
  return {
    depth: threads * FRAMES_PER_THREAD,
    frameScale: 1,
    givesAlpha: false,
    processors: ready.processors,
    notes: () => ready.notes,
    process(frame, faces, time) {
      const shared = toShared(frame);
      // Asked for at once, so that each thread gets its frames in order; begun when the faces before are done.
      let before: Promise<FrameTally> = Promise.resolve(nothing(faces.length === 0));
      for (const run of runsByThread(faces, threadOf)) {
        const earlier = before;
        before = run.thread.inTurn(async (ask) => {
          const tally = await earlier;
          const worked = await ask<WorkedFrame>({ type: 'process', frame: shared, faces: run.faces, time });
          return add(tally, worked.tally);
        });
      }
      return before.then((tally) => ({ tally }));
    },
    forget: (trackId) => threadOf(trackId).tell({ type: 'forget', trackId }),
    save: () => Promise.all(started.map((thread) => thread.inTurn((ask) => ask({ type: 'save' })))),
    async restore(state) {
      const states = state as readonly unknown[];
      await Promise.all(
        started.map((thread, at) => thread.inTurn((ask) => ask({ type: 'restore', state: states[at] }))),
      );
    },
    close: closeAll,
    async [Symbol.asyncDispose]() {
      await closeAll();
    },
  };
}

/** What of a frame crosses to a thread. */
function toShared({ data, deep, width, height, colour }: I420Frame): I420Frame {
  if (!(data.buffer instanceof SharedArrayBuffer)) throw new AppError('INTERNAL', 'Expected a frame in shared memory.');
  return { data, deep, width, height, colour };
}

/** Consecutive faces of one thread together. */
function runsByThread(
  faces: readonly ChosenFace[],
  threadOf: (trackId: number) => PoolThread,
): { readonly thread: PoolThread; readonly faces: ChosenFace[] }[] {
  const runs: { thread: PoolThread; faces: ChosenFace[] }[] = [];
  for (const face of faces) {
    const thread = threadOf(face.trackId);
    const last = runs.at(-1);
    if (last?.thread === thread) last.faces.push(face);
    else runs.push({ thread, faces: [face] });
  }
  return runs;
}

const nothing = (isEmpty: boolean): FrameTally => ({
  changed: false,
  reasons: new Set<UnchangedReason>(isEmpty ? ['no-face'] : []),
});

const add = (a: FrameTally, b: FrameTally): FrameTally => ({
  changed: a.changed || b.changed,
  reasons: new Set([...a.reasons, ...b.reasons]),
});

/** A request without its number. */
type Question = Request extends infer One ? (One extends { id: number } ? Omit<One, 'id'> : never) : never;
type Ask = <T>(question: Question) => Promise<T>;

class PoolThread {
  readonly ready: Promise<Ready>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(value: never): void; reject(error: AppError): void }>();
  readonly #closed: Promise<readonly UsedModel[]>;
  #turn: Promise<unknown> = Promise.resolve();
  #nextId = 0;
  #failure: AppError | undefined;

  constructor(data: WorkerData) {
    this.#worker = startThread(import.meta.url, './worker', data);
    let isReady: (ready: Ready) => void;
    let isNot: (error: AppError) => void;
    let isClosed: (models: readonly UsedModel[]) => void;
    this.ready = new Promise((resolve, reject) => {
      isReady = resolve;
      isNot = reject;
    });
    this.ready.catch(() => {});
    this.#closed = new Promise((resolve) => {
      isClosed = resolve;
    });
    const fail = (error: AppError): void => {
      this.#failure ??= error;
      isNot(error);
      isClosed([]);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    this.#worker.on('message', (message: Answer) => {
      switch (message.type) {
        case 'ready':
          return isReady(message);
        case 'closed':
          return isClosed(message.models);
        case 'answer':
          this.#waiting.get(message.id)?.resolve(message.value as never);
          this.#waiting.delete(message.id);
          return;
        case 'error': {
          const error = errorFromJson(message.error);
          if (message.id === undefined) return fail(error);
          this.#waiting.get(message.id)?.reject(error);
          this.#waiting.delete(message.id);
        }
      }
    });
    this.#worker.on('error', (cause) => {
      fail(new AppError('INTERNAL', `A thread that works on faces failed: ${cause}.`, { cause }));
    });
    this.#worker.on('exit', () => {
      fail(new AppError('INTERNAL', 'A thread that works on faces has ended.'));
    });
  }

  /** Lets a task ask the thread when all tasks before have been answered. */
  inTurn<T>(task: (ask: Ask) => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => task((question) => this.#ask(question)));
    this.#turn = result.catch(() => {});
    return result;
  }

  tell(request: Extract<Request, { type: 'forget' }>): void {
    void this.inTurn(async () => this.#worker.postMessage(request)).catch(() => {});
  }

  async close(): Promise<readonly UsedModel[]> {
    await this.#turn;
    if (!this.#failure) this.#worker.postMessage({ type: 'close' } satisfies Request);
    return this.#closed;
  }

  #ask<T>(question: Question): Promise<T> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#nextId++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      this.#worker.postMessage({ ...question, id });
    });
  }
}
