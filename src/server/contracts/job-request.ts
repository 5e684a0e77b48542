/** A job as it is asked for. */
import { z } from 'zod';
import { MAX_RANGES } from '../../core/options.ts';
import { PROCESSOR_IDS } from '../../core/processor-options/processor-options.ts';
import { postStepSchema } from '../../jobs/post/post-steps.ts';
import { PRIORITIES } from '../../jobs/queue/queue.ts';
import { CONTAINERS } from '../../media/output-containers.ts';
import { OUTPUT_IMAGE_FORMATS } from '../../media/write-image.ts';
import { assetId } from './asset.ts';
import { rangeRequestFields, runOptionsSchema } from './run-options.ts';

/** Photos of one person and more would not make a better face. */
const MAX_SOURCES = 64;
const MAX_PERSONS = 64;
const MAX_STEPS = 16;
const MAX_LABELS = 32;

/** Everything but a folder of pictures, which is no single output. */
export const OUTPUT_FORMATS = [
  ...Object.keys(CONTAINERS).filter((name) => name !== 'images'),
  ...OUTPUT_IMAGE_FORMATS.filter((name) => !(name in CONTAINERS)),
] as [string, ...string[]];

const sources = z.array(assetId()).max(MAX_SOURCES);

const personMap = z
  .array(
    z.strictObject({
      person: z
        .string()
        .regex(/^person[1-9]\d{0,3}$/, 'expected person1, person2 …')
        .meta({ description: 'As POST /v1/people names them.', examples: ['person1'] }),
      sources: sources.describe('Photos of whose face this person gets; none: this person is left as is.'),
    }),
  )
  .max(MAX_PERSONS);

/** A part of a video with settings of its own. */
const range = z
  .strictObject({
    ...rangeRequestFields,
    map: personMap.optional().describe('Persons who get another face here; the job needs a map too.'),
  })
  .meta({ id: 'Range', examples: [{ start: 120, end: 300, options: { faceEnhancerBlend: 40 } }] });

/** What jobs and previews have in common. */
export const runFields = {
  target: assetId().describe('Id of the asset that is worked on: a photo or a video.'),
  sources: sources
    .optional()
    .describe(
      'Ids of photos of the person whose face is put in; several of one person are fused. Sounds for lip_syncer.',
    ),
  map: personMap.optional().describe('Which person of the target gets which face.'),
  processors: z
    .array(z.enum(PROCESSOR_IDS))
    .min(1)
    .max(PROCESSOR_IDS.length)
    .optional()
    .describe('Processors, in the order in which they run. Default: face_swapper.'),
  options: runOptionsSchema.optional(),
} as const;

/** Of jobs and previews. */
export const rangesField = z
  .array(range)
  .max(MAX_RANGES)
  .optional()
  .describe('Parts of the video with settings of their own. They must not overlap.');

/** The same without whose faces are changed. */
export const rangesWithoutMaps = z.array(z.strictObject(rangeRequestFields)).max(MAX_RANGES).optional();

export const jobRequest = z
  .strictObject({
    ...runFields,
    ranges: rangesField,
    output: z
      .strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'expected letters, digits, - and _')
          .optional()
          .describe('Name of the output without its ending. Default: result.'),
        format: z.enum(OUTPUT_FORMATS).optional().describe('Default: mp4 for a video, jpg or png for a photo.'),
      })
      .optional(),
    post: z
      .array(postStepSchema)
      .max(MAX_STEPS)
      .optional()
      .describe('Steps on the finished output, in order: conversion, size target, HLS. See docs/post-processing.md.'),
    priority: z.enum(PRIORITIES).optional().describe('Default: normal.'),
    callback: z
      .strictObject({
        url: z.url({ protocol: /^https?$/ }).max(2000),
        on: z
          .array(z.enum(['completed', 'failed', 'cancelled']))
          .min(1)
          .max(3)
          .optional()
          .describe('Ends that are told. Default: all.'),
      })
      .optional()
      .describe('Where the end of the job is told, signed.'),
    labels: z
      .record(z.string().min(1).max(64), z.string().max(256))
      .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `expected at most ${MAX_LABELS} labels`)
      .optional()
      .describe('Words of your own; they come back with the job and its callback.'),
    reuse: z
      .boolean()
      .optional()
      .describe('false: work that was done before is done again. Default: true, the earlier job is the answer.'),
  })
  .meta({
    id: 'JobRequest',
    examples: [
      {
        sources: ['asset_1k3c8x0v2m4q7r9t2w5y8z'],
        target: 'asset_1k3c8x0v9n5p6s3v4x7z1b',
        processors: ['face_swapper', 'face_enhancer'],
        options: { preset: 'fast' },
        output: { name: 'party', format: 'mp4' },
        labels: { order: '4711' },
      },
      { sources: ['asset_1k3c8x0v2m4q7r9t2w5y8z'], target: 'asset_1k3c8x0v0a2c5e7g9j1m3p' },
    ],
  });
export type JobRequest = z.output<typeof jobRequest>;
