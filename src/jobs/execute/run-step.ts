/** Runs a step of a job from its stored inputs to a file in the folder of the task. */
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { OnProgress } from '../../core/progress.ts';
import type { ProcessResult } from '../../runner/process-result.ts';
import { processResultSchema } from '../../runner/tasks/process-task.ts';
import { learnSpeed } from '../estimates/learn-speed.ts';
import type { JobStep } from '../job.ts';
import { type Execution, type JobTask, madeBy } from './execution.ts';
import { type FetchedInputs, fetchInputs, findInputs, toMapWord } from './fetch-inputs.ts';
import { toFileName } from './file-name.ts';
import { shareLatestFrame } from './latest-frame.ts';
import { toLimitError, withMemoryLimit } from './memory-limit.ts';

/** What a step has made. */
export interface MadeStep {
  readonly result: ProcessResult;
  readonly path: string;
  /** What it was made from; sources of a map are not among them. */
  readonly targetPath: string;
  readonly sourcePaths: readonly string[];
}

/** How a step is run. */
export interface StepRun {
  /** Position in the job, from 0. */
  readonly index: number;
  /** What earlier steps have made. */
  readonly earlier: readonly string[];
  /** Of the task. */
  readonly folder: string;
  readonly onProgress: OnProgress;
}

/** A step with all its files on this machine, as the runner takes it. Disposing it lets the cache go of its inputs. */
export interface OpenedStep extends Disposable {
  readonly options: Readonly<Record<string, unknown>>;
  readonly outputPath: string;
  readonly targetPath: string;
  readonly sourcePaths: readonly string[];
}

/**
 * Brings the inputs of a step, and says what to run.
 * @throws see `findInputs` and `fetchInputs`
 */
export async function openStep(
  { backend, scratch }: Execution,
  { job, attempt }: JobTask,
  step: JobStep,
  { index, earlier, folder }: Omit<StepRun, 'onProgress'>,
): Promise<OpenedStep> {
  const found = await findInputs(step, job.tenant, backend.store, earlier);
  const inputs = await fetchInputs(found, scratch.inputs, join(folder, `in-${index}`), attempt.signal);
  const place = join(folder, `out-${index}`);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const name = step.output.kind === 'stored' ? step.output.name : 'output';
  const outputPath = join(place, toFileName(name, 'output'));
  return {
    options: {
      ...step.options,
      sourcePaths: inputs.sources,
      map: inputs.map.map(toMapWord),
      ...rangesWith(step.options, inputs),
      targetPath: inputs.target,
      outputPath,
      ...(job.partial ? { publishPartial: true } : {}),
      // What lies there is of an attempt that did not get as far as saying so.
      force: true,
    },
    outputPath,
    targetPath: inputs.target,
    sourcePaths: inputs.sources,
    [Symbol.dispose]: () => inputs[Symbol.dispose](),
  };
}

/** The ranges among options, each with its map in words. */
export function rangesWith({ ranges }: JobStep['options'], { rangeMaps = [] }: FetchedInputs): { ranges?: unknown } {
  if (!Array.isArray(ranges)) return {};
  return {
    ranges: ranges.map((range: object, at) => {
      const map = rangeMaps[at] ?? [];
      return map.length === 0 ? range : { ...range, map: map.map(toMapWord) };
    }),
  };
}

/**
 * Runs a step whole. One that an earlier attempt has finished in the same folder is not run again.
 * @throws what the run throws
 */
export async function runStep(execution: Execution, task: JobTask, step: JobStep, run: StepRun): Promise<MadeStep> {
  const { onMade } = execution;
  const { index, folder, onProgress } = run;
  const recordPath = join(folder, `step-${index}.json`);
  const earlier = await readRecord(recordPath);
  if (earlier) return earlier;
  using opened = await openStep(execution, task, step, run);
  const begunAt = performance.now();
  const result = await runShown(execution, task, opened, folder, onProgress);
  const { outputPath: path, targetPath, sourcePaths } = opened;
  const made: MadeStep = { result, path, targetPath, sourcePaths };
  await writeFile(`${recordPath}.new`, JSON.stringify(made));
  await rename(`${recordPath}.new`, recordPath);
  onMade?.(madeBy(step, result));
  await learnSpeed(execution, task, opened.options, result, (performance.now() - begunAt) / 1000);
  return made;
}

/** Runs it, while its latest frame can be looked at. */
async function runShown(
  execution: Execution,
  task: JobTask,
  { options }: OpenedStep,
  folder: string,
  onProgress: OnProgress,
): Promise<ProcessResult> {
  await using latest = shareLatestFrame(execution, task, folder, onProgress);
  const { pool, logger, memoryBytes } = execution;
  const { signal } = task.attempt;
  const limited = withMemoryLimit(options, memoryBytes);
  const request = { name: 'process', options: limited, latestFramePath: latest.path } as const;
  try {
    return await pool.run(request, { signal, onProgress: latest.onProgress, logger });
  } catch (error) {
    throw toLimitError(error, options, memoryBytes);
  }
}

const recordSchema = z.object({
  result: processResultSchema,
  path: z.string(),
  targetPath: z.string(),
  sourcePaths: z.array(z.string()),
}) satisfies z.ZodType<MadeStep>;

async function readRecord(path: string): Promise<MadeStep | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = recordSchema.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  return (await stat(parsed.data.path).catch(() => undefined)) && parsed.data;
}
