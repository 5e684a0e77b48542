/** Takes away scratch of jobs that nobody goes on with. */
import type { Logger } from '../core/logger.ts';
import type { Backend } from '../jobs/backend.ts';
import { CANCELLED_KEPT_MILLISECONDS } from '../jobs/cleaning.ts';
import type { Scratch } from '../jobs/execute/scratch.ts';
import { readJob } from '../jobs/job-documents.ts';

/** How often. */
const EVERY_MS = 10 * 60 * 1000;
/** For how long whoever retries a failed job finds the chunks that it had; of a cancelled one see `cleaning.ts`. */
const RETRY_KEPT_MS = 24 * 3600 * 1000;

/** Tidies at once and then now and then. The creator disposes it. */
export function keepScratchTidy(backend: Backend, scratch: Scratch, logger: Logger): AsyncDisposable {
  let working: Promise<void> | undefined;
  const work = (): void => {
    working ??= tidyScratch(backend, scratch, Date.now())
      .catch((error: unknown) => logger.warn('scratch could not be tidied up', { reason: String(error) }))
      .finally(() => {
        working = undefined;
      });
  };
  work();
  const timer = setInterval(work, EVERY_MS);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await working;
    },
  };
}

/** Removes what is kept of jobs that are done, gone, or were not retried in time. */
export async function tidyScratch(
  { store }: Pick<Backend, 'store'>,
  scratch: Pick<Scratch, 'isKept' | 'keptJobs' | 'removeJob'>,
  now: number,
): Promise<void> {
  if (!scratch.isKept) return;
  for (const id of await scratch.keptJobs()) {
    const job = await readJob(store, id);
    const endedAt = job?.endedAt === undefined ? now : Date.parse(job.endedAt);
    const keptMs = job?.state === 'cancelled' ? CANCELLED_KEPT_MILLISECONDS : RETRY_KEPT_MS;
    if (!job || job.state === 'completed' || now - endedAt > keptMs) await scratch.removeJob(id);
  }
}
