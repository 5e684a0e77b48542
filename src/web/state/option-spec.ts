/** Options of a run as a form needs them, out of the JSON Schema that the service gives. */

export interface OptionSpec {
  readonly name: string;
  /** As `face mask`. */
  readonly group: string;
  /** One line of help. */
  readonly help: string;
  readonly unit: string | undefined;
  /** Undefined: the service finds a value by itself. */
  readonly fallback: unknown;
  readonly value: OptionValue;
  /** True where a part of a video may have its own. */
  readonly isRanged: boolean;
}

/** What it takes. */
export type OptionValue =
  | { readonly kind: 'switch' }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly step: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'model'; readonly task: string; readonly embedded: readonly string[] }
  | { readonly kind: 'choices'; readonly choices: readonly string[] }
  | { readonly kind: 'numbers'; readonly min: number; readonly max: number; readonly atMost: number }
  | { readonly kind: 'words' }
  | { readonly kind: 'text' };

type Json = Readonly<Record<string, unknown>>;

/** Have a place of their own: preset rows, and the handles of the timeline. */
const ELSEWHERE = ['preset', 'trimFrameStart', 'trimFrameEnd'];

interface Catalogue {
  readonly processors: readonly { readonly options: Json }[];
  readonly options: Json;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
const words = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** What most people look for comes first; then processors, then the others. */
const FIRST_GROUPS = ['face swapper', 'face mask', 'face selector', 'face analysis', 'face tracker'];

/** Each group in one piece. */
export function readOptions({ processors, options }: Catalogue): readonly OptionSpec[] {
  const specs = [...processors.map((one) => one.options), options].flatMap((schema) =>
    Object.entries(isObject(schema.properties) ? schema.properties : {}).flatMap(([name, property]) =>
      isObject(property) && !ELSEWHERE.includes(name) ? [readOption(name, property)] : [],
    ),
  );
  const groups = [...new Set([...FIRST_GROUPS, ...specs.map(({ group }) => group)])];
  return groups.flatMap((group) => specs.filter((spec) => spec.group === group));
}

export const readOption = (name: string, schema: Json): OptionSpec => ({
  name,
  group: text(schema['x-group']),
  // The default stands beside it.
  help: text(schema.description).replace(/ Default: [^.]*\.\d*[^.]*\.$| Default: .*\.$/, ''),
  unit: typeof schema['x-unit'] === 'string' ? schema['x-unit'] : undefined,
  fallback: schema['x-default'],
  value: readValue(schema),
  isRanged: schema['x-ranged'] === true,
});

/** Where a schema names no bounds. */
const WIDEST = Number.MAX_SAFE_INTEGER;

function readValue(schema: Json): OptionValue {
  const model = schema['x-model'];
  if (isObject(model) && schema.type === 'string') {
    return { kind: 'model', task: text(model.task), embedded: words(model.embedded) };
  }
  const choices = words(schema.enum);
  if (choices.length > 0) return { kind: 'choice', choices };
  if (schema.type === 'boolean') return { kind: 'switch' };
  if (schema.type === 'integer' || schema.type === 'number') {
    const [min, max] = [number(schema.minimum, 0), number(schema.maximum, WIDEST)];
    const fine = max - min <= 2 ? 0.05 : max - min > 100 ? 1 : 0.5;
    return { kind: 'number', min, max, step: schema.type === 'integer' ? 1 : number(schema.multipleOf, fine) };
  }
  if (schema.type !== 'array' || !isObject(schema.items)) return { kind: 'text' };
  const each = words(schema.items.enum);
  if (each.length > 0) return { kind: 'choices', choices: each };
  if (schema.items.type === 'string') return { kind: 'words' };
  return {
    kind: 'numbers',
    min: number(schema.items.minimum, 0),
    max: number(schema.items.maximum, WIDEST),
    atMost: number(schema.maxItems, 8),
  };
}

/**
 * @returns what the option takes, where the value is none of it, the same in all languages; the service has the last word, as on models
 */
export function expectedInstead({ value: takes }: Pick<OptionSpec, 'value'>, value: unknown): string | undefined {
  const isBetween = (one: unknown, min: number, max: number): boolean =>
    typeof one === 'number' && one >= min && one <= max;
  const isOneOf = (one: unknown, choices: readonly string[]): boolean => choices.some((choice) => choice === one);
  const between = (min: number, max: number): string => (max === WIDEST ? `≥ ${min}` : `${min} – ${max}`);
  switch (takes.kind) {
    case 'switch':
      return typeof value === 'boolean' ? undefined : 'true, false';
    case 'number':
      return isBetween(value, takes.min, takes.max) ? undefined : between(takes.min, takes.max);
    case 'choice':
      return isOneOf(value, takes.choices) ? undefined : takes.choices.join(', ');
    case 'choices':
      return Array.isArray(value) && value.every((one) => isOneOf(one, takes.choices))
        ? undefined
        : `[${takes.choices.join(', ')}]`;
    case 'numbers':
      return Array.isArray(value) && value.every((one) => isBetween(one, takes.min, takes.max))
        ? undefined
        : `[${between(takes.min, takes.max)}, …]`;
    default:
      return undefined;
  }
}

/** `faceEnhancerBlend` of the group `face enhancer` is called Blend. */
export function labelOf({ name, group }: Pick<OptionSpec, 'name' | 'group'>): string {
  const spoken = name
    .replace(/([A-Z])/g, ' $1')
    .toLowerCase()
    .trim();
  const short = spoken.startsWith(`${group} `) ? spoken.slice(group.length + 1) : spoken;
  return capital(short);
}

export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
