/** Runs the steps of a job of the command line, one after the other, each in a child process. */
import { mkdir, rm, stat } from 'node:fs/promises';
import { AppError, type AppErrorJson, isAppError, toAppError } from '../../core/errors.ts';
import { isHolderAlive, thisProcess } from '../../core/files/file-lock.ts';
import { silentLogger } from '../../core/logger.ts';
import type { ProgressEvent } from '../../core/progress.ts';
import type { ProcessResult } from '../../runner/process-result.ts';
import type { ChildRunContext } from '../../runner/runner-client.ts';
import { isEnded, type Job, type JobOutput, jobStream } from '../job.ts';
import { editJob, LOCAL_JOB_KIND, readJob, storeChange, tellState } from '../job-documents.ts';
import { createProgressReport, tellLog, tellTask } from '../job-progress.ts';
import { changeJob } from '../job-states.ts';
import type { Store } from '../store/store.ts';
import { outputOf, planSteps, type StepPlace, type StepPlan, toRunOptions } from './local-steps.ts';
import { checkFree, describeOutput, type JoinVideos, movePublished } from './publish-shared.ts';

/** What a caller of a run may want. Everything is lent. */
export interface LocalRunContext extends Omit<ChildRunContext, 'onProgress'> {
  /** @param step from 0 */
  readonly onProgress?: ((event: ProgressEvent, step: number) => void) | undefined;
}

/** What running needs beside the job. */
export interface LocalRunning {
  readonly store: Store;
  /** Of this job: made here, and removed when the job is completed. */
  readonly folder: string;
  readonly run: (options: unknown, context: ChildRunContext) => Promise<ProcessResult>;
  readonly join: JoinVideos;
}

/** Between two looks whether somebody has cancelled the job: milliseconds. Events of the store are heard at once. */
const LOOK_AGAIN = 1000;

/**
 * Does what is left to do of a job that is queued, or whose process is no more. Finished steps and whole chunks are kept.
 * @returns the completed job
 * @throws what the first step that fails throws, after the job has been marked `failed`; CANCELLED; JOB_STATE where it is
 *   in no state to run, or another process works on it
 */
export async function runLocalJob(id: string, running: LocalRunning, context: LocalRunContext = {}): Promise<Job> {
  const { store, folder } = running;
  const holder = await thisProcess();
  const job = await takeJob(store, id, holder);
  const plan = planSteps(job, folder);
  const stop = new AbortController();
  const stopWatching = watchForEnd(store, job, () => stop.abort(new Error('The job was cancelled.')));
  const signal = context.signal ? AbortSignal.any([context.signal, stop.signal]) : stop.signal;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await checkOutputs(job, plan);
    const done = await runSteps(job, plan, running, { ...context, signal });
    const outputs = await publish(done, plan, running, signal);
    const { timings, notes, frames } = done;
    const result = { outputs, timings, notes, ...(frames ? { frames } : {}) };
    const change = { type: 'completed', run: job.runs, result } as const;
    const ended = await storeChange(store, id, change, Date.now(), LOCAL_JOB_KIND);
    if (!ended.isChanged || !ended.job) throw new AppError('CANCELLED', 'The job was cancelled.');
    await rm(folder, { recursive: true, force: true });
    const { holder: _, ...completed } = ended.job;
    return completed;
  } catch (thrown) {
    const error = toAppError(thrown);
    await endFailed(store, job, error);
    throw error;
  } finally {
    stopWatching();
    await editJob(store, id, ({ holder: _, ...rest }) => rest, LOCAL_JOB_KIND);
  }
}

async function endFailed(store: Store, { id, runs }: Job, error: AppError): Promise<void> {
  // A cancelled run is no failure: `retry` goes on with it.
  const change = error.code === 'CANCELLED' ? ({ type: 'cancelled' } as const) : failed(runs, error.toJSON());
  await storeChange(store, id, change, Date.now(), LOCAL_JOB_KIND);
}

const failed = (run: number, error: AppErrorJson) => ({ type: 'failed', run, error }) as const;

