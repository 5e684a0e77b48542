/** Jobs of the command line, by FaceFusion's words: drafted step by step, submitted, run, tried again. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, toAppError } from '../core/errors.ts';
import { isHolderAlive } from '../core/files/file-lock.ts';
import { joinInChild, runInChild } from '../runner/runner-client.ts';
import { type Job, type JobState, type JobStep, jobStream, LOCAL_TENANT } from './job.ts';
import { createJobDocument, editJob, LOCAL_JOB_KIND, parseJob, readJob, storeChange } from './job-documents.ts';
import { insertBefore, removeAt, stepIndex } from './local/edit-steps.ts';
import { planSteps, toStep } from './local/local-steps.ts';
import type { JoinVideos } from './local/publish-shared.ts';
import { type LocalRunContext, type LocalRunning, runLocalJob } from './local/run-local-job.ts';
import type { Store } from './store/store.ts';

/** `ProcessOptions`, unparsed, with paths of this machine. */
export type StepOptions = Readonly<Record<string, unknown>>;

/** What became of several jobs. */
export interface BatchResult {
  readonly done: readonly Job[];
  readonly failed: readonly { readonly job: string; readonly error: AppError }[];
}

export interface BatchOptions {
  /** Ends with the first that fails. */
  readonly haltOnError?: boolean | undefined;
}

/**
 * Every method that names a job throws JOB_NOT_FOUND where there is none, and JOB_STATE where it is in no state for that.
 * Steps count from 0; a negative index means the last.
 */
export interface LocalJobs {
  /** @param id letters, digits and `-`. @throws OPTION_INVALID, JOB_STATE where there is one */
  createJob(id: string): Promise<Job>;
  /** @throws OPTION_INVALID and the like, as a run would before it opens a file */
  addStep(id: string, options: StepOptions): Promise<Job>;
  /** Before the step that is there. */
  insertStep(id: string, index: number, options: StepOptions): Promise<Job>;
  /** Adds a step whose target is the output of another. */
  remixStep(id: string, index: number, options: StepOptions): Promise<Job>;
  removeStep(id: string, index: number): Promise<Job>;
  submit(id: string): Promise<Job>;
  submitAll(options?: BatchOptions): Promise<BatchResult>;
  /** Runs a queued job, or goes on with one whose process is no more; see `runLocalJob`. */
  run(id: string, context?: LocalRunContext): Promise<Job>;
  /** Oldest first. */
  runAll(options?: BatchOptions, context?: LocalRunContext): Promise<BatchResult>;
  /** Queues a failed or cancelled job again, and runs it: finished steps and whole chunks are kept. */
  retry(id: string, context?: LocalRunContext): Promise<Job>;
  retryAll(options?: BatchOptions, context?: LocalRunContext): Promise<BatchResult>;
  /** Ends a job that has not ended, also one that another process runs: that notices within a second. */
  cancel(id: string): Promise<Job>;
  get(id: string): Promise<Job>;
  /** Oldest first. */
  list(states?: readonly JobState[]): Promise<readonly Job[]>;
  /** What was said of a job, oldest first. */
  log(id: string): Promise<readonly unknown[]>;
  /** Removes a job with its intermediate files; outputs stay. */
  delete(id: string): Promise<void>;
  deleteAll(options?: BatchOptions): Promise<BatchResult>;
  /** Takes over a whole job, drafted. @throws JOB_STATE where there is one of this id */
  importJob(id: string, steps: readonly JobStep[]): Promise<Job>;
}

export interface LocalJobsOptions {
  /** Lent; embedded. */
  readonly store: Store;
  /** Where intermediate files lie, a folder for each job. It need not exist. */
  readonly folder: string;
  /** Joins videos that share an output. Default: `joinVideos` in a child process. */
  readonly join?: JoinVideos | undefined;
  /** Does a step. Default: in a child process. */
  readonly run?: LocalRunning['run'] | undefined;
}

const PAGE = 1000;
const ID = /^[A-Za-z0-9-]{1,64}$/;

