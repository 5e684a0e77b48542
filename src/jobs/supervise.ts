/**
 * Sees to it that every job ends once, and that nothing of it stays behind. Run by every gateway and worker: all that is
 * done here may be done twice.
 */
import { z } from 'zod';
import { isAppError } from '../core/errors.ts';
import { type Logger, silentLogger } from '../core/logger.ts';
import { readPolicy } from '../trust/policy/read-policy.ts';
import type { Backend } from './backend.ts';
import { checkOpenJob, failJobOf } from './check-open-job.ts';
import { CLEANING_KIND, cleanJob, dueAt, NOTE_STATES } from './cleaning.ts';
import { isExpired, JOB_KIND, parseJob } from './job-documents.ts';
import { removeJob } from './remove-job.ts';
import { removeOldLooks } from './remove-old-looks.ts';
import type { StoredDocument } from './store/store.ts';

export interface SuperviseOptions {
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
  /** Time between two sweeps of all who supervise together. Default 5 s. */
  readonly sweepMilliseconds?: number | undefined;
}

/** Its creator disposes it, which waits for a sweep in work. */
export interface JobSupervisor extends AsyncDisposable {
  /** Sweeps now, whoever else does. */
  sweep(): Promise<void>;
}

const SWEEP_MILLISECONDS = 5000;
/** Jobs that one sweep looks at, of each sort. */
const PAGE = 200;
/** Notes of jobs that have ended. Each waits a minute for its second round: those of that time are to be seen at once. */
const NOTES = 1000;
/** Time between two looks at pictures that nobody fetches any more. */
const LOOKS_MILLISECONDS = 600_000;

/** What all who supervise know together: when was swept, and where the next sweep goes on. */
const SHARED = { kind: 'supervisor', id: 'sweep' } as const;
const sharedSchema = z.object({
  at: z.number(),
  open: z.number().optional(),
  ended: z.number().optional(),
  looksAt: z.number().default(0),
});
type Shared = z.infer<typeof sharedSchema>;

export function superviseJobs(
  backend: Backend,
  logger: Logger = silentLogger,
  { clock = Date.now, sweepMilliseconds = SWEEP_MILLISECONDS }: SuperviseOptions = {},
): JobSupervisor {
  const { store, storage, queue } = backend;
  const working = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;

  /** What fails is tried again by the next sweep. */
  const trying = (what: string, work: () => Promise<void>): Promise<void> => {
    const done = work()
      .catch((error: unknown) => {
        const code = isAppError(error) ? error.code : 'INTERNAL';
        logger.warn(`supervising failed: ${what}`, { code, ...(code === 'INTERNAL' ? { reason: String(error) } : {}) });
      })
      .finally(() => working.delete(done));
    working.add(done);
    return done;
  };

  const stopHearing = queue.watchEnds((end) => {
    if (end.outcome === 'failed') void trying('end of a task', () => failJobOf(backend, end));
  });

  /** @returns where to go on; undefined where another has swept a moment ago */
  const claim = async (isForced: boolean): Promise<Shared | undefined> => {
    const now = clock();
    const first = { state: 'swept', value: { at: now, looksAt: 0 } };
    if (await store.create(SHARED.kind, { id: SHARED.id, tenant: '', ...first })) return first.value;
    let claimed: Shared | undefined;
    await store.update(SHARED.kind, SHARED.id, ({ value }) => {
      const shared = sharedSchema.parse(value);
      const isDue = isForced || now - shared.at >= sweepMilliseconds || shared.at > now;
      claimed = isDue ? { ...shared, at: now } : undefined;
      return claimed && { state: 'swept', value: claimed };
    });
    return claimed;
  };

  const clean = async (): Promise<void> => {
    const { policy } = await readPolicy();
    for (const state of NOTE_STATES) {
      for (const note of await store.list(CLEANING_KIND, { states: [state], limit: NOTES })) {
        if (dueAt(note) > clock()) continue;
        await trying(`cleaning behind ${note.id}`, () => cleanJob(backend, note, policy, clock()));
      }
    }
  };

  /** Looks at one page of jobs. @returns where the next page begins */
  const visit = async (
    states: readonly string[],
    after: number | undefined,
    look: (document: StoredDocument) => Promise<void>,
  ): Promise<number | undefined> => {
    const page = await store.list(JOB_KIND, { states, limit: PAGE, ...(after === undefined ? {} : { after }) });
    // One that cannot be read or done does not keep the others from it.
    for (const document of page) await trying(`job ${document.id}`, () => look(document));
    return page.length < PAGE ? undefined : page.at(-1)?.sequence;
  };

  const sweep = async (isForced: boolean): Promise<void> => {
    const shared = await claim(isForced);
    if (!shared) return;
    await clean();
    const open = await visit(['queued', 'running'], shared.open, async (document) =>
      checkOpenJob(backend, parseJob(document), clock()),
    );
    const ended = await visit(['completed', 'failed', 'cancelled'], shared.ended, async (document) => {
      const job = parseJob(document);
      if (!isExpired(job, clock())) return;
      await removeJob(backend, job);
      logger.info('job expired', { job: job.id });
    });
    const isLooksDue = clock() - shared.looksAt >= LOOKS_MILLISECONDS;
    if (isLooksDue) await trying('pictures', () => removeOldLooks(storage, clock()));
    const looksAt = isLooksDue ? clock() : shared.looksAt;
    await store.update(SHARED.kind, SHARED.id, ({ value }) => ({
      state: 'swept',
      value: { at: sharedSchema.parse(value).at, open, ended, looksAt },
    }));
  };

  const sweepNow = (isForced: boolean): Promise<void> => trying('sweep', () => sweep(isForced));

  const sweepLater = (): void => {
    if (isDisposed) return;
    timer = setTimeout(() => void sweepNow(false).finally(sweepLater), sweepMilliseconds);
    timer.unref();
  };
  sweepLater();

  return {
    sweep: () => sweepNow(true),
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      clearTimeout(timer);
      stopHearing();
      await Promise.all(working);
    },
  };
}
