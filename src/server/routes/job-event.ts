/** Events of a job as callers get them. */
import { z } from 'zod';
import type { AppErrorJson } from '../../core/errors.ts';
import { JOB_STATES, type JobEvent } from '../../jobs/job.ts';
import type { JobAnswer } from '../contracts/job.ts';
import { withoutFolders } from '../problem.ts';
import { toErrorAnswer } from './job-answer.ts';

const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  retryable: z.boolean(),
}) as unknown as z.ZodType<AppErrorJson>;

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: z.enum(JOB_STATES), at: z.string(), error: errorSchema.optional() }),
  z.object({
    ...{ type: z.literal('progress'), stage: z.string(), done: z.number(), total: z.number().optional() },
    ...{ fps: z.number().optional(), etaSeconds: z.number().optional(), pictured: z.number().optional() },
  }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn']), message: z.string(), at: z.string() }),
  z.object({
    ...{ type: z.literal('task'), task: z.string(), kind: z.string(), at: z.string() },
    outcome: z.enum(['begun', 'completed', 'failed', 'retried']),
  }),
]);

type KeptEvent = z.output<typeof eventSchema>;

/** Without what is the service's own, such as the names of workers. */
export type PublicJobEvent =
  | Exclude<KeptEvent, { type: 'state' }>
  | (Omit<Extract<KeptEvent, { type: 'state' }>, 'error'> & { readonly error?: JobAnswer['error'] });

/** @returns undefined for what this version does not know */
export const parseJobEvent = (value: unknown): PublicJobEvent | undefined => {
  const { success, data } = eventSchema.safeParse(value satisfies unknown as JobEvent);
  if (!success) return undefined;
  if (data.type === 'log') return { ...data, message: withoutFolders(data.message) };
  if (data.type !== 'state') return data;
  const { error, ...rest } = data;
  return { ...rest, ...(error ? { error: toErrorAnswer(error) } : {}) };
};
