/** Settings of parts of a video: what differs there from the run as a whole. */
import { z } from 'zod';
import { faceOptions } from './face-options.ts';
import { PROCESSOR_IDS, PROCESSOR_OPTIONS, type ProcessorId } from './processor-options/processor-options.ts';

/** They change the size of frames, or what of them is transparent: a video has one of each from its first frame on. */
const WHOLE_VIDEO = ['frame_enhancer', 'background_remover'] as const satisfies readonly ProcessorId[];

/** Options that a range may set: those of processors and masks. How faces are found and followed is one for all frames. */
const ranged = (): Readonly<Record<string, z.ZodType>> => {
  const ofProcessors = Object.entries(PROCESSOR_OPTIONS)
    .filter(([id]) => !(WHOLE_VIDEO as readonly string[]).includes(id))
    .flatMap(([, own]) => Object.entries<z.ZodType>(own));
  const ofMasks = Object.entries<z.ZodType>(faceOptions).filter(([, schema]) => schema.meta()?.group === 'face mask');
  return Object.fromEntries([...ofProcessors, ...ofMasks].filter(([name]) => name !== 'stylizerLut'));
};

/** Left out means as in the run, not as in the default. */
const withoutDefault = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodDefault || schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;

const RANGED = ranged();

/** Names of the options that a range may set. */
export const RANGE_OPTIONS: readonly string[] = Object.keys(RANGED);

/** Options of masks, which any processor of faces may read. */
export const MASK_OPTIONS: readonly string[] = Object.entries<z.ZodType>(faceOptions).flatMap(([name, schema]) =>
  schema.meta()?.group === 'face mask' ? [name] : [],
);

export const rangeOptionsSchema = z.strictObject(
  Object.fromEntries(Object.entries(RANGED).map(([name, schema]) => [name, withoutDefault(schema).optional()])),
);

/** What a range says beside whom it gives which face. */
export const rangeFields = {
  start: z.number().int().min(0).describe('First frame of the target, counted from 0.'),
  end: z.number().int().min(1).describe('Frame of the target before which it ends.'),
  off: z.boolean().optional().describe('true: frames stay as they are.'),
  processors: z
    .array(z.enum(PROCESSOR_IDS))
    .min(1)
    .max(PROCESSOR_IDS.length)
    .optional()
    .describe('Processors in the place of those of the run.'),
  options: rangeOptionsSchema.optional().describe('Options of processors and masks that differ from those of the run.'),
} as const;

export const rangeSchema = z.strictObject({
  ...rangeFields,
  map: z.array(z.string().min(3)).optional().describe('As `map` of the run, for persons who get another face here.'),
});
export type RunRange = Readonly<z.output<typeof rangeSchema>>;

/** What ranges are told from. */
interface Ranged {
  readonly ranges: readonly RunRange[];
  readonly processors: readonly ProcessorId[];
}

/**
 * What is wrong with the ranges of a run, in words.
 * @returns undefined where nothing is
 */
export function problemOfRanges({ ranges, processors }: Ranged): string | undefined {
  let last = 0;
  for (const { start, end } of inOrder(ranges)) {
    if (end <= start) return `Expected an end above ${start} for the range that begins there, received ${end}.`;
    if (start < last) return `Expected ranges that do not overlap, received one from ${start} and one up to ${last}.`;
    last = end;
  }
  for (const range of ranges) {
    const missing = WHOLE_VIDEO.find(
      (id) => range.processors && processors.includes(id) !== range.processors.includes(id),
    );
    if (missing) return `Expected ${missing} in the whole run or in no range: it changes what all frames are.`;
  }
  return undefined;
}

/** Ranges by their first frame. */
export const inOrder = (ranges: readonly RunRange[]): readonly RunRange[] =>
  ranges.toSorted((a, b) => a.start - b.start);

/** A stretch of frames with the options that count there; its own `ranges` are none. */
export interface RangeRun<O> {
  readonly start: number;
  readonly end: number;
  readonly options: O;
  /** Whom the range gives another face, as it says it. */
  readonly map: readonly string[];
}

/** The options that count in each range, in order. */
export function rangeRuns<O extends Ranged>(options: O): readonly RangeRun<O>[] {
  return inOrder(options.ranges).map(({ start, end, off, processors, options: own = {}, map = [] }) => ({
    ...{ start, end, map },
    options: {
      ...options,
      ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
      processors: off
        ? options.processors.filter((id) => (WHOLE_VIDEO as readonly string[]).includes(id))
        : (processors ?? options.processors),
      ranges: [],
    },
  }));
}

/** Every processor of a run, those of its ranges included: those of the whole run first. */
export const processorsOf = ({ processors, ranges }: Ranged): readonly ProcessorId[] => [
  ...new Set([...processors, ...ranges.flatMap((range) => (range.off ? [] : (range.processors ?? [])))]),
];
