/** What a run would take, as the API tells it. */
import { z } from 'zod';
import { rangesWithoutMaps, runFields } from './job-request.ts';

export const estimateRequest = z
  .strictObject({
    target: runFields.target,
    processors: runFields.processors,
    options: runFields.options,
    ranges: rangesWithoutMaps.describe('As of a job.'),
    mapsPeople: z.boolean().optional().describe('Whether there will be a `map`. Default: no.'),
  })
  .meta({ id: 'EstimateRequest' });

export const estimatesAnswer = z
  .object({
    estimates: z.array(
      z
        .object({
          preset: z
            .enum(['fast', 'balanced', 'premium', 'given'])
            .describe('A built-in preset, with the options that were given beside it; `given`: exactly those.'),
          seconds: z
            .number()
            .optional()
            .describe('From the order to the published output, when nothing else is running.'),
          memoryBytes: z
            .number()
            .optional()
            .describe('At its peak; absent where the target is not on the machine that answers.'),
          basis: z
            .enum(['measured', 'none'])
            .describe('`none`: nothing like it was run here yet, and `seconds` is absent.'),
          runs: z.number().describe('That it was taken from, of the last 20.'),
        })
        .meta({ id: 'Estimate' }),
    ),
  })
  .meta({ id: 'Estimates' });
