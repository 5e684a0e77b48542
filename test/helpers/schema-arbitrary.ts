/** Values that a JSON Schema takes, values that it nearly takes, and anything at all: for fast-check. */
import fc from 'fast-check';

/** As much of JSON Schema 2020-12 as zod writes. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly examples?: readonly unknown[];
}

export type Schemas = Readonly<Record<string, JsonSchema>>;

/** Texts that have broken services: paths, ends of strings, other scripts, what looks like code. */
export const NASTY_TEXTS: readonly string[] = [
  ...['', ' ', '.', '..', '../../../etc/passwd', '..\\..\\windows', '/etc/passwd', 'C:\\boot.ini', '%2e%2e%2f', '%'],
  ...['\0', 'a\0b', '\r\nset-cookie: a=b', '\u202egpj.exe', '\ufeff', '\ud800', '👩‍👩‍👧', 'ﷺ'.repeat(50), 'ı', 'ß'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '#{7*7}',
    '{{7*7}}',
    "' OR 1=1 --",
    '"; DROP TABLE job;',
  ],
  ...['<script>alert(1)</script>', '$(id)', '`id`', '| id', '-rf', '--help', 'null', 'undefined', 'NaN', 'Infinity'],
  ...['-1', '0', '9007199254740993', '1e999', '0x10', '*', '?', '#', '&', 'a'.repeat(5000), 'file:///etc/passwd'],
];

export const nastyText = (): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom(...NASTY_TEXTS), fc.string({ unit: 'binary' }), fc.string());

/** Any JSON, with keys that are traps. */
export const anyJson = (): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.jsonValue(),
    nastyText(),
    fc.dictionary(
      fc.oneof(fc.constantFrom('__proto__', 'constructor', 'target', 'sources', 'options'), fc.string()),
      fc.jsonValue(),
    ),
  );

/** Values that a schema takes; those that it shows as examples are among them. */
export function fromSchema(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<unknown> {
  const { examples = [] } = schema;
  const any = fromType(schema, schemas);
  return examples.length === 0 ? any : fc.oneof({ weight: 3, arbitrary: any }, fc.constantFrom(...examples));
}

function fromType(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<unknown> {
  const { $ref, anyOf, oneOf, allOf, type } = schema;
  if ($ref !== undefined) return fromSchema(schemas[$ref.split('/').at(-1) ?? ''] ?? {}, schemas);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = anyOf ?? oneOf;
  if (choices) return fc.oneof(...choices.map((one) => fromSchema(one, schemas)));
  if (allOf?.[0]) return fromSchema(allOf[0], schemas);
  switch (typeof type === 'string' ? type : type?.[0]) {
    case 'string':
      return fromText(schema);
    case 'integer':
    case 'number':
      return fromNumber(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array': {
      const { items = {}, minItems = 0, maxItems = 5 } = schema;
      return fc.array(fromSchema(items, schemas), { minLength: minItems, maxLength: Math.min(maxItems, minItems + 4) });
    }
    case 'object':
      return fromObject(schema, schemas);
    default:
      return anyJson();
  }
}

function fromText({ pattern, format, minLength = 0, maxLength = 200 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uri') return fc.webUrl();
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'date') return fc.constantFrom('2026-11-29', '1970-01-01', '9999-12-31');
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 60) });
}

function fromNumber(schema: JsonSchema): fc.Arbitrary<number> {
  const { type, exclusiveMinimum, exclusiveMaximum } = schema;
  const min = schema.minimum ?? exclusiveMinimum ?? -1e6;
  const max = schema.maximum ?? exclusiveMaximum ?? Math.max(1e6, min);
  return type === 'integer'
    ? fc.integer({ min: Math.ceil(min), max: Math.floor(Math.min(max, Number.MAX_SAFE_INTEGER)) })
    : fc.double({ min, max, noNaN: true, noDefaultInfinity: true });
}

function fromObject(schema: JsonSchema, schemas: Schemas): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  const known = fc.record(
    Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, fromSchema(one, schemas)])),
    { requiredKeys: [...required] },
  ) as fc.Arbitrary<Record<string, unknown>>;
  // Of many options a few at a time: all at once are refused for the first that does not fit.
  const few = fc.tuple(known, fc.nat({ max: 4 })).map(([value, count]) => {
    const optional = Object.keys(value).filter((name) => !required.includes(name));
    const left = new Set([...required, ...optional.slice(0, count)]);
    return Object.fromEntries(Object.entries(value).filter(([name]) => left.has(name)));
  });
  if (typeof additionalProperties !== 'object') return Object.keys(properties).length > 12 ? few : known;
  const key = propertyNames
    ? (fromSchema(propertyNames, schemas) as fc.Arbitrary<string>)
    : fc.string({ maxLength: 20 });
  return fc.dictionary(key, fromSchema(additionalProperties, schemas), { maxKeys: 4 });
}

/** A value with one thing changed: a key taken away, one too many, or something else in its place. */
export const nearly = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(valid, fc.nat(), fc.constantFrom('remove', 'add', 'replace', 'nest'), anyJson())
    .map(([value, at, how, other]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return other;
      const entries = Object.entries(value);
      const [name] = entries[at % Math.max(1, entries.length)] ?? ['x'];
      switch (how) {
        case 'remove':
          return Object.fromEntries(entries.filter(([key]) => key !== name));
        case 'add':
          return { ...value, [`${name}X`]: other };
        case 'nest':
          return { ...value, [name]: { [name]: (value as Record<string, unknown>)[name] } };
        default:
          return { ...value, [name]: other };
      }
    });
