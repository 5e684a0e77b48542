/** What whoever works on a job says of it: that it has begun, how far it is, how it ended. */
import type { AppErrorJson } from '../core/errors.ts';
import type { ProgressEvent } from '../core/progress.ts';
import type { Backend } from './backend.ts';
import { dueCleaning } from './cleaning.ts';
import { isEnded, type Job, type JobEvent, type JobProgress, jobStream } from './job.ts';
import { editJob, type JobKind, storeChange } from './job-documents.ts';
import type { JobChange, JobResult } from './job-states.ts';
import type { Task } from './queue/queue.ts';
import type { TaskKind } from './tasks.ts';
import { createUsageCounter } from './usage.ts';

/** A run of a job, as a task's payload names it. */
export interface RunOfJob {
  readonly job: string;
  readonly run: number;
}

/**
 * Says that a worker has a task in hand. The first of a run makes the job `running`.
 * @returns the job; undefined where the task need not be done any more: the job is gone, has ended, or is in a later run
 */
export async function reportBegun(
  { store }: Pick<Backend, 'store'>,
  { job: id, run }: RunOfJob,
  task: Pick<Task, 'id' | 'kind'>,
  worker: string,
  now: number = Date.now(),
): Promise<Job | undefined> {
  const { job } = await storeChange(store, id, { type: 'begun', run }, now);
  if (!job || isEnded(job.state) || job.runs !== run) return undefined;
  await tellTask({ store }, id, { task: task.id, kind: task.kind, outcome: 'begun', worker }, now);
  return job;
}

/** Tells the stream of a job what became of one of its tasks. */
export async function tellTask(
  { store }: Pick<Backend, 'store'>,
  job: string,
  said: Omit<Extract<JobEvent, { type: 'task' }>, 'type' | 'at'>,
  now: number = Date.now(),
): Promise<void> {
  const event: JobEvent = { type: 'task', ...said, at: new Date(now).toISOString() };
  await store.append(jobStream(job), event);
}

/** Tells the stream of a job something in words; it is kept with it. */
export async function tellLog(
  { store }: Pick<Backend, 'store'>,
  job: string,
  level: 'info' | 'warn',
  message: string,
  now: number = Date.now(),
): Promise<void> {
  const event: JobEvent = { type: 'log', level, message, at: new Date(now).toISOString() };
  await store.append(jobStream(job), event);
}

/** Says over how many chunks a video is spread, before their tasks are added. @returns false as `reportCompleted` */
export async function reportPlan(
  { store }: Pick<Backend, 'store'>,
  { job, run }: RunOfJob,
  plan: NonNullable<Job['plan']>,
  now: number = Date.now(),
): Promise<boolean> {
  const { isChanged } = await editJob(store, job, (current) =>
    isEnded(current.state) || current.runs !== run
      ? undefined
      : { ...current, plan, updatedAt: new Date(now).toISOString() },
  );
  return isChanged;
}

/**
 * Gives a job its outputs. Of several attempts the first wins.
 * @returns whether this call has ended it; where it has not, because another has, or the job was cancelled or began anew
 *   meanwhile, what this attempt has written is to be removed by its caller
 */
export async function reportCompleted(
  backend: Pick<Backend, 'store' | 'onEnded'>,
  { job, run }: RunOfJob,
  result: JobResult,
  now: number = Date.now(),
): Promise<boolean> {
  const ended = await reportEnd(backend, job, { type: 'completed', run, result }, now);
  if (!ended) return false;
  const bytesStored = ended.outputs.reduce((sum, { bytes }) => sum + bytes, 0);
  await createUsageCounter(backend.store).count(ended, new Date(now).toISOString(), { bytesStored });
  return true;
}

/** Ends a job that cannot be done. @returns whether this call has ended it */
export async function reportFailed(
  backend: Pick<Backend, 'store' | 'onEnded'>,
  { job, run }: RunOfJob,
  error: AppErrorJson,
  now: number = Date.now(),
): Promise<boolean> {
  return (await reportEnd(backend, job, { type: 'failed', run, error }, now)) !== undefined;
}

/** @returns the job, where this call has ended it */
async function reportEnd(
  backend: Pick<Backend, 'store' | 'onEnded'>,
  id: string,
  change: Extract<JobChange, { type: 'completed' | 'failed' }>,
  now: number,
): Promise<Job | undefined> {
  // First what sees to the rest where this process ends in between.
  await dueCleaning(backend, id, now);
  const { job, isChanged } = await storeChange(backend.store, id, change, now);
  if (!isChanged || !job) return undefined;
  backend.onEnded?.(job);
  return job;
}

/** Milliseconds between two times that progress is kept with the job: 2 a second at most. */
const KEEP_INTERVAL = 500;
/** The same where many workers write to one job. */
const SHARED_KEEP_INTERVAL = 1000;

