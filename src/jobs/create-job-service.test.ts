import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAsset, openTestBackend, takeTasks } from '../../test/helpers/embedded-jobs.ts';
import type { Backend } from './backend.ts';
import { createJobService, type JobServiceOptions } from './create-job-service.ts';
import { type Job, jobStream } from './job.ts';
import { storeChange } from './job-documents.ts';
import { reportBegun, reportCompleted } from './job-progress.ts';
import type { JobService, NewJob } from './job-service.ts';
import { readUsage } from './usage.ts';

let backend: Backend;
let jobs: JobService;
let clock = Date.now();
let photo: string;
let face: string;

const serve = (options: Partial<JobServiceOptions['options']> = {}, shared = backend): JobService =>
  createJobService({ backend: shared, options: { maxWaiting: 1000, keepDays: 7, ...options }, clock: () => clock });

const request = (more: Partial<NewJob['run']> = {}, of: Partial<NewJob> = {}): NewJob => ({
  ...{ tenant: 'acme', owner: 'key-1' },
  run: {
    sources: [{ kind: 'asset', id: face }],
    target: { kind: 'asset', id: photo },
    output: { kind: 'stored', name: 'result.png' },
    options: {},
    ...more,
  },
  ...of,
});

beforeEach(async () => {
  clock = Date.now();
  backend = await openTestBackend();
  jobs = serve();
  photo = (await addAsset(backend, 'acme')).id;
  face = (await addAsset(backend, 'acme', { fileName: 'alice.jpg' })).id;
});
afterEach(() => backend[Symbol.asyncDispose]());

const statesOf = async (job: string): Promise<unknown[]> =>
  (await backend.store.events(jobStream(job), 0, 100)).map(({ value }) => Object(value).state);

