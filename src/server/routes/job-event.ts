/** Events of a job as callers get them. */
import { z } from 'zod';
import { JOB_STATES, type JobEvent } from '../../jobs/job.ts';
import { withoutFolders } from '../problem.ts';
import { told } from './job-answer.ts';

const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  retryable: z.boolean(),
});

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: z.enum(JOB_STATES), at: z.string(), error: errorSchema.optional() }),
  z.object({
    ...{ type: z.literal('progress'), stage: z.string(), done: z.number(), total: z.number().optional() },
    ...{ fps: z.number().optional(), etaSeconds: z.number().optional() },
  }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn']), message: z.string(), at: z.string() }),
  z.object({
    ...{ type: z.literal('task'), task: z.string(), kind: z.string(), at: z.string() },
    outcome: z.enum(['begun', 'completed', 'failed', 'retried']),
  }),
]);

/** Without what is the service's own, such as the names of workers. */
export type PublicJobEvent = z.output<typeof eventSchema>;

/** @returns undefined for what this version does not know */
export const parseJobEvent = (value: unknown): PublicJobEvent | undefined => {
  const { success, data } = eventSchema.safeParse(value satisfies unknown as JobEvent);
  if (!success) return undefined;
  if (data.type === 'log') return { ...data, message: withoutFolders(data.message) };
  if (data.type === 'state' && data.error) return { ...data, error: { ...data.error, ...told(data.error) } };
  return data;
};
