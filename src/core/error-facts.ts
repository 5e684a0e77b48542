/** What of an error's details may be told to whoever asked for the run, on whatever machine: typed, and nothing else. */
import { z } from 'zod';
import type { AppErrorJson } from './errors.ts';

/** What a run was stopped for. */
export const REFUSAL_CATEGORIES = [
  'sexual-content',
  'young-face',
  'listed-face',
  'listed-word',
  'no-consent',
  'not-allowed',
] as const;

/** Items of a list that an answer holds: more say no more. */
const MOST_ITEMS = 50;
/** Letters of a name of ours, such as that of an option. */
const LONGEST_NAME = 100;

const name = (): z.ZodString => z.string().max(LONGEST_NAME);
const count = (): z.ZodNumber => z.number().min(0);

/**
 * Each is as it stands in `AppError.details`. None is a picture, an embedding, a likeness, a path, or a name of a person or
 * a file.
 */
export const errorFactsSchema = z
  .object({
    category: z.enum(REFUSAL_CATEGORIES).describe('What a run was stopped for.'),
    role: z.enum(['source', 'target', 'result']).describe('In which of them it was seen.'),
    score: z.number().describe('What was measured: a score of 0..1, or an estimated age in years.'),
    limit: z.number().describe('The limit that it is beyond, in the same unit; of a quota, what it allows.'),
    limitSetBy: z
      .enum(['default', 'policy', 'model'])
      .describe(
        'Whose limit: `default` of every installation, the `policy` file of this one, or of a `model` added to it.',
      ),
    isLowered: z.boolean().describe('The limit is lower than that, since a face may be too young.'),
    policyKey: name().describe('The key of the policy that decides, as in docs/policy.md.'),
    model: name().describe('The model that measured.'),
    frame: count().describe('Frame of the target, from 0.'),
    seconds: count().describe('When it is shown, from the start of the target.'),
    chunk: count().describe('Part of the video, from 0, where the frame is not known.'),
    blocklistEntries: z
      .array(z.string().regex(/^[0-9a-f]{12}$/))
      .max(MOST_ITEMS)
      .describe('Ids on the blocklist, without names: `facefusion blocklist list` tells its keeper whose they are.'),
    consents: z
      .array(z.object({ id: name(), state: name() }))
      .max(MOST_ITEMS)
      .describe('Consents of the person, and why they do not do.'),
    refused: z.array(name()).max(MOST_ITEMS).describe('What was asked for and is not allowed.'),
    allowed: z.array(name()).max(MOST_ITEMS).describe('What is allowed instead.'),
    run: name().describe('What the audit log calls the run.'),
    auditEntry: count().describe('Number of the entry in the audit log that records it.'),
    option: name().describe('The option that is wrong.'),
    faces: count().describe('Faces that were found.'),
    framesKept: count().describe('Frames that another try goes on from.'),
    framesTotal: count().describe('Frames that there are to make.'),
    width: count().describe('Of the picture, in pixels.'),
    height: count().describe('Of the picture, in pixels.'),
    maxPixels: count().describe('The most pixels that a picture may have.'),
    durationSeconds: count().describe('Of the medium.'),
    maxDurationSeconds: count().describe('The longest that a medium may be.'),
    maxBytes: count().describe('The most bytes that a file may have.'),
    neededBytes: count().describe('Memory that the run needs.'),
    waitingFor: z.enum(['disk-full']).describe('What an answer waits for that nobody begins.'),
    freeBytes: count().describe('Free on the disk of temporary files.'),
    wantedBytes: count().describe('What must be free there before anything is begun.'),
    limitBytes: count().describe('Memory that it may take.'),
    provider: name().describe('Execution provider.'),
    scope: name().describe('Scope that the key lacks.'),
    metric: name().describe('Quota that is used up.'),
    retryAfterSeconds: count().describe('When to try again.'),
    waiting: count().describe('Jobs that wait.'),
    mostWaiting: count().describe('The most that may wait.'),
  })
  .partial()
  .meta({
    id: 'ErrorFacts',
    description: 'Facts behind an error, for programs and for pages that tell it in words of their own.',
  });
export type ErrorFacts = Readonly<z.output<typeof errorFactsSchema>>;

/** The facts among the details of an error; undefined where there are none. */
export function errorFactsOf({
  details,
}: {
  readonly details?: AppErrorJson['details'] | undefined;
}): ErrorFacts | undefined {
  if (!details) return undefined;
  const known = Object.entries(errorFactsSchema.shape).flatMap(([key, schema]) => {
    const { success, data } = schema.safeParse(details[key]);
    return success && data !== undefined ? [[key, data] as const] : [];
  });
  return known.length > 0 ? errorFactsSchema.parse(Object.fromEntries(known)) : undefined;
}