/** Makes this process the one that works on the job. */
async function takeJob(store: Store, id: string, holder: string): Promise<Job> {
  const before = await readJob(store, id, LOCAL_JOB_KIND);
  if (before?.holder !== undefined && before.holder !== holder && (await isHolderAlive(before.holder))) {
    throw inWork(id, before.holder);
  }
  if (before?.holder === holder) throw inWork(id, holder);
  const { job, isChanged } = await editJob(
    store,
    id,
    (current) => {
      // Somebody else was faster.
      if (current.holder !== before?.holder) return undefined;
      if (current.state === 'running') return { ...current, holder };
      const begun = changeJob(current, { type: 'begun', run: current.runs }, Date.now());
      // A step is `started` only when it is known that nothing of somebody else's lies at its place.
      return begun && { ...begun, steps: current.steps, holder };
    },
    LOCAL_JOB_KIND,
  );
  if (!job) throw new AppError('JOB_NOT_FOUND', `There is no job ${id}.`, { hint: 'See: facefusion job-list' });
  if (!isChanged && job.holder !== undefined) throw inWork(id, job.holder);
  if (!isChanged) throw notToRun(job);
  if (before?.state !== 'running') await tellState(store, job);
  else await tellLog({ store }, id, 'warn', 'The process that worked on it is no more: going on where it stopped.');
  return job;
}

const inWork = (id: string, holder: string): AppError =>
  new AppError('JOB_STATE', `Process ${holder.split(' ')[0]} is working on the job ${id}.`, {
    hint: `Wait until it has ended, or cancel it: facefusion job-cancel ${id}`,
    details: { job: id },
  });

const HINTS: Readonly<Record<Job['state'], (id: string) => string>> = {
  drafted: (id) => `Submit it first: facefusion job-submit ${id}`,
  queued: () => 'Try again.',
  running: () => 'Try again.',
  completed: () => 'It is done. Create another one to do it again.',
  failed: (id) => `Try it again: facefusion job-retry ${id}`,
  cancelled: (id) => `Go on with it: facefusion job-retry ${id}`,
};

const notToRun = ({ id, state }: Job): AppError =>
  new AppError('JOB_STATE', `Expected a queued job, but ${id} is ${state}.`, {
    hint: HINTS[state](id),
    details: { job: id, state },
  });

/** Calls back once when the job has ended without this process. @returns ends it */
function watchForEnd(store: Store, { id, runs }: Job, onEnd: () => void): () => void {
  const look = (): void => {
    void readJob(store, id, LOCAL_JOB_KIND).then(
      (job) => {
        if (!job || isEnded(job.state) || job.runs !== runs) onEnd();
      },
      // The store is asked again in a moment.
      () => undefined,
    );
  };
  const timer = setInterval(look, LOOK_AGAIN);
  const stopHearing = store.watch((stream) => stream === jobStream(id) && look());
  return () => {
    clearInterval(timer);
    stopHearing();
  };
}

/** Before hours of work, not behind them. */
async function checkOutputs({ steps, outputs }: Job, { shared }: StepPlan): Promise<void> {
  for (const { path, steps: parts } of shared) {
    if (!isPublished(outputs, path)) await checkFree(path, mayReplace(steps, parts));
  }
}

const isPublished = (outputs: readonly JobOutput[], path: string): boolean =>
  outputs.some((output) => output.path === path);

const mayReplace = (steps: Job['steps'], parts: readonly number[]): boolean =>
  parts.some((index) => steps[index]?.options.force === true);

/** @returns the job with what its steps have said */
async function runSteps(begun: Job, plan: StepPlan, running: LocalRunning, context: LocalRunContext): Promise<Job> {
  let job = begun;
  for (const [index, place] of plan.places.entries()) {
    if (!(await isDone(job, index, place))) job = await runStep(job, index, plan, running, context);
  }
  return job;
}

