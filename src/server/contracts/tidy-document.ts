/** Makes the document that the framework gives nicer to read, and to make clients from. */

type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const REFERENCE = '#/components/schemas/';
/** What the framework calls a schema as it is sent. */
const INPUT = /Input$/;

/** Tags in the order of the reference page, each with what is behind it. */
export const TAGS: readonly { readonly name: string; readonly description: string }[] = [
  { name: 'assets', description: 'Photos, videos and sounds that were uploaded.' },
  { name: 'uploads', description: 'Uploads that can be broken off and continued: tus 1.0.' },
  { name: 'jobs', description: 'Work that waits for a worker, its events and outputs.' },
  { name: 'projects', description: 'What pages keep: documents of their own, and the uploads that they name.' },
  { name: 'looks', description: 'Answers that you wait for: faces, people, a preview, a verdict.' },
  { name: 'live', description: 'A camera that is worked on while somebody looks.' },
  { name: 'catalogue', description: 'What there is to choose from.' },
  { name: 'callbacks', description: 'Ends of jobs as they were told to you.' },
  { name: 'operation', description: 'Audit, usage and what the service stands on.' },
  { name: 'service', description: 'For whoever watches over the service.' },
];

/**
 * - a schema that is only sent, or sent as it is got, has its plain name
 * - `HEAD` has an id of its own
 * - the rest of an address is called `name`
 */
export function tidyDocument<T extends object>(document: T): T {
  const { components, paths } = document as { readonly components?: unknown; readonly paths?: unknown };
  const schemas = isObject(components) && isObject(components.schemas) ? components.schemas : {};
  const names = new Map<string, string>();
  for (const [name, schema] of Object.entries(schemas)) {
    const plain = name.replace(INPUT, '');
    const twin = schemas[plain];
    const isAlike = twin === undefined || JSON.stringify(twin) === JSON.stringify(schema).replaceAll('Input"', '"');
    if (plain !== name && isAlike) names.set(name, plain);
  }
  const rename = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rename);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string' && inner.startsWith(REFERENCE)
          ? REFERENCE + (names.get(inner.slice(REFERENCE.length)) ?? inner.slice(REFERENCE.length))
          : rename(inner),
      ]),
    );
  };
  const kept = Object.entries(schemas).map(([name, schema]) => [names.get(name) ?? name, rename(schema)] as const);
  const tidyPaths = Object.entries(isObject(paths) ? paths : {}).map(([path, methods]) => [
    path.replace('{*}', '{name}'),
    isObject(methods) ? tidyMethods(methods, rename) : methods,
  ]);
  return {
    ...document,
    components: { ...Object(components), schemas: Object.fromEntries(kept.sort(([a], [b]) => a.localeCompare(b))) },
    paths: Object.fromEntries(tidyPaths),
  };
}

function tidyMethods(methods: JsonObject, rename: (value: unknown) => unknown): JsonObject {
  const get = isObject(methods.get) ? methods.get.operationId : undefined;
  return Object.fromEntries(
    Object.entries(methods).map(([method, given]) => {
      const operation = rename(given);
      if (!isObject(operation)) return [method, given];
      const { operationId, parameters, responses } = operation;
      const isTwin = method === 'head' && operationId === get && typeof operationId === 'string';
      return [
        method,
        {
          ...operation,
          ...(isTwin ? { operationId: operationId.replace(/^get/, 'head') } : {}),
          ...(Array.isArray(parameters) ? { parameters: parameters.map(tidyParameter) } : {}),
          ...(isObject(responses) ? { responses: tidyAnswers(responses) } : {}),
        },
      ];
    }),
  );
}

const tidyParameter = (parameter: Json): Json =>
  isObject(parameter) && parameter.name === '*' ? { ...parameter, name: 'name' } : parameter;

/** The framework has a word for answers without one that says nothing. */
const tidyAnswers = (responses: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(responses).map(([status, answer]) => [
      status,
      isObject(answer) && answer.description === 'Default Response' ? { ...answer, description: 'Done.' } : answer,
    ]),
  );
