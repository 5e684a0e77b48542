import { z } from 'zod';
import { CALLBACK_STATES } from '../../jobs/callbacks/delivery.ts';
import { idSchema } from './asset.ts';
import { jobId } from './job.ts';
import { NEWEST_FIRST, pageFields, pageQuery } from './paging.ts';

export const callbackId = (): z.ZodString => idSchema('a callback', 'callback_1k3c8x0v2m4q7r9t2w5y8z_1_completed');

export const callbackQuery = z.strictObject({
  ...pageQuery,
  state: z.enum(CALLBACK_STATES).optional().describe('`dead`: those that were given up.'),
});

export const callbackAnswer = z
  .object({
    id: callbackId().describe('As in the header `webhook-id`.'),
    state: z.enum(CALLBACK_STATES),
    job: jobId(),
    type: z.string().describe('`job.completed`, `job.failed` or `job.cancelled`.'),
    url: z.string(),
    createdAt: z.string(),
    nextAt: z.string().optional().describe('Of the next try.'),
    attempts: z.array(
      z.object({
        at: z.string(),
        status: z.number().optional().describe('Of the answer.'),
        error: z.string().optional().describe('Code, where there was no answer.'),
      }),
    ),
  })
  .meta({ id: 'Callback', description: 'The end of a job as it is told.' });

export const callbackPage = z
  .object({ callbacks: z.array(callbackAnswer), ...pageFields })
  .meta({ id: 'CallbackPage', description: NEWEST_FIRST });

export const callbackSecretAnswer = z
  .object({
    secret: z.string().describe('`whsec_` and base64, as Standard Webhooks has it.'),
    createdAt: z.string(),
    previousUntil: z.string().optional().describe('Until then what was replaced signs beside it.'),
  })
  .meta({ id: 'CallbackSecret' });
