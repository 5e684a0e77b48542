/** What becomes of a task whose handler threw, or whose worker vanished. */
import { AppError, type AppErrorJson, toAppError } from '../../core/errors.ts';
import { ATTEMPTS, LOST_WORKERS } from './queue.ts';

/** Of the delay, up to which it is shortened at random: tasks that failed together do not come back together. */
export const RETRY_JITTER = 0.5;

export type FailedAttempt =
  | { readonly outcome: 'again'; readonly delayMilliseconds: number }
  | { readonly outcome: 'failed'; readonly error: AppErrorJson };

/** What a handler throws whose worker stops: the task can be begun anew at once, and has not failed. */
export const giveBack = (cause: unknown): AppError =>
  new AppError('OVERLOADED', 'The worker stops, and gives its task back.', {
    details: { givenBack: true },
    cause,
    retryable: true,
  });

export const isGivenBack = (error: Pick<AppErrorJson, 'details'>): boolean => error.details?.givenBack === true;

/**
 * @param tries how often the handler threw, this time included
 * @param backoffMilliseconds after the first
 */
export function judgeFailure(thrown: unknown, tries: number, backoffMilliseconds: number): FailedAttempt {
  const error = toAppError(thrown);
  if (isGivenBack(error.toJSON())) return { outcome: 'again', delayMilliseconds: 0 };
  if (!error.retryable || tries >= ATTEMPTS) return { outcome: 'failed', error: error.toJSON() };
  const delay = backoffMilliseconds * 2 ** (tries - 1);
  return { outcome: 'again', delayMilliseconds: Math.round(delay * (1 - RETRY_JITTER * Math.random())) };
}

/** Why a task ends that workers do not survive. */
export const keptFailing = (task: string): AppErrorJson =>
  new AppError('JOB_KEPT_FAILING', `${LOST_WORKERS + 1} workers vanished while they did ${task}.`, {
    hint: 'Look into the logs of the workers: they ran out of memory, crashed, or were killed or frozen.',
    details: { task, lostWorkers: LOST_WORKERS + 1 },
  }).toJSON();

export const queueUnavailable = (message: string, cause: unknown, hint: string): AppError =>
  new AppError('QUEUE_UNAVAILABLE', message, { hint, cause, retryable: true });
