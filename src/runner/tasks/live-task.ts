import { z } from 'zod';
import type { LiveResult } from '../live/live-session.ts';
import { defineTask } from './runner-task.ts';

export interface LiveParameters {
  readonly options: Readonly<Record<string, unknown>>;
  /** Paths of the photos of each person who may be put in. */
  readonly sourceSets: readonly (readonly string[])[];
  /** Exists: files that are asked for are kept here. */
  readonly folder: string;
}

/** Frames of a camera, through the stream of the context, until that is closed. */
export const liveTask = defineTask<'live', LiveParameters, LiveResult>({
  name: 'live',
  parameters: z.object({
    options: z.record(z.string(), z.unknown()),
    sourceSets: z.array(z.array(z.string())),
    folder: z.string(),
  }),
  result: z.object({
    frames: z.looseObject({ total: z.number(), changed: z.number(), leftAlone: z.record(z.string(), z.number()) }),
    seconds: z.number(),
    job: z.string(),
  }),
  async run({ options, sourceSets, folder }, context) {
    const { runLiveSession } = await import('../live/live-session.ts');
    return runLiveSession(options, sourceSets, folder, context);
  },
});
