import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAsset, openTestBackend } from '../../test/helpers/embedded-jobs.ts';
import type { ProgressEvent } from '../core/progress.ts';
import type { Backend } from './backend.ts';
import { createJobService } from './create-job-service.ts';
import { type Job, type JobEvent, jobStream } from './job.ts';
import { readJob, storeChange } from './job-documents.ts';
import { createProgressReport, reportBegun, reportCompleted, reportPlan } from './job-progress.ts';
import { readUsage } from './usage.ts';

let backend: Backend;
let job: Job;
let clock = 0;
let published: JobEvent[];

const at = (stage: ProgressEvent['stage'], done: number, total?: number): ProgressEvent => ({
  ...{ type: 'progress', stage, done },
  ...(total === undefined ? {} : { total }),
});
const kept = async (): Promise<Job['progress']> => (await readJob(backend.store, job.id))?.progress;
const run = (): { job: string; run: number } => ({ job: job.id, run: 1 });

beforeEach(async () => {
  backend = await openTestBackend();
  clock = Date.now();
  const [face, video] = [await addAsset(backend, 'acme'), await addAsset(backend, 'acme', { kind: 'video' })];
  const jobs = createJobService({ backend, options: { maxWaiting: 10, keepDays: 7 } });
  const created = await jobs.create({
    ...{ tenant: 'acme', owner: 'key' },
    run: {
      sources: [{ kind: 'asset', id: face.id }],
      target: { kind: 'asset', id: video.id },
      output: { kind: 'stored', name: 'result.mp4' },
      options: {},
    },
  });
  job = created.job;
  published = [];
  backend.store.watch((stream, { value }) => {
    if (stream === jobStream(job.id) && Object(value).type === 'progress') published.push(value as JobEvent);
  });
});
afterEach(() => backend[Symbol.asyncDispose]());

describe('createProgressReport', () => {
  it('publishes everything, keeps twice a second, and the last', async () => {
    const report = createProgressReport(backend, run(), { kind: 'whole', clock: () => clock });
    for (let frame = 1; frame <= 10; frame++) {
      report.onProgress(at('process', frame, 20));
      clock += 100;
      // The store is given time to keep what it was given.
      await kept();
    }
    expect(await kept()).toMatchObject({ stage: 'process', done: 6, total: 20 });
    await report.close();
    expect(await kept()).toMatchObject({ done: 10 });
    expect(published).toHaveLength(10);
  });

  it('never goes back', async () => {
    for (const events of [[at('process', 7, 20)], [at('prepare', 0), at('process', 3, 20)], [at('finish', 1)]]) {
      const report = createProgressReport(backend, run(), { kind: 'whole', clock: () => clock });
      for (const event of events) report.onProgress(event);
      await report.close();
    }
    expect(await kept()).toMatchObject({ stage: 'finish', done: 1 });
    const late = createProgressReport(backend, run(), { kind: 'whole', clock: () => clock });
    late.onProgress(at('process', 20, 20));
    await late.close();
    expect(await kept()).toMatchObject({ stage: 'finish', done: 1 });
  });

  it('sums up chunks, however often one of them is tried', async () => {
    await reportPlan(backend, run(), { chunks: 3, frames: 250 });
    const report = async (chunk: number, done: number): Promise<void> => {
      const one = createProgressReport(backend, run(), { kind: 'chunk', chunk, clock: () => clock });
      one.onProgress(at('analyse', 1000));
      one.onProgress(at('process', done, 100));
      await one.close();
    };
    const sums: unknown[] = [];
    for (const [chunk, done] of [
      [0, 40],
      [1, 100],
      [0, 10],
      [0, 60],
      [2, 50],
      [0, 100],
      [1, 100],
    ] as const) {
      await report(chunk, done);
      sums.push((await kept())?.done);
    }
    expect(sums).toEqual([40, 140, 140, 160, 210, 250, 250]);
    expect(published.map((event) => Object(event).done)).toEqual([40, 140, 160, 210, 250]);
    expect(published.every((event) => !('chunks' in event))).toBe(true);
  });

  it('tells when there is nothing to work for any more', async () => {
    await storeChange(backend.store, job.id, { type: 'cancelled' }, clock);
    let gone = 0;
    const report = createProgressReport(backend, run(), { kind: 'whole', onGone: () => gone++ });
    report.onProgress(at('process', 1));
    await report.close();
    report.onProgress(at('process', 2));
    await report.close();
    expect(gone).toBe(1);
    expect(await kept()).toBeUndefined();
  });
});

describe('reports', () => {
  it('begins a run once, and tells of each task', async () => {
    for (const id of ['t0', 't1']) await reportBegun(backend, run(), { id, kind: 'chunk' }, 'worker', clock);
    const told = (await backend.store.events(jobStream(job.id), 0, 10)).map(({ value }) => Object(value));
    expect(told.map(({ state, task }) => state ?? task)).toEqual(['queued', 'running', 't0', 't1']);
  });

  it('gives one of many attempts the job, and counts what it stored once', async () => {
    const attempts = await Promise.all(
      Array.from({ length: 10 }, (_, attempt) =>
        reportCompleted(
          backend,
          run(),
          {
            outputs: [
              { name: 'r.mp4', role: 'main', key: `k/${attempt}`, contentType: 'video/mp4', bytes: 5, sha256: 'x' },
            ],
            ...{ timings: { process: 2 }, notes: [], frames: { total: 1, changed: 1, leftAlone: {} } },
          },
          clock,
        ),
      ),
    );
    expect(attempts.filter(Boolean)).toHaveLength(1);
    expect(await readJob(backend.store, job.id)).toMatchObject({
      state: 'completed',
      outputs: [{ key: `k/${attempts.indexOf(true)}` }],
      timings: { process: 2 },
    });
    const day = new Date(clock).toISOString().slice(0, 10);
    const [usage] = await readUsage(backend.store, 'acme', { from: day, to: day });
    expect(usage).toMatchObject({ jobs: 1, videoSeconds: 10, bytesStored: 5 });
  });
});
