/** Projects, as the API shows them: what is in one is its page's own. */
import { z } from 'zod';
import { assetId, idSchema } from './asset.ts';
import { NEWEST_FIRST, pageFields, pageQuery } from './paging.ts';

export const projectId = (): z.ZodString => idSchema('a project', 'project_1k3c8x0v2m4q7r9t2w5y8z');

const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}*$/u, 'expected no control characters')
  .meta({ description: 'For people.', examples: ['Party'] });

const document = z.record(z.string(), z.unknown()).meta({
  description:
    'Any JSON object of up to 256 kB, given back as it came. Uploads whose ids are anywhere in it do not expire while it is kept.',
  examples: [{ sources: [], target: null }],
});

const thumbnail = assetId().describe('An asset that stands for it in lists.');

export const projectRequest = z
  .strictObject({ name, document, thumbnail: thumbnail.optional() })
  .meta({ id: 'ProjectRequest' });

export const duplicateRequest = z
  .strictObject({ name: name.describe('Of the copy.') })
  .meta({ id: 'DuplicateRequest' });

const summary = {
  id: projectId(),
  name,
  thumbnail: thumbnail.optional(),
  createdAt: z.string().describe('ISO 8601.'),
  updatedAt: z.string(),
} as const;

export const projectAnswer = z.object({ ...summary, document }).meta({ id: 'Project' });
export type ProjectAnswer = z.output<typeof projectAnswer>;

export const projectPage = z
  .object({ projects: z.array(z.object(summary).meta({ id: 'ProjectSummary' })), ...pageFields })
  .meta({ id: 'ProjectPage', description: NEWEST_FIRST });

export const projectQuery = z.strictObject(pageQuery);
