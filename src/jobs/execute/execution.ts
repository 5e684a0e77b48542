/** What every handler of tasks works with. */
import type { Logger } from '../../core/logger.ts';
import type { ProcessResult } from '../../runner/process-result.ts';
import type { RunnerPool } from '../../runner/runner-pool.ts';
import type { Backend } from '../backend.ts';
import type { Job, JobStep } from '../job.ts';
import type { UsedInference } from '../metrics/service-metrics.ts';
import type { Attempt } from '../queue/queue.ts';
import type { Scratch } from './scratch.ts';

/** Lent to the handlers. */
export interface Execution {
  readonly backend: Backend;
  readonly pool: RunnerPool;
  readonly scratch: Scratch;
  /** Id of the worker. */
  readonly worker: string;
  readonly logger: Logger;
  /** What a run that is done whole may take; left out: as much as it needs. */
  readonly memoryBytes?: number | undefined;
  /** Outputs to measure; left out: none. */
  readonly samples?: QualitySamples | undefined;
  /** Hears of what was made, for metrics. */
  readonly onMade?: ((made: MadeFrames) => void) | undefined;
}

/** What is done with some of the outputs. */
export interface QualitySamples {
  /** 0..1 */
  readonly share: number;
  /** Hears of each measure, as `facefusion evaluate` gives it. */
  readonly onMeasure: (name: string, value: number) => void;
  /** 0..1, below `share` for those that are measured. Default: by chance. */
  readonly draw?: (() => number) | undefined;
}

/** What one run of a runner has worked through. */
export interface MadeFrames {
  readonly processors: readonly string[];
  readonly frames: number;
  readonly framesPerSecond?: number | undefined;
  readonly inference: readonly UsedInference[];
}

/** What metrics want to know of a run. */
export const madeBy = (step: JobStep, { frames, timing, models, providers }: ProcessResult): MadeFrames => ({
  processors: processorsOf(step),
  frames: frames.total,
  framesPerSecond: timing.framesPerSecond,
  inference: models.flatMap(({ id: model, spent }) =>
    spent ? [{ model, provider: providers[0] ?? 'cpu', runs: spent.runs, seconds: spent.seconds }] : [],
  ),
});

/** As the step names them; the default where it names none. */
const processorsOf = ({ options }: JobStep): readonly string[] =>
  Array.isArray(options.processors) ? options.processors.map(String) : ['face_swapper'];

/** A task of a job that is to be done. */
export interface JobTask {
  readonly attempt: Attempt;
  readonly job: Job;
  /** Of the job: `attempt.task.payload` says the same. */
  readonly run: number;
  /** Of a `chunk`. */
  readonly chunk?: number | undefined;
  /** Of a `stitch`. */
  readonly chunks?: number | undefined;
}

/** Does one kind of task of jobs. @returns small JSON; @throws AppError */
export type JobHandler = (execution: Execution, task: JobTask) => Promise<unknown>;

/** What an attempt gives that found nothing to do: its job has ended, or is in another run. */
export const NOTHING_TO_DO = { outcome: 'nothing' } as const;
