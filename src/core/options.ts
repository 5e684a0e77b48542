/**
 * Every option of a run, once: names, ranges, defaults and meaning. Command-line flags, JSON Schema and the option
 * reference derive from this schema. Names and values follow FaceFusion, in camelCase here and kebab-case as flags.
 */
import { z } from 'zod';
import { BUILT_IN_PRESETS, isBuiltInPreset } from './built-in-presets.ts';
import { contentOptions } from './content-options.ts';
import { AppError } from './errors.ts';
import { EXECUTION_PROVIDER_CHOICES } from './execution-providers.ts';
import { faceOptions } from './face-options.ts';
import { describe } from './option-meta.ts';
import { outputOptions } from './output-options.ts';
import { PROCESSOR_IDS, PROCESSOR_OPTIONS } from './processor-options/processor-options.ts';
import { problemOfRanges, RANGE_OPTIONS, rangeSchema } from './ranges.ts';
import { closest } from './suggest.ts';

/** Far more than anybody sets by hand; each may open models of its own. */
export const MAX_RANGES = 64;

const paths = (): z.ZodArray<z.ZodString> => z.array(z.string().min(1));

export const processOptionsSchema = z
  .object({
    sourcePaths: describe(
      paths().default([]),
      'Photos of the person whose face is put in; several of one person are fused. With lip_syncer also a sound, or a video for its sound.',
      {
        group: 'paths',
        aliases: ['-s', '--source'],
      },
    ),
    map: describe(
      z.array(z.string().min(3)).default([]),
      'Which person of a video gets which face: person1=alice.jpg, person2=bob1.jpg,bob2.jpg, person3=keep. `facefusion faces VIDEO --people` lists the persons; whoever is not named is kept, or gets the face of --source.',
      { group: 'paths', placeholder: 'person=photos' },
    ),
    ranges: describe(
      z.array(rangeSchema).max(MAX_RANGES).default([]),
      'Parts of a video with settings of their own, as JSON: {"start":120,"end":300,"off":true}, or with processors, options and map that differ there.',
      { group: 'processors', aliases: ['--range'], placeholder: 'json' },
    ),
    targetPath: describe(
      z.string().min(1),
      'Photo, video or image sequence (frames/%05d.png) whose face is replaced.',
      {
        group: 'paths',
        aliases: ['-t', '--target'],
      },
    ),
    outputPath: describe(z.string().min(1), 'File to write. Its ending chooses the format.', {
      group: 'paths',
      aliases: ['-o', '--output'],
    }),
    processors: describe(
      z.array(z.enum(PROCESSOR_IDS)).min(1).default(['face_swapper']),
      'Processors, in the order in which they run on each frame.',
      { group: 'processors' },
    ),
    ...PROCESSOR_OPTIONS.face_swapper,
    ...PROCESSOR_OPTIONS.face_enhancer,
    ...PROCESSOR_OPTIONS.frame_enhancer,
    ...PROCESSOR_OPTIONS.face_editor,
    ...PROCESSOR_OPTIONS.expression_restorer,
    ...PROCESSOR_OPTIONS.age_modifier,
    ...PROCESSOR_OPTIONS.lip_syncer,
    ...PROCESSOR_OPTIONS.frame_colorizer,
    ...PROCESSOR_OPTIONS.background_remover,
    ...PROCESSOR_OPTIONS.deep_swapper,
    ...PROCESSOR_OPTIONS.face_debugger,
    ...PROCESSOR_OPTIONS.stylizer,

    ...faceOptions,
    ...contentOptions,
    ...outputOptions,

    modelFolder: describe(
      z.string().min(1).optional(),
      'Folder of the models that you have added. Default: FACEFUSION_MODEL_FOLDER, or facefusion/models in your data folder.',
      { group: 'execution' },
    ),
    licensePolicy: describe(
      z.enum(['commercial', 'any']).default('commercial'),
      'Models to use: `commercial` those whose licence lets you sell what they make, `any` all; every output records the choice.',
      { group: 'execution' },
    ),
    executionProviders: describe(
      z.array(z.enum(EXECUTION_PROVIDER_CHOICES)).min(1).default(['cpu']),
      'Hardware to run models on, in order of preference; each must work here, and is tried first. `auto` takes the fastest that works. `facefusion doctor` lists what does.',
      { group: 'execution' },
    ),
    executionDeviceIds: describe(
      z.array(z.number().int().min(0).max(63)).min(1).default([0]),
      'Devices of a provider to run on, counted from 0; threads that work on faces take them in turn.',
      { group: 'execution' },
    ),
    preset: describe(
      z.string().min(1).optional(),
      'Values for many options at once: fast, balanced, premium, one of your own (`facefusion presets`) or a .json file. Options given beside it win.',
      { group: 'execution' },
    ),
    lite: describe(
      z.boolean().default(false),
      'Keep below 2 GB of memory, and below 4 GB of video memory: fewer threads, shorter look-ahead.',
      { group: 'execution' },
    ),
    systemMemoryLimit: describe(
      z.number().min(0).max(1024).default(0),
      'Memory that the run may use with all its processes; 0 sets no limit. A video is made with fewer threads and a shorter look-ahead to keep it; what does not fit is refused.',
      { group: 'execution', unit: 'gigabytes' },
    ),
    executionThreadCount: describe(
      z.number().int().min(1).max(32).optional(),
      'Threads that work on the frames of a video, and threads inside ONNX Runtime for a photo. Default: by the number of cores; 1 where there are two.',
      { group: 'execution' },
    ),
  })
  .strict();

