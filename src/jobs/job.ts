/**
 * What a job is, from the draft to its outputs. A job of the command line has steps with paths of this machine; one of the
 * API has a single step on stored media, and post-processing behind it. Kept in the store as documents of kind `job`.
 */
import { z } from 'zod';
import type { AppErrorJson } from '../core/errors.ts';
import { JOB_STREAM } from './job-streams.ts';
import { PRIORITIES } from './queue/queue.ts';

/** `drafted` steps can still be changed; the last three are ends. */
export const JOB_STATES = ['drafted', 'queued', 'running', 'completed', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];

export const isEnded = (state: JobState): boolean =>
  state === 'completed' || state === 'failed' || state === 'cancelled';

/** The tenant of whoever uses this machine without a key. */
export const LOCAL_TENANT = 'local';

/** Where a medium is. */
export const mediaSchema = z.discriminatedUnion('kind', [
  /** A file of this machine: command line only. */
  z.object({ kind: z.literal('file'), path: z.string().min(1) }).strict(),
  /** An upload, by its id. */
  z.object({ kind: z.literal('asset'), id: z.string() }).strict(),
  /** What an earlier step of the job has made, counted from 0. */
  z.object({ kind: z.literal('step'), index: z.number().int().min(0) }).strict(),
]);
export type Media = Readonly<z.infer<typeof mediaSchema>>;

const ruleSchema = z.object({ person: z.string().min(1), sources: z.array(mediaSchema) }).strict();

export const stepSchema = z
  .object({
    sources: z.array(mediaSchema),
    /** Which person of a video gets which face; no media: left as it is. */
    map: z.array(ruleSchema),
    /** Maps of the ranges, in the order in which the options name them; absent where none has one. */
    rangeMaps: z.array(z.array(ruleSchema)).optional(),
    target: mediaSchema,
    /** A path of this machine, or the name that a stored output gets. */
    output: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('file'), path: z.string().min(1) }).strict(),
      z.object({ kind: z.literal('stored'), name: z.string().min(1) }).strict(),
    ]),
    /** `ProcessOptions` without paths and map, as they were given. */
    options: z.record(z.string(), z.unknown()),
    state: z.enum(['drafted', 'queued', 'started', 'completed', 'failed']),
  })
  .strict();
export type JobStep = Readonly<z.infer<typeof stepSchema>>;

/** What a worker must have to be given a task. */
export const requirementsSchema = z
  .object({
    /** Execution providers beside `cpu`. */
    providers: z.array(z.string()),
    /** Models beside those that every copy brings. */
    models: z.array(z.string()),
    memoryBytes: z.number().min(0),
  })
  .strict();
export type Requirements = Readonly<z.infer<typeof requirementsSchema>>;

/** A file that a job has made. */
export const outputSchema = z
  .object({
    /** As in the address it is got from: `result.mp4`, `hls/master.m3u8`. */
    name: z.string(),
    role: z.enum(['main', 'rendition', 'playlist', 'segment', 'poster', 'sprite', 'captions', 'credentials']),
    /** In the storage; undefined for a file of this machine, which is at `path`. */
    key: z.string().optional(),
    path: z.string().optional(),
    contentType: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    width: z.number().optional(),
    height: z.number().optional(),
    durationSeconds: z.number().optional(),
  })
  .strict();
export type JobOutput = Readonly<z.infer<typeof outputSchema>>;

/** Progress as it was last known, over all chunks. */
export const jobProgressSchema = z
  .object({
    stage: z.string(),
    done: z.number(),
    total: z.number().optional(),
    fps: z.number().optional(),
    etaSeconds: z.number().optional(),
    /** Frames that were done when the picture of the latest one was made; left out where there is none. */
    pictured: z.number().optional(),
    /** Frames done of each chunk, by its number, while several workers share the video: `done` is their sum. */
    chunks: z.record(z.string(), z.number()).optional(),
  })
  .strict();
