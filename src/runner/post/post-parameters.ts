/** What post-processing is asked with, and what it answers: JSON both. */
import { z } from 'zod';
import type { Note } from '../../engine/processors/processor.ts';
import type { DerivedOutput } from '../../trust/post/derived-output.ts';

export const postParametersSchema = z
  .object({
    /** Parsed by `parsePostSteps`. */
    steps: z.array(z.unknown()),
    /** The published output. */
    mainPath: z.string().min(1),
    /** What it was made from, where that is at hand: a clean-up looks for marks of others in it. */
    targetPath: z.string().min(1).optional(),
    /** Exists. */
    outputFolder: z.string().min(1),
    force: z.boolean().default(false),
  })
  .strict();
export type PostParameters = Readonly<z.input<typeof postParametersSchema>>;
export type ParsedParameters = Readonly<z.output<typeof postParametersSchema>>;

export interface PostResult {
  /** The main file first. */
  readonly outputs: readonly DerivedOutput[];
  readonly notes: readonly Note[];
}

export const postResultSchema = z.object({
  outputs: z.array(
    z.object({
      name: z.string(),
      role: z.enum(['main', 'rendition', 'playlist', 'segment', 'poster', 'sprite', 'captions', 'credentials']),
      path: z.string(),
      contentType: z.string(),
      bytes: z.number(),
      sha256: z.string(),
      width: z.number().optional(),
      height: z.number().optional(),
      durationSeconds: z.number().optional(),
      cacheControl: z.string().optional(),
    }),
  ),
  notes: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string().exactOptional() })),
}) satisfies z.ZodType<PostResult>;
