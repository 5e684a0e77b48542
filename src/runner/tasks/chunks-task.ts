import { z } from 'zod';
import type { ChunksOfRun } from '../describe-chunks.ts';
import { defineTask } from './runner-task.ts';

/** How a run could be shared among machines, and what each of them must have: `describeChunks`. */
export const chunksTask = defineTask<'chunks', { readonly options: unknown }, ChunksOfRun>({
  name: 'chunks',
  parameters: z.object({ options: z.unknown() }),
  result: z.object({
    kind: z.enum(['image', 'video']),
    chunks: z.number(),
    frames: z.number().exactOptional(),
    splittable: z.boolean(),
    why: z.string().exactOptional(),
    requires: z.object({
      providers: z.array(z.string()),
      models: z.array(z.string()),
      memoryBytes: z.number(),
    }),
  }),
  async run({ options }, context) {
    const { describeChunks } = await import('../describe-chunks.ts');
    return describeChunks(options, context);
  },
});