describe('create', () => {
  it('stores, tells and queues a job', async () => {
    const { job, isNew } = await jobs.create(request({ options: { preset: 'fast' } }, { labels: { order: '7' } }));
    expect(isNew).toBe(true);
    expect(job).toMatchObject({
      state: 'queued',
      runs: 1,
      labels: { order: '7' },
      work: { kind: 'image', megapixels: 2 },
    });
    expect(job.steps[0]?.options).toMatchObject({ outputImageQuality: 75 });
    expect(await jobs.get('acme', job.id)).toEqual(job);
    expect(await statesOf(job.id)).toEqual(['queued']);
    const [task] = await takeTasks(backend, 1);
    expect(task).toMatchObject({
      id: `${job.id}-1-whole-0`,
      job: job.id,
      tenant: 'acme',
      payload: { run: 1 },
      cost: 1,
    });
  });

  it('plans a video where others work, by its chunks', async () => {
    const video = (await addAsset(backend, 'acme', { kind: 'video' })).id;
    const run = request({ target: { kind: 'asset', id: video }, output: { kind: 'stored', name: 'result.mp4' } });
    const { job } = await serve({}, { ...backend, isShared: true }).create(run);
    expect(job.work).toEqual({ kind: 'video', videoSeconds: 10, megapixels: 0, chunks: 3 });
    const [task] = await takeTasks(backend, 1);
    expect(task).toMatchObject({ kind: 'plan', cost: 1 });
    const day = job.createdAt.slice(0, 10);
    expect(await readUsage(backend.store, 'acme', { from: day, to: day })).toEqual([
      { day, owner: 'key-1', jobs: 1, videoSeconds: 10, megapixels: 0, bytesUploaded: 0, bytesStored: 0 },
    ]);
  });

  it('does the same work once, however many ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => jobs.create(request())));
    expect(new Set(all.map(({ job }) => job.id)).size).toBe(1);
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await takeTasks(backend, 1)).toHaveLength(1);
    expect((await jobs.list('acme', { limit: 10 })).jobs).toHaveLength(1);
  });

  it('makes another job of other inputs, options, names, post-processing, tenants and callbacks, and where it is asked to', async () => {
    const other = (await addAsset(backend, 'acme')).id;
    const foreign = await Promise.all([addAsset(backend, 'beta'), addAsset(backend, 'beta')]);
    const requests: NewJob[] = [
      request(),
      request({ sources: [{ kind: 'asset', id: other }] }),
      request({ options: { faceSwapperWeight: 0.7 } }),
      request({ output: { kind: 'stored', name: 'result.jpg' } }),
      request({}, { post: [{ type: 'convert', format: 'webp' }] }),
      request({}, { callback: { url: 'https://example.com/hook', on: ['completed'] } }),
      request({}, { reuse: false }),
      request(
        { sources: [{ kind: 'asset', id: foreign[0].id }], target: { kind: 'asset', id: foreign[1].id } },
        { tenant: 'beta' },
      ),
    ];
    const made: Job[] = [];
    for (const one of requests) made.push((await jobs.create(one)).job);
    expect(new Set(made.map(({ id }) => id)).size).toBe(requests.length);
    // What has no effect makes none.
    expect(await jobs.create(request({ options: { lite: true } }))).toMatchObject({
      isNew: false,
      job: { id: made[0]?.id },
    });
  });

  it('does again what failed, was cancelled, removed or has expired', async () => {
    const first = (await jobs.create(request())).job;
    await jobs.cancel('acme', first.id);
    const second = (await jobs.create(request())).job;
    expect(second.id).not.toBe(first.id);
    await reportCompleted(backend, { job: second.id, run: 1 }, { outputs: [], timings: {}, notes: [] }, clock);
    expect((await jobs.create(request())).job.id).toBe(second.id);
    await jobs.remove('acme', second.id);
    const third = await jobs.create(request());
    expect(third.isNew).toBe(true);
    expect(third.job.id).not.toBe(second.id);
    await reportCompleted(backend, { job: third.job.id, run: 1 }, { outputs: [], timings: {}, notes: [] }, clock);
    clock += 8 * 86_400_000;
    expect((await jobs.create(request())).isNew).toBe(true);
    await expect(jobs.get('acme', third.job.id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  it('goes on where another process stopped between the key and the job', async () => {
    const first = (await jobs.create(request())).job;
    await backend.store.remove('job', first.id);
    const again = await jobs.create(request());
    expect(again).toMatchObject({ isNew: true, job: { id: first.id } });
  });

  it('keeps uploads for as long as their job may need them', async () => {
    const soon = new Date(clock + 60_000).toISOString();
    const short = await addAsset(backend, 'acme', { expiresAt: soon });
    await jobs.create(request({ target: { kind: 'asset', id: short.id } }));
    const held = await backend.store.read('asset', short.id);
    expect(held?.expiresAt).toBe(clock + 7 * 86_400_000);
  });

  it.each<[string, () => Partial<NewJob['run']>, string]>([
    ['a path among the options', () => ({ options: { modelFolder: '/etc' } }), 'OPTION_INVALID'],
    ['a lut of the machine', () => ({ options: { stylizerLut: '/etc/x.cube' } }), 'OPTION_INVALID'],
    ['a preset that is a path', () => ({ options: { preset: '../../secret.json' } }), 'OPTION_INVALID'],
    ['an unknown option', () => ({ options: { faceSwaperWeight: 1 } }), 'OPTION_UNKNOWN'],
    ['a value out of range', () => ({ options: { faceSwapperWeight: 7 } }), 'OPTION_INVALID'],
    ['a model that there is not', () => ({ options: { faceDetectorModel: 'retinafac' } }), 'OPTION_INVALID'],
    ['a model that was not added', () => ({ options: { faceDetectorModel: 'retinaface' } }), 'MODEL_NOT_FOUND'],
    ['a folder in the name', () => ({ output: { kind: 'stored', name: '../result.png' } }), 'OPTION_INVALID'],
    ['an ending that no photo has', () => ({ output: { kind: 'stored', name: 'result.mp4' } }), 'OUTPUT_UNSUPPORTED'],
    ['a path for the output', () => ({ output: { kind: 'file', path: '/tmp/x.png' } }), 'OPTION_INVALID'],
    ['a path for the target', () => ({ target: { kind: 'file', path: '/etc/passwd' } }), 'OPTION_INVALID'],
    ['media that are not there', () => ({ target: { kind: 'asset', id: 'asset_0' } }), 'NOT_FOUND'],
    ['no source', () => ({ sources: [] }), 'OPTION_MISSING'],
    [
      'a map beside a selector',
      () => ({
        map: [{ person: 'person1', sources: [{ kind: 'asset', id: face }] }],
        options: { faceSelectorMode: 'many' },
      }),
      'OPTION_INVALID',
    ],
    ['a person who is none', () => ({ map: [{ person: 'alice', sources: [] }] }), 'OPTION_INVALID'],
    ['a listed word in a name', () => ({ output: { kind: 'stored', name: 'deepnude.png' } }), 'CONTENT_BLOCKED'],
  ])('refuses %s', async (_, more, code) => {
    await expect(jobs.create(request(more()))).rejects.toMatchObject({ code });
    expect(await backend.store.count('job')).toEqual({});
  });

  it('finds no media of others, nor any that are not complete', async () => {
    const foreign = await addAsset(backend, 'beta');
    const half = await addAsset(backend, 'acme', { state: 'uploading', key: undefined });
    for (const { id } of [foreign, half]) {
      await expect(jobs.create(request({ target: { kind: 'asset', id } }))).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    }
  });

  it('refuses sound that nobody listens to, and sound as a target', async () => {
    const sound = { kind: 'asset', id: (await addAsset(backend, 'acme', { kind: 'audio' })).id } as const;
    for (const more of [{ sources: [sound] }, { target: sound }]) {
      await expect(jobs.create(request(more))).rejects.toMatchObject({ code: 'INPUT_UNSUPPORTED' });
    }
  });

  it('refuses work while too much waits, and says when to come back', async () => {
    const few = serve({ maxWaiting: 2 });
    for (const reuse of [false, false]) await few.create(request({}, { reuse }));
    await expect(few.create(request({}, { reuse: false }))).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryable: true,
      details: { retryAfterSeconds: expect.any(Number) },
    });
  });
});

