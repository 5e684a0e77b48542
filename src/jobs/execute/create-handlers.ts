/** What a worker does with a task, by its kind. Another kind is one more file and one more line here. */
import { AppError, toAppError } from '../../core/errors.ts';
import { reportBegun, tellTask } from '../job-progress.ts';
import type { ServiceMetrics } from '../metrics/service-metrics.ts';
import { ATTEMPTS, type Attempt, type TaskHandler } from '../queue/queue.ts';
import { jobPayloadSchema, TASK_KINDS, type TaskKind } from '../tasks.ts';
import { NO_TRACING, type Tracing } from '../tracing/tracing.ts';
import { doChunk } from './chunk.ts';
import { type Execution, type JobHandler, NOTHING_TO_DO } from './execution.ts';
import { doLook } from './look.ts';
import { doPlan } from './plan.ts';
import { doStitch } from './stitch.ts';
import { doWhole } from './whole.ts';

const HANDLERS: Readonly<Record<Exclude<TaskKind, 'look'>, JobHandler>> = {
  whole: doWhole,
  plan: doPlan,
  chunk: doChunk,
  stitch: doStitch,
};

export interface HandlerOptions extends Execution {
  readonly metrics?: ServiceMetrics | undefined;
  readonly tracing?: Tracing | undefined;
}

/**
 * Tasks of a job that has ended, or of an earlier run of it, do nothing. Errors pass as they are, without paths of this
 * machine; `retryable` says whether another try makes sense.
 */
export function createTaskHandler({ metrics, tracing = NO_TRACING, ...given }: HandlerOptions): TaskHandler {
  const execution: Execution = {
    ...given,
    onMade(made) {
      metrics?.framesDone(made.processors, made.frames, made.framesPerSecond);
      metrics?.inference(made.inference);
      given.onMade?.(made);
    },
  };
  return async (attempt) => {
    const { task, number } = attempt;
    const begunAt = Date.now();
    const seconds = (): number => (Date.now() - begunAt) / 1000;
    metrics?.taskBegun(task.kind, task.priority, (begunAt - attempt.readyAt) / 1000);
    try {
      const facts = { 'task.kind': task.kind, 'task.attempt': number, 'job.id': task.job, worker: given.worker };
      const value = await tracing.span(`task ${task.kind}`, facts, () => doTask(execution, attempt), traceOf(attempt));
      metrics?.taskEnded(task.kind, attempt.signal.aborted ? 'cancelled' : 'completed', seconds());
      return value;
    } catch (thrown) {
      const error = toAppError(thrown);
      const isRetried = error.retryable && number < ATTEMPTS;
      metrics?.taskEnded(task.kind, attempt.signal.aborted ? 'cancelled' : isRetried ? 'retried' : 'failed', seconds());
      throw error;
    }
  };
}

async function doTask(execution: Execution, attempt: Attempt): Promise<unknown> {
  const { task, number, signal } = attempt;
  if (!isKind(task.kind)) {
    throw new AppError('INTERNAL', `Expected a task of kind ${TASK_KINDS.join(', ')}, received ${task.kind}.`, {
      hint: 'A task of a newer version? Bring all workers up to date.',
    });
  }
  if (task.kind === 'look') return doLook(execution, attempt);
  const { backend, worker, logger } = execution;
  const { run, chunk, chunks } = jobPayloadSchema.parse(task.payload);
  const job = await reportBegun(backend, { job: task.job, run }, task, worker);
  if (!job) return NOTHING_TO_DO;
  try {
    const value = await HANDLERS[task.kind](execution, { attempt, job, run, chunk, chunks });
    await tell('completed');
    return value;
  } catch (error) {
    await tell(toAppError(error).retryable && number < ATTEMPTS ? 'retried' : 'failed');
    throw error;
  }

  /** What became of the task counts, not whether it could be told. */
  async function tell(outcome: 'completed' | 'retried' | 'failed'): Promise<void> {
    if (signal.aborted) return;
    await tellTask(backend, task.job, { task: task.id, kind: task.kind, worker, outcome }).catch((error: unknown) => {
      logger.warn('the end of a task could not be told', { task: task.id, reason: String(error) });
    });
  }
}

const isKind = (kind: string): kind is TaskKind => (TASK_KINDS as readonly string[]).includes(kind);

function traceOf({ task }: Attempt): string | undefined {
  const parsed = jobPayloadSchema.safeParse(task.payload);
  return parsed.success ? parsed.data.trace : undefined;
}
