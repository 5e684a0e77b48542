/** What there is to choose from: presets, processors, models. */
import { z } from 'zod';
import { PROCESSOR_IDS } from '../../core/processor-options/processor-options.ts';

export const presetsAnswer = z
  .object({
    presets: z.array(
      z.object({
        name: z.string(),
        origin: z.enum(['built-in', 'imported']),
        options: z.record(z.string(), z.unknown()).optional(),
        problem: z.string().optional().describe('Why it cannot be used now.'),
      }),
    ),
  })
  .meta({ id: 'Presets' });

const jsonSchema = z.record(z.string(), z.unknown()).describe('JSON Schema, draft 2020-12.');

export const processorsAnswer = z
  .object({
    processors: z.array(
      z.object({
        id: z.enum(PROCESSOR_IDS),
        needsSource: z.boolean().describe('A photo among the sources.'),
        needsSound: z.boolean().describe('A sound among the sources, or a video for its sound.'),
        options: jsonSchema,
      }),
    ),
    options: jsonSchema.describe('Options that do not belong to one processor; `x-group` says which belong together.'),
  })
  .meta({ id: 'Processors' });

export const addModelQuery = z.strictObject({
  id: z.string().min(1).max(100).describe('Of the catalogue, or `custom/NAME` for a model that is not in it.'),
  like: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Of a model of your own: the one of the catalogue whose inputs and outputs it has.'),
  licence: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Of a model of your own: its licence by SPDX id, or `own`. Default: not stated.'),
  unverified: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .describe('Keeps a file that is not the published one; every list and result says so.'),
});

export const addedModelAnswer = z
  .object({
    id: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    isUnverified: z.boolean(),
    isTried: z.boolean().describe('False where there was not enough memory to load it.'),
  })
  .meta({ id: 'AddedModel' });

export const modelsAnswer = z
  .object({
    licensePolicy: z
      .enum(['commercial', 'any'])
      .describe(
        '`commercial`: the policy of this installation locks models whose licence does not allow commercial use.',
      ),
    models: z.array(
      z.object({
        id: z.string(),
        task: z.string(),
        state: z
          .enum(['built-in', 'added', 'not-added', 'contract'])
          .describe('`contract`: there is no published file; models of your own can be like it.'),
        isInstalled: z.boolean(),
        licence: z.object({ name: z.string(), commercialUse: z.enum(['allowed', 'forbidden', 'not-stated']) }),
        isUnverified: z.boolean().describe('Nothing vouches for the file but whoever added it.'),
        bytes: z.number().optional(),
        sha256: z.string().optional(),
        vendor: z.string().optional(),
        year: z.number().optional(),
      }),
    ),
  })
  .meta({ id: 'Models' });