async function isDone({ steps, outputs }: Job, index: number, { kind, path }: StepPlace): Promise<boolean> {
  const step = steps[index];
  if (step?.state !== 'completed') return false;
  if (kind === 'output' || isPublished(outputs, outputOf(step))) return true;
  // Somebody may have tidied up the job's folder.
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function runStep(
  job: Job,
  index: number,
  { places }: StepPlan,
  { store, run }: LocalRunning,
  { onProgress, logger = silentLogger, ...context }: LocalRunContext,
): Promise<Job> {
  const step = job.steps[index];
  const place = places[index];
  if (!step || !place) throw new AppError('INTERNAL', `There is no step ${index}.`);
  const { id, runs } = job;
  const task = { task: String(index), kind: 'step' };
  const isOwn = place.kind === 'private' || step.state === 'started';
  const mayBeReplaced = step.options.force === true;
  if (!isOwn) await checkFree(place.path, mayBeReplaced);
  // What lies at the place of a step that had begun is its own: its process ended before it could say so.
  const force = mayBeReplaced || isOwn;
  const mark = (state: 'started' | 'completed', result?: ProcessResult): Promise<Job> =>
    markStep(store, id, runs, index, state, result);
  await mark('started');
  await tellTask({ store }, id, { ...task, outcome: 'begun' });
  const report = createProgressReport({ store }, { job: id, run: runs }, { kind: 'whole', documents: LOCAL_JOB_KIND });
  try {
    const result = await run(toRunOptions(step, places, place, force), {
      ...context,
      logger,
      onProgress: (event) => {
        report.onProgress(event);
        onProgress?.(event, index);
      },
    });
    for (const { message } of result.notes) await tellLog({ store }, id, 'info', message);
    await tellTask({ store }, id, { ...task, outcome: 'completed' });
    return await mark('completed', result);
  } catch (error) {
    await tellTask({ store }, id, { ...task, outcome: 'failed' });
    if (isAppError(error))
      await tellLog({ store }, id, 'warn', `Step ${index} ended with ${error.code}: ${error.message}`);
    throw error;
  } finally {
    await report.close();
  }
}

/** @throws CANCELLED where the job has ended meanwhile */
async function markStep(
  store: Store,
  id: string,
  runs: number,
  index: number,
  state: 'started' | 'completed',
  result?: ProcessResult,
): Promise<Job> {
  const { job, isChanged } = await editJob(
    store,
    id,
    (current) => {
      if (current.state !== 'running' || current.runs !== runs) return undefined;
      const { progress, ...rest } = current;
      const steps = rest.steps.map((step, at) => (at === index ? { ...step, state } : step));
      return { ...rest, steps, ...(result ? withResult(rest, result) : {}), updatedAt: new Date().toISOString() };
    },
    LOCAL_JOB_KIND,
  );
  if (!job || !isChanged) throw new AppError('CANCELLED', 'The job was cancelled.');
  return job;
}

/** Seconds and frames are added up over the steps. */
function withResult(job: Job, { timing, notes, frames }: ProcessResult): Pick<Job, 'timings' | 'notes' | 'frames'> {
  const timings = { ...job.timings };
  for (const [stage, seconds] of Object.entries(timing.stages)) timings[stage] = (timings[stage] ?? 0) + seconds;
  const leftAlone = { ...job.frames?.leftAlone };
  for (const [reason, count] of Object.entries(frames.leftAlone))
    leftAlone[reason] = (leftAlone[reason] ?? 0) + (count ?? 0);
  return {
    timings,
    notes: [
      ...job.notes,
      ...notes.map(({ code, message, hint }) => ({ code, message, ...(hint === undefined ? {} : { hint }) })),
    ],
    frames: {
      total: (job.frames?.total ?? 0) + frames.total,
      changed: (job.frames?.changed ?? 0) + frames.changed,
      leftAlone,
    },
  };
}

/** Puts outputs of several steps where they are wanted. @returns all outputs of the job */
async function publish(
  { id, steps, outputs }: Job,
  { places, shared }: StepPlan,
  { store, join }: LocalRunning,
  signal: AbortSignal,
): Promise<JobOutput[]> {
  const published = [...outputs];
  for (const path of new Set(steps.map(outputOf))) {
    if (isPublished(published, path)) continue;
    const parts = shared.find((one) => one.path === path)?.steps ?? [];
    const paths = parts.flatMap((index) => places[index]?.path ?? []);
    const force = mayReplace(steps, parts);
    if (paths.length > 1) {
      await tellLog({ store }, id, 'info', `Joining ${paths.length} videos.`);
      await join(paths, path, { force, signal });
    } else if (paths[0] !== undefined) await movePublished(paths[0], path, force);
    published.push(await describeOutput(path));
    // Whoever goes on behind a crash finds the parts gone, and must not take their output for somebody else's.
    await editJob(store, id, (job) => ({ ...job, outputs: [...published] }), LOCAL_JOB_KIND);
  }
  return published;
}
