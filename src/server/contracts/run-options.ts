/** The options of a run as the API takes them: those of `core/options.ts` but for what names files of a machine. */
import { z } from 'zod';
import type { OptionMeta } from '../../core/option-meta.ts';
import { processOptionsSchema } from '../../core/options.ts';
import { RANGE_OPTIONS, rangeFields, rangeOptionsSchema } from '../../core/ranges.ts';

/**
 * What a request says elsewhere, or what is a path of the machine that works. `processors` stands beside the options.
 */
const NOT_IN_REQUESTS = {
  sourcePaths: true,
  targetPath: true,
  outputPath: true,
  map: true,
  ranges: true,
  processors: true,
  force: true,
  chunk: true,
  resume: true,
  publishPartial: true,
  modelFolder: true,
  stylizerLut: true,
  targetSequenceFps: true,
} as const satisfies Partial<Record<keyof typeof processOptionsSchema.shape, true>>;

const SCHEMAS = processOptionsSchema.omit(NOT_IN_REQUESTS).shape;

/** As in `runner/preset-folder.ts`: a name, never a path. */
const presetName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u, 'expected the name of a preset');

/**
 * An option that may be left out. The default is told and not filled in: where a preset is named, what was not given is the
 * preset's.
 */
function optional(name: string, schema: z.ZodType): z.ZodOptional<z.ZodType> {
  const meta = (schema.meta() ?? {}) as Partial<OptionMeta> & { readonly description?: string };
  const { group, unit, model, description } = meta;
  const fallback = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
  const inner =
    name === 'preset'
      ? presetName
      : schema instanceof z.ZodDefault || schema instanceof z.ZodOptional
        ? schema.unwrap()
        : schema;
  // Not `default`: clients made from the document would send it.
  const told = fallback === undefined ? '' : ` Default: ${JSON.stringify(fallback)}.`;
  return (inner as z.ZodType).optional().meta({
    description: `${description ?? ''}${told}`,
    'x-group': group,
    ...(unit ? { 'x-unit': unit } : {}),
    // Whether a part of a video may have its own.
    ...(RANGE_OPTIONS.includes(name) ? { 'x-ranged': true } : {}),
    ...(fallback === undefined ? {} : { 'x-default': fallback }),
    // `task` as in GET /v1/models; `embedded` needs no model file of that list.
    ...(model ? { 'x-model': { task: model.task, embedded: model.embedded } } : {}),
  });
}

/** Strict: an option that does not exist is refused, and OpenAPI shows every one. */
export const runOptionsSchema = z
  .strictObject(Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, optional(name, schema)])))
  .meta({
    id: 'RunOptions',
    description: 'Options of a run, as in docs/options.md, in camelCase. All may be left out.',
    examples: [{ preset: 'fast', faceEnhancerBlend: 80 }],
  });

/** Fields of a range but for its map, whose media are uploads. */
export const rangeRequestFields = {
  ...rangeFields,
  options: rangeOptionsSchema
    .meta({ id: 'RangeOptions', description: 'Options of processors and masks, for a part of a video.' })
    .optional(),
} as const;
