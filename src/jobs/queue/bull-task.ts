/** Tasks as BullMQ keeps them: what goes in, and what is read back. */
import { type Job, UnrecoverableError } from 'bullmq';
import { AppError, type AppErrorJson } from '../../core/errors.ts';
import { keptFailing } from './failed-attempt.ts';
import type { Task, TaskEnd } from './queue.ts';

/** Of a BullMQ job. */
export interface BullTask {
  readonly task: Task;
  /** Of the last of a flow: ids of what it waits for, in order. */
  readonly first?: readonly string[];
}

/** A result as BullMQ keeps it: in an object, since it makes null of undefined. */
export interface BullResult {
  readonly value?: unknown;
}

/** What BullMQ says of a task that a worker vanished with too often. */
const STALLED = 'job stalled more than allowable limit';

/** The id behind BullMQ's key of a task. */
export const idOfKey = (key: string): string => key.slice(key.lastIndexOf(':') + 1);

/** An error as BullMQ keeps it, whole: it only keeps the message. */
export function toBullError(error: AppErrorJson, isFinal: boolean): Error {
  const text = JSON.stringify(error);
  const bull = isFinal ? new UnrecoverableError(text) : new Error(text);
  // BullMQ would keep it with the task, with paths of this machine.
  bull.stack = '';
  return bull;
}

export function parseBullError(reason: string | null | undefined): AppErrorJson {
  try {
    const value = JSON.parse(reason ?? '') as AppErrorJson;
    if (typeof value.code === 'string' && typeof value.message === 'string') return value;
  } catch {
    // Not one of ours: told as it is.
  }
  return new AppError('INTERNAL', `A task failed: ${reason ?? 'its reason is not known any more'}.`).toJSON();
}

/**
 * Why a task that was given to a worker is not to be done but to fail; undefined: it is to be done.
 * @param readReason gives the reason for which a task, by its key, failed
 */
export async function failedBefore(
  job: Pick<Job, 'deferredFailure'>,
  task: Task,
  readReason: (key: string) => Promise<string | null>,
): Promise<AppErrorJson | undefined> {
  if (!job.deferredFailure) return undefined;
  if (job.deferredFailure === STALLED) return keptFailing(task.id);
  const child = /^child (\S+) failed$/.exec(job.deferredFailure)?.[1];
  return parseBullError(child === undefined ? job.deferredFailure : await readReason(child));
}

/** Fields of a task's hash, as `toTaskEnd` wants them. */
export const END_FIELDS = ['data', 'finishedOn', 'returnvalue', 'failedReason'] as const;

export function toTaskEnd(fields: readonly (string | null)[]): TaskEnd | undefined {
  const [data, finishedOn, value, reason] = fields;
  if (!data || !finishedOn) return undefined;
  const { task } = JSON.parse(data) as BullTask;
  // One that failed and was completed at a later try has both.
  if (!value) return { task, outcome: 'failed', error: parseBullError(reason) };
  return { task, outcome: 'completed', value: (JSON.parse(value) as BullResult).value };
}
