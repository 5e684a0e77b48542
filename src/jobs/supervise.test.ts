import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAsset, openTestBackend } from '../../test/helpers/embedded-jobs.ts';
import { AppError } from '../core/errors.ts';
import type { Backend } from './backend.ts';
import { SILENT_MILLISECONDS } from './check-open-job.ts';
import { CANCELLED_KEPT_MILLISECONDS, SECOND_ROUND_MILLISECONDS } from './cleaning.ts';
import { createJobService } from './create-job-service.ts';
import { type Job, type JobOutput, type JobState, jobStream } from './job.ts';
import { readJob } from './job-documents.ts';
import { reportBegun, reportCompleted, reportFailed } from './job-progress.ts';
import type { JobService } from './job-service.ts';
import { type JobSupervisor, superviseJobs } from './supervise.ts';

let backend: Backend;
let jobs: JobService;
let supervisor: JobSupervisor;
let clock: number;
let job: Job;

beforeEach(async () => {
  clock = Date.now();
  backend = await openTestBackend();
  const options = { maxWaiting: 100, keepDays: 7 };
  jobs = createJobService({ backend, options, clock: () => clock });
  supervisor = superviseJobs(backend, undefined, { clock: () => clock });
  const expiresAt = new Date(clock + 86_400_000).toISOString();
  const [face, photo] = [
    await addAsset(backend, 'acme', { expiresAt }),
    await addAsset(backend, 'acme', { expiresAt }),
  ];
  const created = await jobs.create({
    ...{ tenant: 'acme', owner: 'key' },
    run: {
      sources: [{ kind: 'asset', id: face.id }],
      target: { kind: 'asset', id: photo.id },
      output: { kind: 'stored', name: 'result.png' },
      options: {},
    },
  });
  job = created.job;
});
afterEach(async () => {
  await supervisor[Symbol.asyncDispose]();
  await backend[Symbol.asyncDispose]();
});

const put = (name: string): Promise<unknown> =>
  backend.storage.put(`jobs/${job.id}/${name}`, Buffer.from(name), { contentType: 'image/png' });
const stored = async (): Promise<string[]> => {
  const names: string[] = [];
  for await (const { key } of backend.storage.list('jobs/')) names.push(key.slice(`jobs/${job.id}/`.length));
  return names.sort();
};
const output = (name: string): JobOutput => ({
  ...{ name: 'result.png', role: 'main', key: `jobs/${job.id}/${name}` },
  ...{ contentType: 'image/png', bytes: 3, sha256: 'x' },
});
const complete = (name: string): Promise<boolean> =>
  reportCompleted(backend, { job: job.id, run: 1 }, { outputs: [output(name)], timings: {}, notes: [] }, clock);
const error = new AppError('INPUT_UNREADABLE', 'No picture.').toJSON();

/** Resolves when the job's stream says that it has come to a state. */
const comesTo = (state: JobState): Promise<void> =>
  new Promise((resolve) => {
    const stop = backend.store.watch((stream, { value }) => {
      if (stream !== jobStream(job.id) || Object(value).state !== state) return;
      stop();
      resolve();
    });
  });

/** Lets a worker do what there is, until `tasks` are done. */
async function work(tasks: number, handler: () => Promise<unknown>): Promise<string[]> {
  const done: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const worker = backend.queue.work({
      ...{ lanes: () => ['common'], concurrency: 1 },
      handler: ({ task }) => {
        done.push(task.id);
        if (done.length === tasks) worker.close().then(resolve, reject);
        return handler();
      },
    });
  });
  return done;
}

