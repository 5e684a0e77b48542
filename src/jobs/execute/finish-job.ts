/** From what the runs of a job have made to its published outputs. */
import { throwIfAborted } from '../../core/abort.ts';
import { allOf } from '../assets-of.ts';
import type { Job, JobOutput } from '../job.ts';
import { readJob } from '../job-documents.ts';
import { reportCompleted } from '../job-progress.ts';
import type { JobResult } from '../job-states.ts';
import { type Execution, type JobTask, NOTHING_TO_DO } from './execution.ts';
import { chunksPrefix, outputPrefix, outputsPrefix } from './keys.ts';
import { type Processed, postProcess } from './post-process.ts';
import type { MadeStep } from './run-step.ts';
import { sampleQuality } from './sample-quality.ts';
import { uploadOutputs } from './upload-outputs.ts';

/** What other workers have done for the job before. */
export interface DoneBefore {
  /** Seconds by stage. */
  readonly timings: Readonly<Record<string, number>>;
}

/**
 * Uploads and publishes. Of several attempts the first one wins; the others, and those whose job ended meanwhile, remove
 * what they have written.
 * @param folder of the task
 * @param made   by step
 */
export async function finishJob(
  execution: Execution,
  task: JobTask,
  folder: string,
  made: readonly MadeStep[],
  before: DoneBefore = { timings: {} },
): Promise<unknown> {
  const { backend } = execution;
  const { job, run, attempt } = task;
  const { storage } = backend;
  const clock = performance.now();
  const processed: Processed[] = [];
  for (const index of publishedSteps(job)) {
    const [step, output] = [made[index], job.steps[index]?.output];
    if (!step || output?.kind !== 'stored') continue;
    processed.push(await postProcess(execution, task, step, output.name, folder));
  }
  const post = (performance.now() - clock) / 1000;
  const files = processed.flatMap((of) => of.files);
  const prefix = outputPrefix(job.id, attempt.token);
  /** Undefined while nobody knows: what may be published is not removed. */
  let isPublished: boolean | undefined = false;
  try {
    const outputs = await uploadOutputs(storage, prefix, files, attempt.signal);
    const upload = (performance.now() - clock) / 1000 - post;
    const timings = addSeconds(before.timings, { upload, ...(job.post.length > 0 ? { post } : {}) });
    const notes = processed.flatMap((of) => of.notes);
    const result = toResult(made, outputs, notes, timings);
    throwIfAborted(attempt.signal);
    isPublished = undefined;
    isPublished =
      (await reportCompleted(backend, { job: job.id, run }, result)) || (await isOurs(execution, job.id, prefix));
  } finally {
    if (isPublished === false) await storage.removePrefix(prefix);
  }
  if (!isPublished) return NOTHING_TO_DO;
  await removeLeftovers(execution, job.id, prefix);
  const last = made.at(-1);
  if (last) await sampleQuality(execution, task, last);
  return { outcome: 'published', outputs: files.length };
}

/** Whether it is this attempt that is published after all: the answer to a change may be lost, and the change is not. */
async function isOurs({ backend: { store } }: Execution, id: string, prefix: string): Promise<boolean> {
  const job = await readJob(store, id);
  return job?.outputs.some(({ key }) => key?.startsWith(prefix)) ?? false;
}

/** Chunks, and what attempts have left that lost: killed between writing and publishing. Late ones remove their own. */
async function removeLeftovers(
  { backend: { storage }, logger }: Execution,
  job: string,
  winner: string,
): Promise<void> {
  try {
    const lost: string[] = [];
    for await (const { key } of storage.list(outputsPrefix(job))) if (!key.startsWith(winner)) lost.push(key);
    if (lost.length > 0) await storage.remove(lost);
    await storage.removePrefix(chunksPrefix(job));
  } catch (error) {
    // The job is done; what is left goes with its cleaning.
    logger.warn('what a job has left could not be removed yet', { job, reason: String(error) });
  }
}

/** Positions of the steps whose output nobody took as an input. */
function publishedSteps({ steps }: Job): readonly number[] {
  const taken = new Set(
    steps.flatMap((step) => allOf(step).flatMap((media) => (media.kind === 'step' ? [media.index] : []))),
  );
  return [...steps.keys()].filter((index) => !taken.has(index));
}

function toResult(
  made: readonly MadeStep[],
  outputs: readonly JobOutput[],
  ofPost: Job['notes'],
  timings: Readonly<Record<string, number>>,
): JobResult {
  const last = made.at(-1)?.result;
  const notes = new Map(
    [...made.flatMap(({ result }) => result.notes), ...ofPost].map(({ code, message, hint }) => [
      `${code} ${message}`,
      { code, message, ...(hint === undefined ? {} : { hint }) },
    ]),
  );
  return {
    outputs,
    ...(last === undefined
      ? {}
      : {
          frames: { total: last.frames.total, changed: last.frames.changed, leftAlone: { ...last.frames.leftAlone } },
        }),
    timings: made.reduce((sum, { result }) => addSeconds(sum, result.timing.stages), timings),
    notes: [...notes.values()],
    ...(last?.audit === undefined ? {} : { audit: { job: last.audit.job } }),
  };
}

/** Seconds by stage, together. */
export function addSeconds(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...a };
  for (const [stage, seconds] of Object.entries(b)) sum[stage] = (sum[stage] ?? 0) + seconds;
  return sum;
}
