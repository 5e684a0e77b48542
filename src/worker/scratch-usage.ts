/** What a worker's scratch folder takes, as its document says it, and clearing it where somebody asks for that. */
import { statfs } from 'node:fs/promises';
import type { Logger } from '../core/logger.ts';
import type { Scratch } from '../jobs/execute/scratch.ts';
import type { Store } from '../jobs/store/store.ts';
import { answerClearing } from '../jobs/temporary-files.ts';
import { HEARTBEAT_MS, type WorkerDocument } from '../jobs/worker-document.ts';

export interface ScratchUsage extends Disposable {
  /** As it was measured last; undefined where it cannot be. */
  readonly latest: WorkerDocument['scratch'];
}

export interface ScratchUsageOptions {
  /** Of the scratch. */
  readonly folder: string;
  readonly worker: string;
  readonly store: Store;
  readonly logger: Logger;
  /** Called when something was cleared. */
  readonly onCleared: () => void;
}

/** Measures at once and then as often as the worker says that it is there. The creator disposes it. */
export async function watchScratch(
  scratch: Pick<Scratch, 'usedBytes' | 'clear'>,
  { folder, worker, store, logger, onCleared }: ScratchUsageOptions,
): Promise<ScratchUsage> {
  let latest: WorkerDocument['scratch'];
  const measure = async (): Promise<void> => {
    const [usedBytes, { bavail, bsize }] = await Promise.all([scratch.usedBytes(), statfs(folder)]);
    latest = { usedBytes, freeBytes: bavail * bsize };
  };
  const tryTo = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => {
      logger.warn('the scratch folder could not be measured', { reason: String(error) });
    });
  await tryTo(measure);
  const timer = setInterval(() => void tryTo(measure), HEARTBEAT_MS);
  const stopAnswering = answerClearing(store, worker, async () => {
    const freedBytes = await scratch.clear();
    logger.info('temporary files were cleared', { worker, freedBytes });
    await tryTo(measure);
    onCleared();
    return freedBytes;
  });
  return {
    get latest() {
      return latest;
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      stopAnswering();
    },
  };
}
