import { z } from 'zod';
import type { PreviewResult } from '../preview.ts';
import { processResultSchema } from './process-task.ts';
import { defineTask } from './runner-task.ts';

export interface PreviewParameters {
  readonly options: unknown;
  /** From 0. */
  readonly frameNumber: number;
}

/** One processed frame as a photo: `previewFrame`. */
export const previewTask = defineTask<'preview', PreviewParameters, PreviewResult>({
  name: 'preview',
  parameters: z.object({ options: z.unknown(), frameNumber: z.number() }),
  result: processResultSchema.extend({ frameNumber: z.number(), timeSeconds: z.number() }),
  async run({ options, frameNumber }, context) {
    const { previewFrame } = await import('../preview.ts');
    return previewFrame(options, frameNumber, context);
  },
});