const joinByChild: JoinVideos = async (parts, outputPath, { force, signal }) => {
  await joinInChild({ parts: [...parts], outputPath, force }, { signal });
};

export function createLocalJobs(options: LocalJobsOptions): LocalJobs {
  const { store, folder, join: joinVideos = joinByChild, run = runInChild } = options;
  const folderOf = (id: string): string => join(folder, id);

  const get = async (id: string): Promise<Job> => {
    const job = await readJob(store, checkId(id), LOCAL_JOB_KIND);
    if (job) return job;
    throw new AppError('JOB_NOT_FOUND', `There is no job ${id}.`, { hint: 'See all of them: facefusion job-list' });
  };

  const create = async (id: string, steps: readonly JobStep[]): Promise<Job> => {
    const now = new Date().toISOString();
    const job: Job = {
      ...{ id: checkId(id), tenant: LOCAL_TENANT, owner: LOCAL_TENANT, origin: 'cli', state: 'drafted' },
      ...{ priority: 'normal', createdAt: now, updatedAt: now, runs: 0 },
      ...{ steps: [...steps], post: [], labels: {}, timings: {}, notes: [], outputs: [] },
      requires: { providers: [], models: [], memoryBytes: 0 },
    };
    if (await createJobDocument(store, job, LOCAL_JOB_KIND)) return job;
    throw new AppError('JOB_STATE', `There is a job ${id} already.`, {
      hint: `Choose another id, or delete it: facefusion job-delete ${id}`,
      details: { job: id },
    });
  };

  /** Only drafted jobs are changed. */
  const change = async (id: string, edit: (steps: readonly JobStep[]) => JobStep[]): Promise<Job> => {
    await get(id);
    const changed = await editJob(
      store,
      id,
      (job) =>
        job.state === 'drafted' ? { ...job, steps: edit(job.steps), updatedAt: new Date().toISOString() } : undefined,
      LOCAL_JOB_KIND,
    );
    const job = changed.job ?? (await get(id));
    if (!changed.isChanged) throw wrongState(job, 'changed', 'drafted', 'Create another job.');
    return job;
  };

  const submit = async (id: string): Promise<Job> => {
    const before = await get(id);
    if (before.steps.length === 0) {
      throw new AppError('JOB_STATE', `The job ${id} has no steps.`, {
        hint: `Add one first: facefusion job-add-step ${id} …`,
        details: { job: id },
      });
    }
    // What cannot be published in the end is said now.
    planSteps(before, folderOf(id));
    const { job = before, isChanged } = await storeChange(store, id, { type: 'submitted' }, Date.now(), LOCAL_JOB_KIND);
    if (!isChanged) throw wrongState(job, 'submitted', 'drafted', 'See it: facefusion job-list');
    return job;
  };

  const runJob = async (id: string, context?: LocalRunContext): Promise<Job> => {
    await get(id);
    return runLocalJob(id, { store, folder: folderOf(id), run, join: joinVideos }, context);
  };

  const retry = async (id: string, context?: LocalRunContext): Promise<Job> => {
    const before = await get(id);
    await refuseInWork(before);
    const { job = before, isChanged } = await storeChange(store, id, { type: 'retried' }, Date.now(), LOCAL_JOB_KIND);
    if (!isChanged) throw wrongState(job, 'tried again', 'failed or cancelled', 'See it: facefusion job-list');
    return runJob(id, context);
  };

  const list = async (states?: readonly JobState[]): Promise<readonly Job[]> => {
    const jobs: Job[] = [];
    let after: number | undefined;
    for (;;) {
      const page = await store.list(LOCAL_JOB_KIND, {
        ...{ tenant: LOCAL_TENANT, limit: PAGE },
        ...(states === undefined ? {} : { states }),
        ...(after === undefined ? {} : { after }),
      });
      jobs.push(...page.map(parseJob));
      if (page.length < PAGE) return jobs;
      after = page.at(-1)?.sequence;
    }
  };

  const remove = async (id: string): Promise<void> => {
    await refuseInWork(await get(id));
    await rm(folderOf(id), { recursive: true, force: true });
    await store.removeEvents(jobStream(id));
    await store.remove(LOCAL_JOB_KIND, id);
  };

  return {
    createJob: (id) => create(id, []),
    importJob: create,
    async addStep(id, options) {
      const step = await toStep(options);
      return change(id, (steps) => [...steps, step]);
    },
    async insertStep(id, index, options) {
      const step = await toStep(options);
      return change(id, (steps) => insertBefore(steps, index, step));
    },
    async remixStep(id, index, options) {
      const step = await toStep(options, 0);
      return change(id, (steps) => [...steps, { ...step, target: { kind: 'step', index: stepIndex(steps, index) } }]);
    },
    removeStep: (id, index) => change(id, (steps) => removeAt(steps, index)),
    submit,
    submitAll: async (options) => eachOf(await list(['drafted']), options, ({ id }) => submit(id)),
    run: runJob,
    async runAll(options, context) {
      const open = await list(['queued', 'running']);
      const idle: Job[] = [];
      for (const job of open) if (!(await isInWork(job))) idle.push(job);
      return eachOf(idle, options, ({ id }) => runJob(id, context));
    },
    retry,
    retryAll: async (options, context) =>
      eachOf(await list(['failed', 'cancelled']), options, ({ id }) => retry(id, context)),
    async cancel(id) {
      const before = await get(id);
      const { job = before } = await storeChange(store, id, { type: 'cancelled' }, Date.now(), LOCAL_JOB_KIND);
      return job;
    },
    get,
    list,
    async log(id) {
      await get(id);
      const found: unknown[] = [];
      for (let after = 0; ; ) {
        const page = await store.events(jobStream(id), after, PAGE);
        found.push(...page.map(({ value }) => value));
        after = page.at(-1)?.number ?? after;
        if (page.length < PAGE) return found;
      }
    },
    delete: remove,
    deleteAll: async (options) =>
      eachOf(await list(), options, async (job) => {
        await remove(job.id);
        return job;
      }),
  };
}

