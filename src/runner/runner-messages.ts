/** What the runner and its client say to each other. Both sides parse what they get: it crosses a process boundary. */
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { ProgressEvent } from '../core/progress.ts';
import { errorSchema } from './error-schema.ts';
import { TASK_NAMES } from './tasks/registry.ts';

/** Says to a runner that it has a stream for frames, and where. */
export const FRAMES_FLAG = '--frames';
export const FRAMES_DESCRIPTOR = 4;

/** From the client. A `start` comes first, and another one only when the run before it has ended. */
export const toRunnerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    task: z.enum(TASK_NAMES),
    /** Parsed by the task. */
    parameters: z.unknown(),
    modelDirectory: z.string().optional(),
    /** True where the runner ends with this run; else it keeps loaded what the next one may need. */
    isLast: z.boolean(),
  }),
  /** Stops the run that goes on, if any. */
  z.object({ type: z.literal('cancel') }),
]);
export type ToRunner = z.output<typeof toRunnerSchema>;
export type StartMessage = Extract<ToRunner, { type: 'start' }>;

const progressSchema = z.object({
  type: z.literal('progress'),
  stage: z.enum(['prepare', 'people', 'analyse', 'process', 'finish', 'download']),
  done: z.number(),
  total: z.number().exactOptional(),
  fps: z.number().exactOptional(),
  etaSeconds: z.number().exactOptional(),
}) satisfies z.ZodType<ProgressEvent>;

const memoryBytes = z.number();

/** From the runner. `result` or `error` comes once a run, and last. */
export const fromRunnerSchema = z.discriminatedUnion('type', [
  progressSchema,
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn']),
    message: z.string(),
    fields: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({
    type: z.literal('result'),
    /** Parsed by the schema of the task. */
    result: z.unknown(),
    /** Resident memory of the runner when the run had ended. */
    memoryBytes,
  }),
  z.object({
    type: z.literal('error'),
    error: errorSchema,
    /** With the stacks of its causes, for `--debug`. */
    stack: z.string(),
    memoryBytes,
  }),
]);
export type FromRunner = z.output<typeof fromRunnerSchema>;
export type EndMessage = Extract<FromRunner, { type: 'result' | 'error' }>;

/** Packs an error for the way to the client. */
export const toErrorMessage = (error: AppError, memoryBytes: number): FromRunner => ({
  type: 'error',
  error: error.toJSON(),
  stack: stackOf(error),
  memoryBytes,
});

/** Makes the runner's error again on this side; its stack there is that of its cause. */
export function fromErrorMessage({ error, stack }: Extract<FromRunner, { type: 'error' }>): AppError {
  const { code, message, hint, details, retryable } = error;
  const cause = new Error(message);
  cause.stack = stack;
  return new AppError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
    retryable,
    cause,
  });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const below = error.cause === undefined ? '' : `\ncaused by: ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${below}`;
}