/** In which order the stages of a run come. */
const STAGES: readonly string[] = ['download', 'prepare', 'people', 'analyse', 'process', 'finish'];

/** Takes the progress of one task. Its creator closes it. */
export interface ProgressReport {
  /** Never throws and never waits: what cannot be told is left out, the next one tells more. */
  onProgress(event: ProgressEvent): void;
  /** Keeps the last that was reported. */
  close(): Promise<void>;
}

export interface ProgressReportOptions {
  readonly kind: TaskKind;
  /** Number of the chunk, for `chunk`. */
  readonly chunk?: number | undefined;
  /** Called once where the job has ended or is in a later run: there is nothing to work for any more. */
  readonly onGone?: (() => void) | undefined;
  readonly clock?: (() => number) | undefined;
  /** Of the job's document. */
  readonly documents?: JobKind | undefined;
}

/**
 * Tells and keeps the progress of one task. Of chunks the sum over all is told, which never falls however often one of
 * them is tried.
 */
export function createProgressReport(
  { store }: Pick<Backend, 'store'>,
  { job, run }: RunOfJob,
  { kind, chunk, onGone, clock = Date.now, documents }: ProgressReportOptions,
): ProgressReport {
  const isChunk = kind === 'chunk' && chunk !== undefined;
  const interval = isChunk ? SHARED_KEEP_INTERVAL : KEEP_INTERVAL;
  let keptAt = Number.NEGATIVE_INFINITY;
  let latest: ProgressEvent | undefined;
  let keeping: Promise<void> = Promise.resolve();
  let isKeeping = false;
  let isGone = false;
  /** When this report first knew of how many frames over all chunks. */
  let first: { readonly at: number; readonly done: number } | undefined;

  const merge = (kept: Job, event: ProgressEvent): JobProgress | undefined => {
    if (!isChunk) return laterOf(kept.progress, withoutType(event));
    const chunks = { ...kept.progress?.chunks };
    const before = chunks[chunk] ?? 0;
    if (event.stage !== 'process' || event.done <= before) return undefined;
    chunks[chunk] = event.done;
    const total = kept.plan?.frames;
    const sum = Object.values(chunks).reduce((all, done) => all + done, 0);
    const done = Math.max(kept.progress?.done ?? 0, total === undefined ? sum : Math.min(sum, total));
    first ??= { at: clock(), done };
    const seconds = (clock() - first.at) / 1000;
    const fps = seconds > 1 && done > first.done ? (done - first.done) / seconds : undefined;
    return {
      stage: 'process',
      done,
      ...(total === undefined ? {} : { total }),
      ...(fps === undefined ? {} : { fps }),
      ...(fps === undefined || total === undefined ? {} : { etaSeconds: (total - done) / fps }),
      chunks,
    };
  };

  const keep = async (event: ProgressEvent): Promise<void> => {
    keptAt = clock();
    const edit = (current: Job): Job | undefined => {
      if (isEnded(current.state) || current.runs !== run) return undefined;
      const progress = merge(current, event);
      return progress && { ...current, progress, updatedAt: new Date(clock()).toISOString() };
    };
    const { job: kept, isChanged } = await editJob(store, job, edit, documents);
    if (!isGone && (!kept || isEnded(kept.state) || kept.runs !== run)) {
      isGone = true;
      onGone?.();
    }
    // Of a chunk only the sum is of interest, which is known now.
    if (isChunk && isChanged && kept?.progress) await publish(kept.progress);
  };

  const publish = async ({ chunks, ...progress }: JobProgress): Promise<void> => {
    const event: JobEvent = { type: 'progress', ...progress };
    await store.publish(jobStream(job), event);
  };

  const keepLatest = (): void => {
    const event = latest;
    if (!event || isKeeping) return;
    latest = undefined;
    isKeeping = true;
    keeping = keep(event)
      // The store may come back before the next one; the run itself is not to suffer.
      .catch(() => undefined)
      .finally(() => {
        isKeeping = false;
      });
  };

  return {
    onProgress(event) {
      if (isGone) return;
      latest = event;
      if (!isChunk) void publish(withoutType(event)).catch(() => undefined);
      if (clock() - keptAt >= interval) keepLatest();
    },
    async close() {
      await keeping;
      keepLatest();
      await keeping;
    },
  };
}

const withoutType = ({ type, ...progress }: ProgressEvent): JobProgress => progress;

/** The later of two, by stage, then by what is done. Undefined where `next` says nothing new. */
function laterOf(kept: JobProgress | undefined, next: JobProgress): JobProgress | undefined {
  if (!kept) return next;
  const stages = STAGES.indexOf(next.stage) - STAGES.indexOf(kept.stage);
  return stages > 0 || (stages === 0 && next.done > kept.done) ? next : undefined;
}
