/** The kinds of tasks, what they carry, and how they are called. Handlers are in `execute/`. */
import { z } from 'zod';

/**
 * - `whole`: a job from its inputs to its outputs, on one worker: photos, short videos, everything of an embedded service
 * - `plan`: looks at a video, and either does it as `whole` would or adds `chunk` tasks and a `stitch` behind them
 * - `chunk`: one stretch of a video
 * - `stitch`: chunks to the published outputs, post-processing included
 * - `look`: an answer that somebody waits for: faces, people, a preview, a verdict
 */
export const TASK_KINDS = ['whole', 'plan', 'chunk', 'stitch', 'look'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** Of the tasks of a job. The job itself is read from the store. */
export const jobPayloadSchema = z
  .object({
    /** `runs` of the job when the task was made: tasks of an earlier run do nothing. */
    run: z.number().int(),
    /** Of a `chunk`. */
    chunk: z.number().int().optional(),
    /** Of a `stitch`: number of chunks. */
    chunks: z.number().int().optional(),
    /** W3C trace context, where traces are on. */
    trace: z.string().optional(),
  })
  .strict();

const mapSchema = z.array(
  z
    .object({
      person: z.string(),
      sources: z.array(z.object({ key: z.string(), fileName: z.string() }).strict()),
    })
    .strict(),
);

/** Of a `look`. Its result is the task's result; a picture lies in the storage under its `key`. */
export const lookPayloadSchema = z
  .object({
    what: z.enum(['faces', 'people', 'preview', 'verify']),
    tenant: z.string(),
    /** Storage key of what is looked at, and its file name's ending. */
    target: z.object({ key: z.string(), fileName: z.string() }).strict(),
    sources: z.array(z.object({ key: z.string(), fileName: z.string() }).strict()),
    map: mapSchema,
    /** Maps of the ranges among the options, in their order. */
    rangeMaps: z.array(mapSchema).optional(),
    /** Of a video, from 0. */
    frameNumber: z.number().int().min(0),
    options: z.record(z.string(), z.unknown()),
  })
  .strict();
export type LookPayload = Readonly<z.infer<typeof lookPayloadSchema>>;

/** What the handler of a `look` gives as the task's result. */
export const lookResultSchema = z
  .object({
    value: z.unknown(),
    /** Storage key of the picture of a preview. */
    picture: z.string().optional(),
  })
  .strict();

/** Name of a task of a job: unique for ever, so that adding it twice adds it once. */
export const taskId = (job: string, run: number, kind: TaskKind, number = 0): string =>
  `${job}-${run}-${kind}-${number}`;