describe('superviseJobs', () => {
  it('ends a job whose task fails for good, with the error of the task, once', async () => {
    const failed = comesTo('failed');
    await work(1, async () => {
      throw new AppError('INPUT_UNREADABLE', 'No picture.');
    });
    await failed;
    expect(await readJob(backend.store, job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'INPUT_UNREADABLE', message: 'No picture.' },
    });
    await supervisor.sweep();
    const states = (await backend.store.events(jobStream(job.id), 0, 10)).map(({ value }) => Object(value).state);
    expect(states).toEqual(['queued', 'failed']);
  });

  it('finds out about a task that failed while nobody heard', async () => {
    await supervisor[Symbol.asyncDispose]();
    await work(1, async () => {
      throw new AppError('INPUT_UNREADABLE', 'No picture.');
    });
    clock += SILENT_MILLISECONDS;
    supervisor = superviseJobs(backend, undefined, { clock: () => clock });
    await supervisor.sweep();
    expect(await readJob(backend.store, job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'INPUT_UNREADABLE' },
    });
  });

  it('gives a job whose task is lost to the workers again', async () => {
    await backend.queue.cancel(job.id);
    clock += SILENT_MILLISECONDS;
    await supervisor.sweep();
    expect(await work(1, async () => null)).toEqual([`${job.id}-1-whole-0`]);
  });

  it('leaves a job in peace whose task waits', async () => {
    clock += SILENT_MILLISECONDS;
    await supervisor.sweep();
    expect(await work(1, async () => null)).toHaveLength(1);
    expect(await backend.queue.stats()).toEqual([]);
  });

  it('ends a job of whose work nothing came', async () => {
    await work(1, async () => null);
    await backend.queue.ended(`${job.id}-1-whole-0`);
    clock += SILENT_MILLISECONDS;
    await supervisor.sweep();
    expect(await readJob(backend.store, job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'INTERNAL', retryable: true },
    });
  });

  it('removes what lost, and what comes late, behind a job that is completed', async () => {
    for (const name of ['output/a/result.png', 'output/b/result.png', 'chunks/0/x/0.mp4']) await put(name);
    expect(await complete('output/b/result.png')).toBe(true);
    expect(await complete('output/a/result.png')).toBe(false);
    await supervisor.sweep();
    expect(await stored()).toEqual(['output/b/result.png']);
    await put('output/c/result.png');
    clock += SECOND_ROUND_MILLISECONDS;
    await supervisor.sweep();
    expect(await stored()).toEqual(['output/b/result.png']);
    expect(await backend.store.count('cleaning')).toEqual({});
  });

  it('keeps the chunks of a job that failed, and those of one that was cancelled for an hour', async () => {
    for (const name of ['chunks/0/x/0.mp4', 'output/a/result.png']) await put(name);
    await reportFailed(backend, { job: job.id, run: 1 }, error, clock);
    await supervisor.sweep();
    expect(await stored()).toEqual(['chunks/0/x/0.mp4']);
    await jobs.retry('acme', job.id);
    await put('output/b/result.png');
    await jobs.cancel('acme', job.id);
    await supervisor.sweep();
    expect(await stored()).toEqual(['chunks/0/x/0.mp4']);
    await put('output/c/result.png');
    clock += SECOND_ROUND_MILLISECONDS;
    await supervisor.sweep();
    expect(await stored()).toEqual(['chunks/0/x/0.mp4']);
    expect(await backend.store.count('cleaning')).toEqual({ later: 1 });
    clock += CANCELLED_KEPT_MILLISECONDS - SECOND_ROUND_MILLISECONDS;
    await supervisor.sweep();
    expect(await stored()).toEqual([]);
    expect(await backend.store.count('cleaning')).toEqual({});
  });

  it('tells of an end that nobody could tell of', async () => {
    // The process was stopped between the document and its stream.
    await reportFailed(backend, { job: job.id, run: 1 }, error, clock);
    await backend.store.removeEvents(jobStream(job.id));
    await supervisor.sweep();
    const states = async (): Promise<unknown[]> =>
      (await backend.store.events(jobStream(job.id), 0, 10)).map(({ value }) => Object(value).state);
    expect(await states()).toEqual([]);
    clock += SECOND_ROUND_MILLISECONDS;
    await supervisor.sweep();
    await supervisor.sweep();
    expect(await states()).toEqual(['failed']);
  });

  it('forgets about a job that was about to end and did not', async () => {
    await reportFailed(backend, { job: job.id, run: 99 }, error, clock);
    await supervisor.sweep();
    expect(await backend.store.count('cleaning')).toEqual({ due: 1 });
    clock += SECOND_ROUND_MILLISECONDS;
    await supervisor.sweep();
    expect(await backend.store.count('cleaning')).toEqual({});
  });

  it('lets inputs go behind a run, but not those that another job needs', async () => {
    const second = await jobs.create({
      ...{ tenant: 'acme', owner: 'key', reuse: false },
      run: { ...job.steps[0]!, output: { kind: 'stored', name: 'other.png' } },
    });
    const expiries = async (): Promise<unknown[]> =>
      (await backend.store.list('asset', { limit: 10 })).map(({ expiresAt }) => expiresAt);
    const held = clock + 7 * 86_400_000;
    await complete('output/a/result.png');
    await supervisor.sweep();
    expect(await expiries()).toEqual([held, held]);
    await reportCompleted(backend, { job: second.job.id, run: 1 }, { outputs: [], timings: {}, notes: [] }, clock);
    await supervisor.sweep();
    expect(await expiries()).toEqual([clock + 3_600_000, clock + 3_600_000]);
  });

  it('goes by the policy with uploads that would stay for ever', async () => {
    const { id } = await addAsset(backend, 'acme');
    const run = { ...job.steps[0]!, target: { kind: 'asset', id }, output: { kind: 'stored', name: 'x.png' } } as const;
    const forEver = (await jobs.create({ tenant: 'acme', owner: 'key', run })).job;
    await reportCompleted(backend, { job: forEver.id, run: 1 }, { outputs: [], timings: {}, notes: [] }, clock);
    await supervisor.sweep();
    expect((await backend.store.read('asset', id))?.expiresAt).toBe(clock + 3_600_000);
  });

  it('removes what has expired, and nothing earlier', async () => {
    await put('output/a/result.png');
    await complete('output/a/result.png');
    clock += 7 * 86_400_000 - 1;
    await supervisor.sweep();
    expect(await readJob(backend.store, job.id)).toBeDefined();
    clock += 1;
    await supervisor.sweep();
    expect(await readJob(backend.store, job.id)).toBeUndefined();
    expect(await stored()).toEqual([]);
    expect(await backend.store.events(jobStream(job.id), 0, 10)).toEqual([]);
    expect(await backend.store.count('job-key')).toEqual({});
  });

  it('removes pictures of answers that were given long ago', async () => {
    await backend.storage.put('looks/x/preview.png', Buffer.from('x'), { contentType: 'image/png' });
    const isThere = async (): Promise<boolean> => (await backend.storage.head('looks/x/preview.png')) !== undefined;
    await supervisor.sweep();
    expect(await isThere()).toBe(true);
    clock += 2 * 3_600_000;
    await supervisor.sweep();
    expect(await isThere()).toBe(false);
  });

  it('goes on behind a job that cannot be read', async () => {
    await backend.store.update('job', job.id, () => ({ state: 'queued', value: { of: 'another version' } }));
    const next = await jobs.create({ tenant: 'acme', owner: 'key', reuse: false, run: job.steps[0] as never });
    await backend.queue.cancel(next.job.id);
    clock += SILENT_MILLISECONDS;
    await supervisor.sweep();
    expect(await work(2, async () => null)).toContain(`${next.job.id}-1-whole-0`);
  });

  it('does nothing to a job that works', async () => {
    await reportBegun(backend, { job: job.id, run: 1 }, { id: 't', kind: 'whole' }, 'worker', clock);
    await supervisor.sweep();
    expect(await readJob(backend.store, job.id)).toMatchObject({ state: 'running' });
  });
});
