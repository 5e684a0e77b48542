/** The frame of a running video that was finished last, where those who wait for the job can look at it. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnProgress, ProgressEvent } from '../../core/progress.ts';
import type { JobProgress } from '../job.ts';
import type { Execution, JobTask } from './execution.ts';
import { latestFrameKey } from './keys.ts';

/** Milliseconds between two looks at what the runner has made. */
const EVERY_MS = 1000;

/** Progress with how many frames were done when the picture was made that can be looked at. */
export type PicturedProgress = ProgressEvent & Pick<JobProgress, 'pictured'>;

/** The creator disposes it: nobody looks at the picture of a job that does not run. */
export interface LatestFrame extends AsyncDisposable {
  /** Where the runner puts it. */
  readonly path: string;
  readonly onProgress: OnProgress;
}

/** @param folder of the step */
export function shareLatestFrame(
  { backend: { storage }, logger }: Pick<Execution, 'backend' | 'logger'>,
  { job, attempt: { signal } }: Pick<JobTask, 'job' | 'attempt'>,
  folder: string,
  onProgress: (event: PicturedProgress) => void,
): LatestFrame {
  const path = join(folder, 'latest.jpg');
  const key = latestFrameKey(job.id);
  let pictured: number | undefined;
  let madeAt = 0;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let sharing: Promise<void> | undefined;

  const share = async (done: number): Promise<void> => {
    const facts = await stat(path).catch(() => undefined);
    if (!facts || facts.mtimeMs === madeAt) return;
    madeAt = facts.mtimeMs;
    await storage.putFile(key, path, { contentType: 'image/jpeg', cacheControl: 'private, no-cache', signal });
    pictured = done;
  };

  return {
    path,
    onProgress(event) {
      onProgress(pictured === undefined ? event : { ...event, pictured });
      if (event.stage !== 'process' || sharing || performance.now() - lookedAt < EVERY_MS) return;
      lookedAt = performance.now();
      sharing = share(event.done)
        // The run does not depend on it.
        .catch((error: unknown) => logger.debug?.('the latest frame was not shared', { reason: String(error) }))
        .finally(() => {
          sharing = undefined;
        });
    },
    async [Symbol.asyncDispose]() {
      await sharing;
      await storage.remove([key]);
    },
  };
}
