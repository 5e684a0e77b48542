/** Jobs, as the API shows them. */
import { z } from 'zod';
import { errorFactsSchema } from '../../core/error-facts.ts';
import { JOB_STATES, outputSchema } from '../../jobs/job.ts';
import { PRIORITIES } from '../../jobs/queue/queue.ts';
import { assetId, idSchema } from './asset.ts';
import { NEWEST_FIRST, pageFields, pageQuery } from './paging.ts';
import { rangeRequestFields } from './run-options.ts';

export const jobId = (): z.ZodString => idSchema('a job', 'job_1k3c8x0v2m4q7r9t2w5y8z');

export const outputAnswer = z
  .object({
    name: z.string().describe('As in its address.'),
    role: outputSchema.shape.role,
    contentType: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    width: z.number().optional(),
    height: z.number().optional(),
    durationSeconds: z.number().optional(),
    url: z.string().describe('Where it is. Its ETag is the sha256.'),
    immutableUrl: z
      .string()
      .describe('The same under a name that changes with the content: caches may keep it for ever.'),
  })
  .meta({ id: 'JobOutput' });

const noteAnswer = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

export const errorAnswer = z
  .object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    retryable: z.boolean(),
    facts: errorFactsSchema.optional(),
  })
  .meta({ id: 'JobError', description: 'Why a job failed.' });

export const progressAnswer = z
  .object({
    stage: z.string(),
    done: z.number(),
    total: z.number().optional(),
    fps: z.number().optional(),
    etaSeconds: z.number().optional(),
    pictured: z
      .number()
      .optional()
      .describe(
        'Frames that were done when the picture at /v1/jobs/{id}/latest-frame was made; absent while there is none.',
      ),
  })
  .meta({ id: 'JobProgress' });

const rulesAnswer = z.array(z.object({ person: z.string(), sources: z.array(assetId()) }));

export const stalledAnswer = z
  .object({
    code: z.enum(['disk-full']),
    message: z.string(),
    hint: z.string(),
    freeBytes: z.number().describe('On the disk of temporary files.'),
    wantedBytes: z.number().describe('What must be free there.'),
    folder: z.string().optional().describe('Of the temporary files; for callers with the scope admin.'),
  })
  .meta({ id: 'Stalled', description: 'Why nothing is begun although the queue is not paused.' });

export const jobAnswer = z
  .object({
    id: jobId(),
    state: z.enum(JOB_STATES),
    priority: z.enum(PRIORITIES),
    createdAt: z.string(),
    updatedAt: z.string(),
    submittedAt: z.string().optional(),
    startedAt: z.string().optional(),
    endedAt: z.string().optional(),
    expiresAt: z.string().optional().describe('When the job and its outputs are removed.'),
    cancelRequestedAt: z.string().optional(),
    sources: z.array(assetId()),
    map: rulesAnswer,
    ranges: z
      .array(z.object({ ...rangeRequestFields, map: rulesAnswer.optional() }))
      .optional()
      .describe('Parts of the video with settings of their own; absent where there are none.'),
    target: assetId().optional(),
    outputName: z.string().optional(),
    options: z.record(z.string(), z.unknown()).describe('As they were given, processors included.'),
    post: z.array(z.record(z.string(), z.unknown())),
    callback: z.object({ url: z.string(), on: z.array(z.string()) }).optional(),
    labels: z.record(z.string(), z.string()),
    runs: z.number().describe('Times it was begun.'),
    plan: z.object({ chunks: z.number(), frames: z.number() }).optional(),
    progress: progressAnswer.optional(),
    stalled: stalledAnswer
      .optional()
      .describe('Of a job that waits, where it is asked for alone: why nothing is begun.'),
    timings: z.record(z.string(), z.number()).describe('Seconds by stage, over all workers; and `queued`.'),
    frames: z
      .object({ total: z.number(), changed: z.number(), leftAlone: z.record(z.string(), z.number()) })
      .optional(),
    notes: z.array(noteAnswer).describe('What you should know although it went well.'),
    error: errorAnswer.optional(),
    outputs: z.array(outputAnswer),
    audit: z
      .string()
      .optional()
      .describe('What the audit log calls the run, and the invisible mark of its output. Also where it was refused.'),
    eventsUrl: z.string().describe('Its events, as text/event-stream.'),
  })
  .meta({ id: 'Job' });
export type JobAnswer = z.output<typeof jobAnswer>;

export const jobPage = z
  .object({ jobs: z.array(jobAnswer), ...pageFields })
  .meta({ id: 'JobPage', description: NEWEST_FIRST });

const stateList = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(JOB_STATES)).max(JOB_STATES.length));

export const jobQuery = z.strictObject({
  ...pageQuery,
  state: stateList
    .optional()
    .meta({ description: `Any of these, with commas: ${JOB_STATES.join(', ')}.`, examples: ['queued,running'] }),
});

export const outputsAnswer = z.object({ outputs: z.array(outputAnswer) }).meta({ id: 'JobOutputs' });

export const logAnswer = z
  .object({
    entries: z.array(
      z.object({
        number: z.number().describe('Of the event.'),
        at: z.string(),
        level: z.enum(['info', 'warn']),
        message: z.string(),
      }),
    ),
    next: z.number().optional().describe('Ask with `after` set to this for more.'),
  })
  .meta({ id: 'JobLog' });

export const queueAnswer = z
  .object({
    isPaused: z.boolean().describe('Nothing is begun until it is resumed.'),
    stalled: stalledAnswer.optional(),
    order: z.array(jobId()).describe('Your jobs that wait, the next one first.'),
  })
  .meta({ id: 'Queue' });

export const moveRequest = z
  .strictObject({ before: jobId().nullable().describe('The job that it is to go before; null: behind all.') })
  .meta({ id: 'MoveRequest' });
