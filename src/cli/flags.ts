import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { ModelChoice, OptionMeta } from '../core/option-meta.ts';
import { processOptionsSchema, toFlag } from '../core/options.ts';
import { closest } from '../core/suggest.ts';

/** One option of a run as the command line shows it. Everything here derives from the schema. */
export interface Flag {
  /** The name in the library: `faceMaskBlur`. */
  readonly name: string;
  /** `--face-mask-blur` */
  readonly long: string;
  /** `-s`, where there is one. */
  readonly short: string | undefined;
  /** Further long spellings: `--source`. */
  readonly aliases: readonly string[];
  readonly group: OptionMeta['group'];
  readonly description: string;
  /** `json`: an object, written as JSON. */
  readonly kind: 'text' | 'number' | 'integer' | 'boolean' | 'json';
  /** True where several values may follow. */
  readonly isList: boolean;
  readonly choices: readonly string[] | undefined;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly unit: string | undefined;
  readonly placeholder: string | undefined;
  /** Set where the value names a model. */
  readonly model: ModelChoice | undefined;
  readonly defaultValue: unknown;
  readonly isRequired: boolean;
}

/** The part of JSON Schema that our options use. */
const propertySchema = z.object({
  type: z.string(),
  description: z.string(),
  group: z.string(),
  aliases: z.array(z.string()).default([]),
  unit: z.string().optional(),
  placeholder: z.string().optional(),
  model: z
    .object({
      task: z.string(),
      embedded: z.array(z.string()),
      sets: z.record(z.string(), z.array(z.string())).exactOptional(),
    })
    .optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  items: z
    .object({
      type: z.string(),
      enum: z.array(z.string()).optional(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
    })
    .optional(),
});

const KINDS: Readonly<Record<string, Flag['kind']>> = {
  string: 'text',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  object: 'json',
};

/** JSON Schema writes "no upper bound" as the largest safe integer. */
const bound = (value: number | undefined): number | undefined =>
  value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;

function toFlagOf(name: string, raw: unknown, isRequired: boolean): Flag {
  const property = propertySchema.parse(raw);
  const value = property.items ?? property;
  return {
    name,
    long: toFlag(name),
    short: property.aliases.find((alias) => !alias.startsWith('--')),
    aliases: property.aliases.filter((alias) => alias.startsWith('--')),
    group: property.group as OptionMeta['group'],
    description: property.description,
    kind: KINDS[value.type]!,
    isList: property.items !== undefined,
    choices: value.enum,
    minimum: bound(value.minimum),
    maximum: bound(value.maximum),
    unit: property.unit,
    placeholder: property.placeholder,
    model: property.model,
    defaultValue: property.default,
    isRequired,
  };
}

/** Every option of a run, in the order of the schema. */
export function listFlags(): readonly Flag[] {
  const schema = z.toJSONSchema(processOptionsSchema, { io: 'input' });
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).map(([name, raw]) => toFlagOf(name, raw, required.has(name)));
}

/** The values a flag takes, in words: `0..1`, `mesh | other`, `0 or more, frames`; empty for free text. */
export function describeRange(flag: Flag): string {
  if (flag.kind === 'boolean') return '';
  if (flag.choices) return flag.choices.join(' | ');
  if (flag.model) return describeModels(flag.model);
  if (flag.kind === 'text' || flag.kind === 'json') return '';
  const { minimum, maximum } = flag;
  let range = 'any number';
  if (minimum !== undefined && maximum !== undefined) range = `${minimum}..${maximum}`;
  else if (minimum !== undefined) range = `${minimum} or more`;
  else if (maximum !== undefined) range = `up to ${maximum}`;
  return flag.unit ? `${range} ${flag.unit}` : range;
}

/** What is built in, sets of several models, and where the others are listed. */
function describeModels({ task, embedded, sets = {} }: ModelChoice): string {
  const published = `a model of: facefusion models list --task ${task}`;
  return [...embedded, ...Object.keys(sets), published].join(' | ');
}

/** The default in words, as one would type it; `undefined` where there is none. */
export function describeDefault(flag: Flag): string | undefined {
  if (flag.defaultValue === undefined || flag.kind === 'boolean') return undefined;
  const text = Array.isArray(flag.defaultValue) ? flag.defaultValue.join(' ') : String(flag.defaultValue);
  return text === '' ? undefined : text;
}

/**
 * Turns one word of the command line into the value of a flag.
 * @throws OPTION_INVALID with what was expected, what came and, for a choice, the nearest one
 */
export function parseFlagValue(flag: Flag, text: string): unknown {
  if (flag.choices) {
    if (flag.choices.includes(text)) return text;
    const near = closest(text, flag.choices);
    throw new AppError('OPTION_INVALID', `Expected ${describeRange(flag)} for ${flag.long}, received ${text}.`, {
      ...(near === undefined ? {} : { hint: `Did you mean ${near}?` }),
      details: { option: flag.name },
    });
  }
  if (flag.kind === 'text') {
    if (text !== '') return text;
    throw new AppError('OPTION_INVALID', `Expected a path for ${flag.long}, received an empty text.`, {
      details: { option: flag.name },
    });
  }
  if (flag.kind === 'json') return parseJson(flag, text);
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const isInside =
    Number.isFinite(value) &&
    value >= (flag.minimum ?? Number.NEGATIVE_INFINITY) &&
    value <= (flag.maximum ?? Number.POSITIVE_INFINITY) &&
    (flag.kind !== 'integer' || Number.isInteger(value));
  if (isInside) return value;
  const what = flag.kind === 'integer' ? 'a whole number, ' : '';
  throw new AppError('OPTION_INVALID', `Expected ${what}${describeRange(flag)} for ${flag.long}, received ${text}.`, {
    details: { option: flag.name },
  });
}

function parseJson(flag: Flag, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('OPTION_INVALID', `Expected JSON for ${flag.long}, received ${text}.`, {
      hint: `As in ${flag.long} '{"start":120,"end":300,"off":true}', with the quotes around it.`,
      details: { option: flag.name },
      cause,
    });
  }
}
