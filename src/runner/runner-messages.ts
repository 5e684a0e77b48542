/** What the runner and its client say to each other. Both sides parse what they get: it crosses a process boundary. */
import { z } from 'zod';
import { AppError, ERRORS, type ErrorCode } from '../core/errors.ts';
import type { ProgressEvent } from '../core/progress.ts';
import type { PreviewResult } from './preview.ts';
import type { ProcessResult } from './process-result.ts';

/** From the client. `start` comes once and first. */
export const toRunnerSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    task: z.discriminatedUnion('name', [
      z.object({ name: z.literal('process') }),
      z.object({ name: z.literal('preview'), frameNumber: z.number() }),
    ]),
    /** Parsed by the run itself, as everywhere. */
    options: z.unknown(),
    modelDirectory: z.string().optional(),
  }),
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

const errorSchema = z.object({
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  retryable: z.boolean(),
});

/** What the client does not know of a result passes unread: both sides are of one version. */
const resultSchema = z.looseObject({
  outcome: z.enum(['completed', 'copied', 'chunk']),
  kind: z.enum(['image', 'video']),
  outputPath: z.string(),
  width: z.number(),
  height: z.number(),
  frames: z.looseObject({ total: z.number(), changed: z.number(), leftAlone: z.record(z.string(), z.number()) }),
  notes: z.array(z.looseObject({ code: z.string(), message: z.string(), hint: z.string().exactOptional() })),
  sources: z.array(z.looseObject({ path: z.string(), faces: z.number(), score: z.number() })),
  models: z.array(
    z.looseObject({
      ...{ id: z.string(), sha256: z.string(), licence: z.string() },
      ...{ commercialUse: z.boolean(), unverified: z.boolean() },
    }),
  ),
  providers: z.array(z.string()),
  timing: z.looseObject({
    totalSeconds: z.number(),
    stages: z.record(z.string(), z.number()),
    framesPerSecond: z.number().exactOptional(),
  }),
}) satisfies z.ZodType<ProcessResult>;

const previewSchema = resultSchema.extend({
  frameNumber: z.number(),
  timeSeconds: z.number(),
}) satisfies z.ZodType<PreviewResult>;

/** From the runner. One of `result`, `preview` and `error` comes once and last, as the task asks for. */
export const fromRunnerSchema = z.discriminatedUnion('type', [
  progressSchema,
  z.object({
    type: z.literal('log'),
    level: z.enum(['debug', 'info', 'warn']),
    message: z.string(),
    fields: z.record(z.string(), z.unknown()).optional(),
  }),
  z.object({ type: z.literal('result'), result: resultSchema }),
  z.object({ type: z.literal('preview'), result: previewSchema }),
  z.object({
    type: z.literal('error'),
    error: errorSchema,
    /** With the stacks of its causes, for `--debug`. */
    stack: z.string(),
  }),
]);
export type FromRunner = z.output<typeof fromRunnerSchema>;
export type EndMessage = Extract<FromRunner, { type: 'result' | 'preview' | 'error' }>;
/** What the runner sends: as `FromRunner`, with results as the run gave them. */
export type RunnerMessage =
  | Exclude<FromRunner, { type: 'result' | 'preview' }>
  | { readonly type: 'result'; readonly result: ProcessResult }
  | { readonly type: 'preview'; readonly result: PreviewResult };

/** Packs an error for the way to the client. */
export const toErrorMessage = (error: AppError): RunnerMessage => ({
  type: 'error',
  error: error.toJSON(),
  stack: stackOf(error),
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
