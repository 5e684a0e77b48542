/** What joining is asked with, and what it answers: JSON both. */
import { z } from 'zod';

export const joinParametersSchema = z
  .object({
    /** Paths, in order. */
    parts: z.array(z.string().min(1)).min(1),
    outputPath: z.string().min(1),
    force: z.boolean(),
  })
  .strict();
export type JoinParameters = Readonly<z.output<typeof joinParametersSchema>>;

export const joinResultSchema = z.object({
  notes: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string().exactOptional() })),
});
export type JoinResult = Readonly<z.output<typeof joinResultSchema>>;
