/** Who agreed, as the API takes and shows it. */
import { z } from 'zod';
import { projectId } from './project.ts';

/** What somebody says of the faces in a project. */
export const STATEMENT_KINDS = ['own-face', 'written-consent', 'licensed', 'public-domain-or-synthetic'] as const;

export const statementRequest = z
  .strictObject({
    project: projectId(),
    kind: z
      .enum(STATEMENT_KINDS)
      .describe(
        '`own-face`: only whoever asks is shown. `written-consent`: all who are shown have agreed in writing. `licensed`: the media come with a licence for this. `public-domain-or-synthetic`: nobody is shown who could agree.',
      ),
    note: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .regex(/^\P{Cc}*$/u, 'expected no control characters')
      .optional()
      .describe('Number of a release or a contract. Kept apart, so that it can be erased.'),
  })
  .meta({ id: 'StatementRequest' });

export const statementAnswer = z
  .object({
    entry: z.number().describe('Number in the audit log.'),
    at: z.string().describe('ISO 8601.'),
  })
  .meta({ id: 'Statement' });

export const consentsAnswer = z
  .object({
    isRequired: z.boolean().describe('The policy wants a valid consent for each source face; a statement is none.'),
    consents: z.array(
      z.object({
        id: z.string().meta({ description: 'For the option `consent` of a job.', examples: ['c-0123456789ab'] }),
        state: z.enum(['valid', 'expired', 'revoked']),
        uses: z.array(z.string()).describe('Processors, purposes that begin with `x-`, or `any`.'),
        until: z.string().describe('ISO 8601: valid before this moment.'),
      }),
    ),
  })
  .meta({ id: 'Consents', description: 'Of the installation, without names.' });