export type JobProgress = Readonly<z.infer<typeof jobProgressSchema>>;

export const callbackSchema = z
  .object({
    url: z.url(),
    /** Which ends are told. */
    on: z.array(z.enum(['completed', 'failed', 'cancelled'])),
  })
  .strict();

const errorSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  details: z.record(z.string(), z.unknown()).optional(),
  retryable: z.boolean(),
}) as unknown as z.ZodType<AppErrorJson>;

export const jobSchema = z
  .object({
    id: z.string(),
    tenant: z.string(),
    /** Id of the API key or subject of the token that created it; `local` for this machine's user. */
    owner: z.string(),
    origin: z.enum(['cli', 'api']),
    state: z.enum(JOB_STATES),
    priority: z.enum(PRIORITIES),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    submittedAt: z.iso.datetime().optional(),
    startedAt: z.iso.datetime().optional(),
    endedAt: z.iso.datetime().optional(),
    /** Hash of inputs, options, models and policy: the same work is done once. */
    key: z.string().optional(),
    steps: z.array(stepSchema),
    /** Post-processing, in order; parsed by `parsePostSteps`. */
    post: z.array(z.record(z.string(), z.unknown())),
    callback: callbackSchema.optional(),
    /** The caller's own words. */
    labels: z.record(z.string(), z.string()),
    requires: requirementsSchema,
    /** How much there is to do, as far as it was known when the job was made; counted for quotas. */
    work: z
      .object({
        kind: z.enum(['image', 'video']),
        videoSeconds: z.number(),
        megapixels: z.number(),
        /** Chunks of a video by the option `videoChunkSize`; 1 for a photo. */
        chunks: z.number().int().min(1),
      })
      .optional(),
    /** Of a video that several workers share. */
    plan: z.object({ chunks: z.number().int(), frames: z.number().int() }).optional(),
    progress: jobProgressSchema.optional(),
    /** True for a run that makes nothing new: it publishes what the run before has left. */
    partial: z.boolean().optional(),
    /** Times it was begun, tries of tasks not counted. */
    runs: z.number().int(),
    /** Seconds by stage, over all workers; and `queued`. */
    timings: z.record(z.string(), z.number()),
    /** What the user should know although it went well. */
    notes: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string().optional() })),
    outputs: z.array(outputSchema),
    /** Why it failed. */
    error: errorSchema.optional(),
    /** Process that works on it, as `thisProcess` says: command line only. */
    holder: z.string().optional(),
    /** Set when somebody asked for its end. */
    cancelRequestedAt: z.iso.datetime().optional(),
    /** Frames as `ProcessResult` counts them. */
    frames: z
      .object({ total: z.number(), changed: z.number(), leftAlone: z.record(z.string(), z.number()) })
      .optional(),
    /** Entry of the audit log that records the output, and what the invisible mark calls the run. */
    audit: z.object({ job: z.string() }).optional(),
    /** When it and its outputs are removed; moved on when it ends. */
    expiresAt: z.iso.datetime().optional(),
  })
  .strict();
export type Job = Readonly<z.infer<typeof jobSchema>>;

/** What a job's stream of events says. Streams are called `job:<id>`. */
export type JobEvent =
  | { readonly type: 'state'; readonly state: JobState; readonly at: string; readonly error?: AppErrorJson }
  | ({ readonly type: 'progress' } & Omit<JobProgress, 'chunks'>)
  | { readonly type: 'log'; readonly level: 'info' | 'warn'; readonly message: string; readonly at: string }
  | {
      readonly type: 'task';
      readonly task: string;
      readonly kind: string;
      readonly outcome: 'begun' | 'completed' | 'failed' | 'retried';
      readonly worker?: string;
      readonly at: string;
    }
  /** Published, never kept: the stream goes with the job. */
  | { readonly type: 'removed'; readonly tenant: string; readonly at: string };

export const jobStream = (id: string): string => `${JOB_STREAM}${id}`;
