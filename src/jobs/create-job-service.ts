/** Jobs as the API and its tests use them. */
import { AppError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { type Logger, silentLogger } from '../core/logger.ts';
import { productVersion } from '../runner/product-version.ts';
import { allOf, type MediaMap } from './assets-of.ts';
import type { Backend } from './backend.ts';
import { type CheckedJob, checkNewJob } from './check-new-job.ts';
import { dueCleaning } from './cleaning.ts';
import { holdAssets } from './hold-assets.ts';
import { type InstalledRules, installedRules } from './installed-rules.ts';
import { isEnded, type Job, type JobStep, type Media } from './job.ts';
import {
  createJobDocument,
  isExpired,
  JOB_KIND,
  jobOf,
  noJob,
  parseJob,
  storeChange,
  tellState,
} from './job-documents.ts';
import { jobKeyOf } from './job-key.ts';
import type { JobService, NewJob } from './job-service.ts';
import { tellQueue } from './job-streams.ts';
import { enqueueJob } from './job-tasks.ts';
import { parseCursor, toCursor } from './list-cursor.ts';
import { MOST_ORDERED } from './queue/queue.ts';
import { removeJob } from './remove-job.ts';
import { claimKey } from './reuse-job.ts';
import { createUsageCounter } from './usage.ts';
import { createWaitingLimit } from './waiting-limit.ts';

const DAY_MS = 86_400_000;

export interface JobServiceOptions {
  /** Lent. */
  readonly backend: Backend;
  readonly options: {
    /** Tasks that may wait before new jobs are refused. */
    readonly maxWaiting: number;
    /** Days for which jobs and their outputs are kept after their end; 0: for ever. */
    readonly keepDays: number;
  };
  readonly logger?: Logger | undefined;
  /** Milliseconds since 1970. */
  readonly clock?: (() => number) | undefined;
  /** What the installation allows; by default its policy and the manifest of its models, read again when they change. */
  readonly rules?: (() => Promise<InstalledRules>) | undefined;
  /** W3C trace context of the call, where traces are on: the tasks of a new job carry it on. */
  readonly trace?: (() => string | undefined) | undefined;
}

/** The service has nothing to dispose: the backend is its caller's. */
export function createJobService(service: JobServiceOptions): JobService {
  const { backend, options, logger = silentLogger, clock = Date.now, rules = installedRules(), trace } = service;
  const { store, queue, isShared } = backend;
  const product = productVersion();
  const waitingLimit = createWaitingLimit(queue, options.maxWaiting);
  const usage = createUsageCounter(store);
  const keepMs = options.keepDays * DAY_MS;

  const enqueue = (job: Job): Promise<void> => enqueueJob(backend, job, trace?.());

  const make = async (id: string, request: NewJob, checked: CheckedJob, key: string): Promise<Job | undefined> => {
    const job = newJob({ id, request, checked, key, now: clock(), keepMs });
    if (!(await createJobDocument(store, job))) return undefined;
    await Promise.all([
      tellState(store, job),
      enqueue(job),
      holdAssets(store, allOf(checked.media), clock(), keepMs),
      usage.count(job, job.createdAt, {
        jobs: 1,
        videoSeconds: checked.work.videoSeconds,
        megapixels: checked.work.megapixels,
      }),
    ]);
    return job;
  };

  const beginAgain = async (tenant: string, id: string, verb: 'retried' | 'kept in part'): Promise<Job> => {
    const before = await jobOf(store, tenant, id, clock());
    const refused = (job: Job): AppError => notInState(job, verb, 'failed or cancelled');
    if (before.state !== 'failed' && before.state !== 'cancelled') throw refused(before);
    const partial = verb === 'kept in part';
    if (partial && before.work?.kind === 'image') throw noPartOfPhoto(id);
    await waitingLimit();
    const { job, isChanged } = await storeChange(store, id, { type: 'retried', partial }, clock());
    if (!job) throw noJob(id);
    if (!isChanged) throw refused(job);
    await enqueue(job);
    return job;
  };

  return {
    async create(request) {
      await waitingLimit();
      const installed = await rules();
      const checked = await checkNewJob(request, { store, rules: installed, isShared });
      const key = jobKeyOf({
        ...{ tenant: request.tenant, callback: request.callback },
        ...checked,
        versions: { product, models: installed.models, policy: installed.installed.hash },
      });
      const id = newId('job', clock());
      if (request.reuse === false) {
        const job = await make(id, request, checked, key);
        if (!job) throw new AppError('INTERNAL', `There is a job ${id} already.`);
        return { job, isNew: true };
      }
      const claim = await claimKey(store, { key, tenant: request.tenant, id }, clock());
      if (claim.kind === 'done') return { job: claim.job, isNew: false };
      const job = await make(claim.id, request, checked, key);
      if (job) {
        logger.info('job created', { job: job.id, kind: checked.work.kind, chunks: checked.work.chunks });
        return { job, isNew: true };
      }
      // Somebody else was quicker with the same id.
      return { job: await jobOf(store, request.tenant, claim.id, clock()), isNew: false };
    },

    get: (tenant, id) => jobOf(store, tenant, id, clock()),

    async list(tenant, { states, limit, cursor }) {
      const documents = await store.list(JOB_KIND, {
        tenant,
        ...(states === undefined ? {} : { states }),
        limit,
        newestFirst: true,
        ...(cursor === undefined ? {} : { after: parseCursor(cursor) }),
      });
      const last = documents.length === limit ? documents.at(-1) : undefined;
      const now = clock();
      return {
        jobs: documents.map(parseJob).filter((job) => !isExpired(job, now)),
        next: last && toCursor(last.sequence),
      };
    },

    async cancel(tenant, id) {
      const before = await jobOf(store, tenant, id, clock());
      if (!isEnded(before.state)) await dueCleaning(backend, id, clock());
      const { job, isChanged } = await storeChange(store, id, { type: 'cancelled' }, clock());
      if (!job) throw noJob(id);
      if (isChanged) backend.onEnded?.(job);
      // Also where it was cancelled before: whoever did may have been stopped before he could tell the workers.
      if (job.state === 'cancelled') await queue.cancel(id);
      return job;
    },

    retry: (tenant, id) => beginAgain(tenant, id, 'retried'),
    keep: (tenant, id) => beginAgain(tenant, id, 'kept in part'),

    async order(tenant) {
      const [turns, documents] = await Promise.all([
        queue.order(tenant),
        store.list(JOB_KIND, { tenant, states: ['queued'], limit: MOST_ORDERED }),
      ]);
      const waiting = new Set(documents.map((document) => document.id));
      const first = turns.filter((id) => waiting.delete(id));
      // What was created a moment ago is not with the queue yet.
      return [...first, ...waiting];
    },

    async move(tenant, id, before) {
      for (const one of before === undefined ? [id] : [id, before]) {
        const job = await jobOf(store, tenant, one, clock());
        if (job.state !== 'queued') throw notInState(job, 'moved, or have another before it,', 'queued');
      }
      if (id !== before && !(await queue.move(id, before))) throw notMovable(id);
      await tellQueue(store, new Date(clock()).toISOString(), tenant);
    },

    async remove(tenant, id) {
      const job = await jobOf(store, tenant, id, clock());
      if (!isEnded(job.state)) throw notInState(job, 'removed', 'completed, failed or cancelled');
      await removeJob(backend, job);
    },
  };
}

interface NewJobFacts {
  readonly id: string;
  readonly request: NewJob;
  readonly checked: CheckedJob;
  readonly key: string;
  readonly now: number;
  readonly keepMs: number;
}

function newJob({ id, request, checked, key, now, keepMs }: NewJobFacts): Job {
  const at = new Date(now).toISOString();
  const { tenant, owner, run, callback, labels = {}, priority = 'normal' } = request;
  return {
    ...{ id, tenant, owner, origin: 'api', state: 'queued', priority, key },
    ...{ createdAt: at, updatedAt: at, submittedAt: at },
    steps: [
      {
        sources: [...run.sources],
        map: copyOf(run.map ?? []),
        ...(run.ranges?.some(({ map }) => map) ? { rangeMaps: run.ranges.map(({ map = [] }) => copyOf(map)) } : {}),
        target: run.target,
        output: { kind: 'stored', name: checked.outputName },
        options: checked.options,
        state: 'queued',
      },
    ],
    post: checked.post.map((step) => ({ ...step })),
    ...(callback === undefined ? {} : { callback }),
    labels: { ...labels },
    requires: checked.requires,
    work: checked.work,
    ...{ runs: 1, timings: {}, notes: [], outputs: [] },
    ...(keepMs === 0 ? {} : { expiresAt: new Date(now + keepMs).toISOString() }),
  };
}

const copyOf = (map: MediaMap<Media>): JobStep['map'] =>
  map.map(({ person, sources }) => ({ person, sources: [...sources] }));

const notMovable = (id: string): AppError =>
  new AppError(
    'JOB_STATE',
    `The job ${id} cannot go there: both have to wait for the same workers, with the same priority.`,
    {
      hint: 'It may have been begun a moment ago.',
      details: { job: id },
    },
  );

const noPartOfPhoto = (id: string): AppError =>
  new AppError('JOB_STATE', 'Only a video can be kept in part; this job is for a photo.', {
    hint: 'Retry the job.',
    details: { job: id },
  });

const notInState = (job: Job, verb: string, states: string): AppError =>
  new AppError('JOB_STATE', `Only a job that is ${states} can be ${verb}; ${job.id} is ${job.state}.`, {
    hint: isEnded(job.state) ? 'Create another job.' : 'Wait until it has ended, or cancel it.',
    details: { job: job.id, state: job.state },
  });
