import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../core/errors.ts';
import { thisProcess } from '../core/files/file-lock.ts';
import type { ProcessResult } from '../runner/process-result.ts';
import type { ChildRunContext } from '../runner/runner-client.ts';
import { editJob, LOCAL_JOB_KIND } from './job-documents.ts';
import { createLocalJobs, type LocalJobs, type LocalJobsOptions } from './local-jobs.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import type { Store } from './store/store.ts';

let folder: string;
let store: Store;
let jobs: LocalJobs;
/** What was run, in order. */
let ran: Record<string, unknown>[];
/** Stands for the child process: its output names the source and says what the target said. */
let work: (options: Record<string, unknown>, context: ChildRunContext) => Promise<void>;

const run: LocalJobsOptions['run'] = async (options, context) => {
  const given = options as Record<string, unknown> & { readonly outputPath: string };
  ran.push(given);
  if (given.force !== true && (await exists(given.outputPath))) throw new AppError('OUTPUT_EXISTS', 'There is one.');
  await work(given, context);
  return resultOf(given.outputPath);
};
const resultOf = (outputPath: string): ProcessResult => ({
  ...{ outcome: 'completed', kind: 'image', outputPath, width: 1, height: 1, sources: [], models: [], providers: [] },
  frames: { total: 1, changed: 1, leftAlone: {} },
  notes: [{ code: 'source-small', message: 'The source is small.' }],
  timing: { totalSeconds: 1, stages: { frames: 1 } } as ProcessResult['timing'],
});
const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
const at = (name: string): string => join(folder, name);
const step = (source: string, output: string, more: object = {}) => ({
  ...{ sourcePaths: [at(source)], targetPath: at('target.txt'), outputPath: at(output) },
  ...more,
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facefusion-local-'));
  store = openSqliteStore(join(folder, 'jobs.sqlite'));
  ran = [];
  work = async ({ sourcePaths, targetPath, outputPath }) => {
    const [source = ''] = sourcePaths as string[];
    const before = await readFile(String(targetPath), 'utf8');
    await writeFile(String(outputPath), `${before}+${source.slice(folder.length + 1)}`);
  };
  jobs = createLocalJobs({
    ...{ store, folder: at('jobs'), run },
    join: async (parts, outputPath) =>
      writeFile(outputPath, (await Promise.all(parts.map((path) => readFile(path, 'utf8')))).join('|')),
  });
  await writeFile(at('target.txt'), 'target');
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('drafting', () => {
  it('changes steps of drafted jobs only', async () => {
    await jobs.createJob('my-job');
    await jobs.addStep('my-job', step('a', 'a.png'));
    await jobs.addStep('my-job', step('c', 'c.png'));
    await jobs.insertStep('my-job', 1, step('b', 'b.png'));
    const { steps } = await jobs.remixStep('my-job', -1, { sourcePaths: [at('d')], outputPath: at('d.png') });
    expect(steps.map(({ sources }) => sources)).toEqual(
      ['a', 'b', 'c', 'd'].map((name) => [{ kind: 'file', path: at(name) }]),
    );
    expect(steps[3]?.target).toEqual({ kind: 'step', index: 2 });
    await jobs.submit('my-job');
    await expect(jobs.addStep('my-job', step('e', 'e.png'))).rejects.toMatchObject({ code: 'JOB_STATE' });
    await expect(jobs.removeStep('my-job', 0)).rejects.toMatchObject({ code: 'JOB_STATE' });
    await expect(jobs.submit('my-job')).rejects.toMatchObject({ code: 'JOB_STATE' });
  });

  it('keeps what steps go on with', async () => {
    await jobs.createJob('j');
    for (const name of ['a', 'b']) await jobs.addStep('j', step(name, `${name}.png`));
    await jobs.remixStep('j', 1, { sourcePaths: [at('c')], outputPath: at('c.png') });
    await expect(jobs.removeStep('j', 1)).rejects.toMatchObject({ code: 'JOB_STATE', hint: 'Remove step 2 first.' });
    expect((await jobs.removeStep('j', 0)).steps[1]?.target).toEqual({ kind: 'step', index: 0 });
    expect((await jobs.insertStep('j', 0, step('z', 'z.png'))).steps[2]?.target).toEqual({ kind: 'step', index: 1 });
  });

  it('fills presets in, so that they may change or go', async () => {
    await jobs.createJob('j');
    const job = await jobs.addStep('j', step('a', 'a.png', { preset: 'fast', faceSwapperWeight: 0.7 }));
    expect(job.steps[0]?.options).toMatchObject({ outputImageQuality: 75, faceSwapperWeight: 0.7 });
    expect(job.steps[0]?.options).not.toHaveProperty('preset');
    expect(job.steps[0]?.options).not.toHaveProperty('sourcePaths');
  });

  it.each([
    ['no_underscore', 'no-underscore'],
    ['../../etc', 'etc'],
    ['job 1', 'job-1'],
  ])('refuses the id %s and names one that goes', async (id, near) => {
    await expect(jobs.createJob(id)).rejects.toMatchObject({ code: 'OPTION_INVALID', hint: `For example: ${near}` });
  });

  it('refuses what makes no sense', async () => {
    await jobs.createJob('j');
    const refused = (promise: Promise<unknown>, code: string): Promise<void> =>
      expect(promise).rejects.toMatchObject({ code });
    await refused(jobs.createJob('j'), 'JOB_STATE');
    await refused(jobs.submit('j'), 'JOB_STATE');
    await refused(jobs.addStep('nobody', step('a', 'a.png')), 'JOB_NOT_FOUND');
    await refused(jobs.addStep('j', step('a', 'a.png', { faceSwapperWeight: 9 })), 'OPTION_INVALID');
    await refused(jobs.addStep('j', step('a', 'a.png', { chunk: 1 })), 'OPTION_INVALID');
    await refused(jobs.addStep('j', { outputPath: at('a.png') }), 'OPTION_MISSING');
    await refused(jobs.remixStep('j', 0, { outputPath: at('a.png') }), 'OPTION_INVALID');
    await refused(jobs.insertStep('j', 0, step('a', 'a.png')), 'OPTION_INVALID');
    await jobs.addStep('j', step('a', 'a.png'));
    await refused(jobs.removeStep('j', 1), 'OPTION_INVALID');
    await refused(jobs.remixStep('j', 0, step('a', 'b.png')), 'OPTION_INVALID');
    await refused(jobs.run('j'), 'JOB_STATE');
    await refused(jobs.retry('j'), 'JOB_STATE');
  });
});

describe('running', () => {
  const draft = async (id: string, ...outputs: string[]): Promise<void> => {
    await jobs.createJob(id);
    for (const [index, output] of outputs.entries()) await jobs.addStep(id, step(`s${index}`, output));
    await jobs.submit(id);
  };

  it('runs steps in order, and says what came of them', async () => {
    await draft('j', 'a.png', 'b.png');
    const job = await jobs.run('j');
    expect(job).toMatchObject({ state: 'completed', timings: { frames: 2 }, frames: { total: 2 } });
    expect(job.holder).toBeUndefined();
    expect(job.outputs).toMatchObject([
      { name: 'a.png', path: at('a.png'), bytes: 9, contentType: 'image/png' },
      { name: 'b.png', path: at('b.png') },
    ]);
    expect(await readFile(at('b.png'), 'utf8')).toBe('target+s1');
    const said = (await jobs.log('j')).map((event) => Object(event));
    expect(said.map(({ state, task, outcome, message }) => state ?? (task ? `${task} ${outcome}` : message))).toEqual([
      ...['queued', 'running', '0 begun', 'The source is small.', '0 completed'],
      ...['1 begun', 'The source is small.', '1 completed', 'completed'],
    ]);
    expect(await exists(at('jobs/j'))).toBe(false);
  });

  it('goes on with an output, several times, and keeps intermediate results to itself', async () => {
    await jobs.createJob('j');
    await jobs.addStep('j', step('a', 'out.png'));
    await jobs.remixStep('j', 0, { sourcePaths: [at('b')], outputPath: at('out.png') });
    await jobs.remixStep('j', 1, { sourcePaths: [at('c')], outputPath: at('out.png') });
    await jobs.submit('j');
    await jobs.run('j');
    expect(await readFile(at('out.png'), 'utf8')).toBe('target+a+b+c');
    expect(ran.slice(0, 2).every(({ outputPath }) => String(outputPath).startsWith(at('jobs/j/')))).toBe(true);
  });

  it('joins videos that share an output in the order of the steps; of photos the last wins', async () => {
    await draft('video', 'v.mp4', 'v.mp4', 'other.mp4', 'v.mp4');
    await jobs.run('video');
    expect(await readFile(at('v.mp4'), 'utf8')).toBe('target+s0|target+s1|target+s3');
    await draft('photo', 'p.png', 'p.png');
    await jobs.run('photo');
    expect(await readFile(at('p.png'), 'utf8')).toBe('target+s1');
    await jobs.createJob('frames');
    for (const name of ['a', 'b']) await jobs.addStep('frames', step(name, 'frames/%05d.png'));
    await expect(jobs.submit('frames')).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('stops at the first step that fails, and a retry goes on with it', async () => {
    await draft('j', 'a.png', 'b.png', 'c.png');
    const good = work;
    work = async (options, context) => {
      if (ran.length === 2) throw new AppError('TARGET_NO_FACE', 'Nobody is there.');
      await good(options, context);
    };
    await expect(jobs.run('j')).rejects.toMatchObject({ code: 'TARGET_NO_FACE' });
    const failed = await jobs.get('j');
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'TARGET_NO_FACE' } });
    expect(failed.steps.map(({ state }) => state)).toEqual(['completed', 'failed', 'queued']);
    await expect(jobs.run('j')).rejects.toMatchObject({
      code: 'JOB_STATE',
      hint: expect.stringContaining('job-retry'),
    });
    ran = [];
    work = good;
    expect(await jobs.retry('j')).toMatchObject({ state: 'completed' });
    expect(ran.map(({ outputPath }) => outputPath)).toEqual([at('b.png'), at('c.png')]);
  });

  it('overwrites nothing that is not its own, unless it may', async () => {
    await writeFile(at('a.png'), 'precious');
    await draft('j', 'a.png');
    await expect(jobs.run('j')).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await writeFile(at('v.mp4'), 'precious');
    await draft('shared', 'v.mp4', 'v.mp4');
    await expect(jobs.run('shared')).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(ran).toEqual([]);
    expect(await readFile(at('a.png'), 'utf8')).toBe('precious');
    await jobs.createJob('may');
    await jobs.addStep('may', step('a', 'a.png', { force: true }));
    await jobs.submit('may');
    await jobs.run('may');
    expect(await readFile(at('a.png'), 'utf8')).toBe('target+a');
  });

  it('goes on with a job whose process is no more, also where that had just written its output', async () => {
    await draft('j', 'a.png', 'b.png');
    const crash = { ...(await jobs.get('j')), state: 'running' as const, holder: '999999 1' };
    const steps = crash.steps.map((one, index) => ({
      ...one,
      state: index === 0 ? ('completed' as const) : ('started' as const),
    }));
    await editJob(store, 'j', () => ({ ...crash, steps }), LOCAL_JOB_KIND);
    for (const name of ['a.png', 'b.png']) await writeFile(at(name), 'made');
    expect(await jobs.run('j')).toMatchObject({ state: 'completed' });
    expect(ran.map(({ outputPath }) => outputPath)).toEqual([at('b.png')]);
  });

  it('is not run by two at once', async () => {
    await draft('j', 'a.png');
    const other = createLocalJobs({ store, folder: at('jobs'), run, join: async () => undefined });
    const good = work;
    work = async (options, context) => {
      await expect(other.run('j')).rejects.toMatchObject({ code: 'JOB_STATE' });
      await expect(other.delete('j')).rejects.toMatchObject({ code: 'JOB_STATE' });
      expect(await other.runAll()).toEqual({ done: [], failed: [] });
      await good(options, context);
    };
    expect(await jobs.run('j')).toMatchObject({ state: 'completed' });
    expect(ran).toHaveLength(1);
    work = good;
    const raced = await draft('k', 'b.png').then(() => Promise.allSettled([jobs.run('k'), other.run('k')]));
    expect(raced.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is cancelled from elsewhere, and gone on with later', async () => {
    await draft('j', 'a.png', 'b.png');
    const good = work;
    work = async (_, { signal }) => {
      await jobs.cancel('j');
      if (!signal?.aborted) await new Promise((resolve) => signal?.addEventListener('abort', resolve));
      throw new AppError('CANCELLED', 'The run was cancelled.');
    };
    await expect(jobs.run('j')).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await jobs.get('j')).toMatchObject({ state: 'cancelled' });
    work = good;
    expect(await jobs.retry('j')).toMatchObject({ state: 'completed', runs: 2 });
  });

  it('is cancelled by whoever runs it', async () => {
    await draft('j', 'a.png');
    const stop = new AbortController();
    work = async (_, { signal }) => {
      stop.abort();
      throw new AppError('CANCELLED', signal?.aborted ? 'Stopped.' : 'Not told.');
    };
    await expect(jobs.run('j', { signal: stop.signal })).rejects.toMatchObject({ message: 'Stopped.' });
    expect(await jobs.get('j')).toMatchObject({ state: 'cancelled' });
  });

  it('lets go of a job also where it failed', async () => {
    await draft('j', 'a.png');
    work = async () => {
      throw new AppError('INTERNAL', 'no');
    };
    await expect(jobs.run('j')).rejects.toMatchObject({ code: 'INTERNAL' });
    expect((await jobs.get('j')).holder).toBeUndefined();
    expect(await thisProcess()).toMatch(/^\d+ /);
    await jobs.delete('j');
    await expect(jobs.get('j')).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });
});

describe('all of them', () => {
  it('does each, and goes on or halts where one fails', async () => {
    for (const id of ['a', 'b', 'c']) await jobs.createJob(id);
    for (const id of ['a', 'c']) await jobs.addStep(id, step(id, `${id}.png`));
    const submitted = await jobs.submitAll();
    expect(submitted.done.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(submitted.failed).toMatchObject([{ job: 'b', error: { code: 'JOB_STATE' } }]);
    const good = work;
    work = async () => {
      throw new AppError('TARGET_NO_FACE', 'Nobody is there.');
    };
    expect((await jobs.runAll({ haltOnError: true })).failed.map(({ job }) => job)).toEqual(['a']);
    expect((await jobs.list(['queued'])).map(({ id }) => id)).toEqual(['c']);
    expect((await jobs.runAll()).failed.map(({ job }) => job)).toEqual(['c']);
    work = good;
    expect((await jobs.retryAll()).done.map(({ id }) => id)).toEqual(['a', 'c']);
    expect((await jobs.list()).map(({ state }) => state)).toEqual(['completed', 'drafted', 'completed']);
    expect((await jobs.deleteAll()).done).toHaveLength(3);
    expect(await jobs.list()).toEqual([]);
  });
});
