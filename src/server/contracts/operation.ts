/** What whoever runs a service, or pays for it, wants to know. */
import { z } from 'zod';
import { AUDIT_KINDS } from '../../trust/audit/audit-entry.ts';
import { SCOPES } from '../auth/scopes.ts';

export const callerAnswer = z
  .object({
    tenant: z.string(),
    kind: z.enum(['local', 'key', 'token']).describe('`local`: the user of this machine, who needs no key.'),
    scopes: z.array(z.enum(SCOPES)).describe('`admin` includes all others.'),
    limits: z
      .object({
        requestsPerMinute: z.number().optional(),
        jobsPerDay: z.number().optional(),
        minutesPerDay: z.number().optional().describe('Of video.'),
        bytesPerDay: z.number().optional().describe('Uploaded.'),
      })
      .describe("Of the caller's own; what is left out has the limit of the service, or none."),
  })
  .meta({ id: 'Caller' });

export const auditQuery = z.strictObject({
  job: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Id of a job; with the scope admin also eight digits as the invisible mark says them.'),
  kind: z.enum(AUDIT_KINDS).optional(),
  since: z.iso
    .datetime()
    .or(z.iso.date())
    .optional()
    .meta({ description: 'Entries from then on.', examples: ['2026-11-29'] }),
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe('The newest so many.'),
});

export const auditAnswer = z
  .object({
    entries: z.array(
      z.object({
        seq: z.number().describe('Number in the log of the installation, from 0.'),
        time: z.string(),
        kind: z.string(),
        facts: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'AuditEntries', description: 'Oldest first. Names and addresses of people are not among them.' });

const day = z.iso.date().meta({ examples: ['2026-11-29'] });

export const usageQuery = z.strictObject({
  from: day.optional().describe('First day, by UTC. Default: 30 days ago.'),
  to: day.optional().describe('Last day. Default: today.'),
});

const amounts = {
  jobs: z.number().describe('Jobs that were accepted.'),
  videoSeconds: z.number().describe('Of their targets.'),
  megapixels: z.number().describe('Of target photos.'),
  bytesUploaded: z.number(),
  bytesStored: z.number().describe('Of outputs.'),
} as const;

export const usageAnswer = z
  .object({
    from: z.string(),
    to: z.string(),
    total: z.object(amounts),
    days: z.array(z.object({ day: z.string(), owner: z.string().describe('Id of the key.'), ...amounts })),
  })
  .meta({ id: 'Usage' });

const check = z.object({
  name: z.string(),
  status: z.enum(['OK', 'WARN', 'FAIL']),
  code: z.string().describe('What was found, for pages with words of their own; of FAIL as in docs/errors.md.'),
  message: z.string(),
  fix: z.string().optional(),
  facts: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .describe('Behind the message; names of sizes in bytes end with `Bytes`, lists have commas.'),
});

const room = z.object({
  usedBytes: z.number(),
  freeBytes: z.number(),
  neededBytes: z.number().optional().describe('What must be free before anything is begun.'),
  folder: z.string().optional().describe('Where least is free.'),
});
const amountOf = z.object({ usedBytes: z.number(), totalBytes: z.number() });

export const resourcesAnswer = z
  .object({
    memory: amountOf.describe('Of the machine that answers.'),
    gpus: z
      .array(amountOf.extend({ index: z.string(), name: z.string() }))
      .describe('GPUs of that machine whose memory can be read, which are those of NVIDIA.'),
    storage: z.object({
      temporary: room.optional().describe('Scratch folders of all workers.'),
      modelsBytes: z.number().describe('Of the machine that answers.'),
      resultsBytes: z.number().optional().describe('Left out where media are in a bucket.'),
      uploadsBytes: z.number().optional(),
    }),
  })
  .meta({ id: 'Resources' });

export const clearedAnswer = z
  .object({
    freedBytes: z.number(),
    workers: z.number().describe('That have answered within 5 s.'),
  })
  .meta({ id: 'ClearedFiles' });

export const systemAnswer = z
  .object({
    version: z.string(),
    isCluster: z.boolean().describe('Other machines share the queue.'),
    checks: z.array(check).describe('Of the machine that answers.'),
    providers: z
      .array(
        z.object({
          ...{ id: z.string(), title: z.string(), works: z.boolean() },
          ...{ milliseconds: z.number().optional(), reason: z.string().optional(), howToGet: z.string().optional() },
          fault: z
            .enum(['platform', 'not-built', 'library', 'ended'])
            .optional()
            .describe('Why it does not work, where more is known than what was said.'),
          library: z.string().optional().describe('That is lacking, of `library`.'),
        }),
      )
      .describe('Execution providers that were tried on the machine that answers.'),
    resources: resourcesAnswer.describe('Looked at each time.'),
    workers: z.array(
      z.object({
        ...{ id: z.string(), state: z.string(), version: z.string() },
        ...{ providers: z.array(z.string()), models: z.array(z.string()), memoryBytes: z.number() },
        ...{ concurrency: z.number(), busy: z.number().describe('Tasks in hand.'), seenAt: z.string() },
      }),
    ),
    queue: z.array(
      z.object({
        ...{ lane: z.string(), waiting: z.number(), active: z.number(), delayed: z.number() },
        oldestSeconds: z.number(),
      }),
    ),
    isPaused: z.boolean(),
  })
  .meta({ id: 'System' });
