/** Takes away what nobody asks for any more: pictures of old answers, and scratch of jobs that have ended. */
import type { Logger } from '../core/logger.ts';
import type { Backend } from '../jobs/backend.ts';
import { LOOKS_PREFIX } from '../jobs/execute/keys.ts';
import type { Scratch } from '../jobs/execute/scratch.ts';
import { readJob } from '../jobs/job-documents.ts';

/** How often. */
const EVERY_MS = 10 * 60 * 1000;
/** Whoever waits for an answer fetches its pictures at once. */
const LOOK_KEPT_MS = 60 * 60 * 1000;
/** For how long whoever retries a failed job finds the chunks that it had. */
const RETRY_KEPT_MS = 24 * 3600 * 1000;

const SHARED = { kind: 'tidying', id: 'looks' } as const;

/** Tidies at once and then now and then. The creator disposes it. */
export function keepTidy(backend: Backend, scratch: Scratch, logger: Logger): AsyncDisposable {
  const tidy = async (): Promise<void> => {
    await tidyScratch(backend, scratch, Date.now());
    if (await claim(backend, Date.now())) await tidyLooks(backend, Date.now());
  };
  let working: Promise<void> | undefined;
  const work = (): void => {
    working ??= tidy()
      .catch((error: unknown) => logger.warn('tidying up failed', { reason: String(error) }))
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

/** Of all workers, one looks through the storage. */
async function claim({ store }: Backend, now: number): Promise<boolean> {
  const { kind, id } = SHARED;
  if (await store.create(kind, { id, tenant: 'system', state: 'done', value: now })) return true;
  let isMine = false;
  await store.update(kind, id, ({ value }) => {
    isMine = typeof value !== 'number' || now - value >= EVERY_MS || value > now;
    return isMine ? { state: 'done', value: now } : undefined;
  });
  return isMine;
}

/** Removes pictures of answers that are older than anybody waits. */
export async function tidyLooks({ storage }: Pick<Backend, 'storage'>, now: number): Promise<void> {
  const old: string[] = [];
  for await (const { key, changedAt } of storage.list(LOOKS_PREFIX)) {
    if (now - changedAt > LOOK_KEPT_MS) old.push(key);
  }
  if (old.length > 0) await storage.remove(old);
}

/** Removes what is kept of jobs that are done, gone, or were not retried for a day. */
export async function tidyScratch(
  { store }: Pick<Backend, 'store'>,
  scratch: Pick<Scratch, 'isKept' | 'keptJobs' | 'removeJob'>,
  now: number,
): Promise<void> {
  if (!scratch.isKept) return;
  for (const id of await scratch.keptJobs()) {
    const job = await readJob(store, id);
    const endedAt = job?.endedAt === undefined ? now : Date.parse(job.endedAt);
    if (!job || job.state === 'completed' || now - endedAt > RETRY_KEPT_MS) await scratch.removeJob(id);
  }
}