/** What a caller writes: everything but the paths may be left out. */
export type ProcessOptions = z.input<typeof processOptionsSchema>;
/** What the code works with: every default filled in. */
export type ResolvedProcessOptions = Readonly<z.output<typeof processOptionsSchema>>;

/** The options' own names for flags: `sourcePaths` becomes `--source-paths`. */
export const toFlag = (name: string): string => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;

/** Options with the values of a preset where they say nothing else; they name no preset any more. */
export function withPreset(given: object, preset: object): object {
  const named = Object.entries(given).filter(([name, value]) => name !== 'preset' && value !== undefined);
  return { ...preset, ...Object.fromEntries(named) };
}

/** The same for a preset that is built in. @throws OPTION_INVALID for one that would have to be read from a file */
function withBuiltInPreset(input: unknown): unknown {
  const name = (input as { readonly preset?: unknown } | null | undefined)?.preset;
  if (typeof name !== 'string' || name === '') return input;
  if (isBuiltInPreset(name)) return withPreset(input as object, BUILT_IN_PRESETS[name]);
  throw new AppError(
    'OPTION_INVALID',
    `Expected ${Object.keys(BUILT_IN_PRESETS).join(', ')} for --preset, received ${name}.`,
    {
      details: { option: 'preset' },
    },
  );
}

/**
 * Turns unknown input into resolved options. Of presets, those that are built in are known here.
 * @throws OPTION_INVALID, OPTION_MISSING or OPTION_UNKNOWN, naming the option and what it expected
 */
export function parseProcessOptions(given: unknown): ResolvedProcessOptions {
  const input = withBuiltInPreset(given);
  const result = processOptionsSchema.safeParse(input);
  if (result.success) {
    const options = result.data;
    const { faceSelectorAgeStart: start, faceSelectorAgeEnd: end, trimFrameStart, trimFrameEnd } = options;
    if (start !== undefined && end !== undefined && end < start) {
      throw new AppError('OPTION_INVALID', `Expected face-selector-age-end of at least ${start}, received ${end}.`);
    }
    if (trimFrameStart !== undefined && trimFrameEnd !== undefined && trimFrameEnd <= trimFrameStart) {
      throw new AppError(
        'OPTION_INVALID',
        `Expected trim-frame-end above ${trimFrameStart}, received ${trimFrameEnd}.`,
      );
    }
    const problem = problemOfRanges(options);
    if (problem !== undefined) throw new AppError('OPTION_INVALID', problem, { details: { option: 'ranges' } });
    return Object.freeze(options);
  }
  const issue = result.error.issues[0]!;
  if (issue.path.length === 0 && issue.code === 'invalid_type') {
    throw new AppError(
      'OPTION_MISSING',
      `Expected an object of options, received ${input === null ? 'null' : typeof input}.`,
    );
  }
  const name = String(issue.path[0] ?? '');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    if (name === 'ranges') {
      throw new AppError(
        'OPTION_UNKNOWN',
        `A range cannot have ${key}: it is one for the whole run, or nothing at all.`,
        {
          ...didYouMean(key, issue.path.includes('options') ? RANGE_OPTIONS : Object.keys(rangeSchema.shape)),
          details: { option: 'ranges' },
        },
      );
    }
    throw new AppError('OPTION_UNKNOWN', `There is no option ${toFlag(key)}.`, {
      ...didYouMean(key, Object.keys(processOptionsSchema.shape)),
      details: { option: key },
    });
  }
  const missing = issue.code === 'invalid_type' && (input as Record<string, unknown>)?.[name] === undefined;
  if (missing) {
    throw new AppError('OPTION_MISSING', `Expected ${toFlag(name)}, received nothing.`, { details: { option: name } });
  }
  throw new AppError('OPTION_INVALID', `${toFlag(name)}: ${issue.message}.`, {
    ...(issue.code === 'invalid_value' ? didYouMean(valueAt(input, issue.path), issue.values.map(String)) : {}),
    details: { option: name },
  });
}

/** What lies at a path of the input. */
const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);

function didYouMean(typed: unknown, words: readonly string[]): { hint?: string } {
  const near = typeof typed === 'string' ? closest(typed, words) : undefined;
  return near === undefined ? {} : { hint: `Did you mean ${near}?` };
}
