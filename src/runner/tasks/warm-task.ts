import { z } from 'zod';
import { defineTask } from './runner-task.ts';

/** Loads what nearly every run needs, so that the first one does not wait for it: `warmUp`. */
export const warmTask = defineTask<'warm', unknown, { readonly models: number }>({
  name: 'warm',
  parameters: z.unknown(),
  result: z.object({ models: z.number() }),
  async run(_parameters, context) {
    const { warmUp } = await import('../warm-up.ts');
    return { models: await warmUp(context) };
  },
});
