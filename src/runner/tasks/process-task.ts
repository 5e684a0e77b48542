import { z } from 'zod';
import type { ProcessResult } from '../process-result.ts';
import { defineTask } from './runner-task.ts';

/** What is known here of a `ProcessResult`. */
export const processResultSchema = z.looseObject({
  outcome: z.enum(['completed', 'copied', 'chunk']),
  kind: z.enum(['image', 'video']),
  outputPath: z.string(),
  width: z.number(),
  height: z.number(),
  frames: z.looseObject({ total: z.number(), changed: z.number(), leftAlone: z.record(z.string(), z.number()) }),
  notes: z.array(z.looseObject({ code: z.string(), message: z.string(), hint: z.string().exactOptional() })),
  sources: z.array(z.looseObject({ path: z.string(), faces: z.number(), score: z.number() })),
  models: z.array(
    z.looseObject({
      ...{ id: z.string(), sha256: z.string(), licence: z.string() },
      ...{ commercialUse: z.boolean(), unverified: z.boolean() },
      spent: z.object({ runs: z.number(), seconds: z.number() }).optional(),
    }),
  ),
  providers: z.array(z.string()),
  timing: z.looseObject({
    totalSeconds: z.number(),
    stages: z.record(z.string(), z.number()),
    framesPerSecond: z.number().exactOptional(),
  }),
  audit: z.looseObject({ job: z.string(), entry: z.number() }).exactOptional(),
}) satisfies z.ZodType<ProcessResult>;

export interface ProcessParameters {
  readonly options: unknown;
  /** See `RunContext`. */
  readonly latestFramePath?: string | undefined;
}

/** A photo or a video from its inputs to the published output: `process`. */
export const processTask = defineTask<'process', ProcessParameters, ProcessResult>({
  name: 'process',
  // Options are parsed by the run itself, as everywhere.
  parameters: z.object({ options: z.unknown(), latestFramePath: z.string().optional() }),
  result: processResultSchema,
  async run({ options, latestFramePath }, context) {
    const runner = await import('../process.ts');
    return runner.process(options, { ...context, latestFramePath });
  },
});
