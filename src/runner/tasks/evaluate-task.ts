import { z } from 'zod';
import type { EvaluationReport } from '../../evaluate/evaluate.ts';
import { LIMITS, type MeasureName } from '../../evaluate/measures.ts';
import { defineTask } from './runner-task.ts';

export interface EvaluateParameters {
  /** Photos of one person. */
  readonly sourcePaths: readonly string[];
  readonly targetPath: string;
  readonly resultPath: string;
}

const verdictSchema = z.enum(['good', 'fair', 'poor']);
const measureNames = Object.keys(LIMITS) as [MeasureName, ...MeasureName[]];

/** A result against its sources and its target: `evaluate`. */
export const evaluateTask = defineTask<'evaluate', EvaluateParameters, EvaluationReport>({
  name: 'evaluate',
  parameters: z.object({ sourcePaths: z.array(z.string()), targetPath: z.string(), resultPath: z.string() }),
  result: z.looseObject({
    kind: z.enum(['image', 'video']),
    sourcePaths: z.array(z.string()),
    targetPath: z.string(),
    resultPath: z.string(),
    width: z.number(),
    height: z.number(),
    frames: z.number(),
    sampledFrames: z.array(z.number()),
    followedFrames: z.number(),
    faces: z.number(),
    outside: z.object({ changed: z.number(), total: z.number(), largest: z.number() }),
    measures: z.partialRecord(
      z.enum(measureNames),
      z.looseObject({
        ...{ value: z.number(), wanted: z.string(), verdict: verdictSchema },
        secondOpinion: z.literal(true).exactOptional(),
      }),
    ),
    overall: verdictSchema,
  }),
  async run(parameters, { signal, onProgress, sessions, modelDirectory }) {
    const { evaluate } = await import('../../evaluate/evaluate.ts');
    return evaluate({ ...parameters, signal, onProgress, sessions, modelDirectory });
  },
});
