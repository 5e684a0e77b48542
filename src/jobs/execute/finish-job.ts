/** From what the runs of a job have made to its published outputs. */
import type { Job, JobOutput } from '../job.ts';
import { reportCompleted } from '../job-progress.ts';
import type { JobResult } from '../job-states.ts';
import { type Execution, type JobTask, NOTHING_TO_DO } from './execution.ts';
import { outputPrefix, outputsPrefix } from './keys.ts';
import type { MadeStep } from './run-step.ts';
import { type MadeOutput, uploadOutputs } from './upload-outputs.ts';

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
  _folder: string,
  made: readonly MadeStep[],
  before: DoneBefore = { timings: {} },
): Promise<unknown> {
  const { backend } = execution;
  const { job, run, attempt } = task;
  const { storage } = backend;
  const clock = performance.now();
  const files = outputsOf(job, made);
  const prefix = outputPrefix(job.id, attempt.token);
  let isPublished = false;
  try {
    const outputs = await uploadOutputs(storage, prefix, files, attempt.signal);
    const upload = (performance.now() - clock) / 1000;
    const result = toResult(made, outputs, addSeconds(before.timings, { upload }));
    isPublished = !attempt.signal.aborted && (await reportCompleted(backend, { job: job.id, run }, result));
  } finally {
    if (!isPublished) await storage.removePrefix(prefix);
  }
  if (!isPublished) return NOTHING_TO_DO;
  await removeOthers(execution, job.id, prefix);
  return { outcome: 'published', outputs: files.length };
}

/** What attempts have left that lost: killed between writing and publishing. Late ones remove their own. */
async function removeOthers({ backend: { storage }, logger }: Execution, job: string, winner: string): Promise<void> {
  try {
    const lost: string[] = [];
    for await (const { key } of storage.list(outputsPrefix(job))) if (!key.startsWith(winner)) lost.push(key);
    if (lost.length > 0) await storage.remove(lost);
  } catch (error) {
    // The job is done; what is left goes with its cleaning.
    logger.warn('files of lost attempts could not be removed', { job, reason: String(error) });
  }
}

/** What a later step took as its input is not an output. */
function outputsOf({ steps }: Job, made: readonly MadeStep[]): MadeOutput[] {
  const taken = new Set(
    steps.flatMap(({ target, sources, map }) =>
      [target, ...sources, ...map.flatMap((rule) => rule.sources)].flatMap((media) =>
        media.kind === 'step' ? [media.index] : [],
      ),
    ),
  );
  return steps.flatMap(({ output }, index) => {
    const step = made[index];
    if (!step || output.kind !== 'stored' || taken.has(index)) return [];
    const { width, height } = step.result;
    return [{ name: output.name, role: 'main' as const, path: step.path, width, height }];
  });
}

function toResult(
  made: readonly MadeStep[],
  outputs: readonly JobOutput[],
  timings: Readonly<Record<string, number>>,
): JobResult {
  const last = made.at(-1)?.result;
  const notes = new Map(
    made
      .flatMap(({ result }) => result.notes)
      .map(({ code, message, hint }) => [
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