describe('what follows', () => {
  it('lists page by page, the newest first, and only its tenant', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) ids.unshift((await jobs.create(request({}, { reuse: false }))).job.id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await jobs.list('acme', { limit: 2, cursor });
      seen.push(...page.jobs.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(ids);
    expect((await jobs.list('beta', { limit: 10 })).jobs).toEqual([]);
    await expect(jobs.list('acme', { limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('cancels, once', async () => {
    const { job } = await jobs.create(request());
    expect(await jobs.cancel('acme', job.id)).toMatchObject({ state: 'cancelled' });
    expect(await jobs.cancel('acme', job.id)).toMatchObject({ state: 'cancelled' });
    expect(await statesOf(job.id)).toEqual(['queued', 'cancelled']);
    expect((await backend.queue.stats()).reduce((sum, { waiting }) => sum + waiting, 0)).toBe(0);
    expect(await reportCompleted(backend, { job: job.id, run: 1 }, { outputs: [], timings: {}, notes: [] })).toBe(
      false,
    );
  });

  it('retries what failed, in a run of its own', async () => {
    const { job } = await jobs.create(request());
    await expect(jobs.retry('acme', job.id)).rejects.toMatchObject({ code: 'JOB_STATE' });
    const error = { code: 'INTERNAL' as const, message: 'no', retryable: false };
    await storeChange(backend.store, job.id, { type: 'failed', run: 1, error }, clock);
    const again = await jobs.retry('acme', job.id);
    expect(again).toMatchObject({ state: 'queued', runs: 2 });
    expect(again.error).toBeUndefined();
    const tasks = await takeTasks(backend, 2);
    expect(tasks.map(({ id }) => id)).toEqual([`${job.id}-1-whole-0`, `${job.id}-2-whole-0`]);
    expect(await reportBegun(backend, { job: job.id, run: 1 }, { id: 't', kind: 'whole' }, 'w')).toBeUndefined();
  });

  it('removes what has ended, with all that was made', async () => {
    const { job } = await jobs.create(request());
    await expect(jobs.remove('acme', job.id)).rejects.toMatchObject({ code: 'JOB_STATE' });
    await backend.storage.put(`jobs/${job.id}/output/x/result.png`, Buffer.from('x'), { contentType: 'image/png' });
    await jobs.cancel('acme', job.id);
    await jobs.remove('acme', job.id);
    for await (const { key } of backend.storage.list('jobs/')) expect.unreachable(key);
    expect(await statesOf(job.id)).toEqual([]);
    await expect(jobs.get('acme', job.id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  it.each(['get', 'cancel', 'retry', 'remove'] as const)('hides jobs of others from %s', async (verb) => {
    const { job } = await jobs.create(request());
    await expect(jobs[verb]('beta', job.id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
    await expect(jobs[verb]('acme', 'job_../../x')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});
