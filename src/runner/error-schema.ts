/** An error as it crosses the border of a process. */
import { z } from 'zod';
import { type AppErrorJson, ERRORS, type ErrorCode } from '../core/errors.ts';

export const errorSchema = z.object({
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  message: z.string(),
  hint: z.string().exactOptional(),
  details: z.record(z.string(), z.unknown()).exactOptional(),
  retryable: z.boolean(),
}) satisfies z.ZodType<AppErrorJson>;