async function eachOf(
  jobs: readonly Job[],
  { haltOnError = false }: BatchOptions = {},
  work: (job: Job) => Promise<Job>,
): Promise<BatchResult> {
  const done: Job[] = [];
  const failed: { job: string; error: AppError }[] = [];
  for (const job of jobs) {
    try {
      done.push(await work(job));
    } catch (thrown) {
      const error = toAppError(thrown);
      failed.push({ job: job.id, error });
      // Whoever stops one of them by hand wants all of them to stop.
      if (haltOnError || error.code === 'CANCELLED') break;
    }
  }
  return { done, failed };
}

const isInWork = async ({ holder }: Job): Promise<boolean> => holder !== undefined && (await isHolderAlive(holder));

async function refuseInWork(job: Job): Promise<void> {
  if (!(await isInWork(job))) return;
  throw new AppError('JOB_STATE', `Process ${job.holder?.split(' ')[0]} is working on the job ${job.id}.`, {
    hint: `Cancel it first: facefusion job-cancel ${job.id}`,
    details: { job: job.id },
  });
}

/** @throws OPTION_INVALID */
function checkId(id: string): string {
  if (ID.test(id)) return id;
  const near = id
    .replace(/[^A-Za-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
  throw new AppError(
    'OPTION_INVALID',
    `Expected letters, digits and - for the id of a job, received ${JSON.stringify(id.slice(0, 80))}.`,
    {
      ...(near === '' ? {} : { hint: `For example: ${near}` }),
      details: { option: 'jobId' },
    },
  );
}

const wrongState = ({ id, state }: Job, verb: string, states: string, hint: string): AppError =>
  new AppError('JOB_STATE', `Only a ${states} job can be ${verb}; ${id} is ${state}.`, {
    hint,
    details: { job: id, state },
  });
