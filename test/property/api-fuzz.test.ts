/** The OpenAPI document drives requests of every kind at every address. */
import { readFileSync } from 'node:fs';
import { text as textOf } from 'node:stream/consumers';
import fc from 'fast-check';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { samplePhotoPath } from '../helpers/sample-media.ts';
import { anyJson, fromSchema, type JsonSchema, nastyText, nearly, type Schemas } from '../helpers/schema-arbitrary.ts';
import { openService, type TestService } from '../helpers/service.ts';

/** Requests at each address, of each kind. */
const RUNS = 20;
/** Each of these tries the hardware of the machine, or reads the audit log as a whole. */
const SLOW: readonly string[] = ['/v1/system', '/v1/audit'];
const SLOW_RUNS = 4;
/** What may come although nothing is wrong with the service: nobody works here, and hardware and storages differ. */
const DOCUMENTED: readonly number[] = [501, 503];
const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: JsonSchema;
}

interface Operation {
  readonly operationId?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}

interface Route extends Operation {
  readonly method: (typeof METHODS)[number];
  readonly path: string;
}

let service: TestService;
let key: string;
let routes: readonly Route[];
let schemas: Schemas;
/** Ids of this tenant, and of another. */
const own: string[] = [];
const ownAssets: string[] = [];
const foreign: string[] = [];
const FOREIGN_NAME = 'nobody-elses-party';

async function seed(text: string, fileName: string, ids: string[]): Promise<void> {
  for (const photo of [1, 2]) {
    const form = new FormData();
    form.append('file', new Blob([readFileSync(samplePhotoPath(photo))]), `${fileName}.jpg`);
    const asset = (await (await service.call(text, '/v1/assets', { method: 'POST', body: form })).json()) as {
      id: string;
    };
    const body = JSON.stringify({ sources: [asset.id], target: asset.id, labels: { name: fileName } });
    const headers = { 'content-type': 'application/json' };
    const made = await service.call(text, '/v1/jobs', { method: 'POST', body, headers });
    expect([200, 201]).toContain(made.status);
    const job = (await made.json()) as { id: string };
    // Its stream of events ends.
    await service.call(text, `/v1/jobs/${job.id}/cancel`, { method: 'POST' });
    ids.push(asset.id, job.id);
  }
  const headers = { 'tus-resumable': '1.0.0', 'upload-length': '10' };
  const upload = await service.call(text, '/v1/uploads', { method: 'POST', headers });
  ids.push(String(upload.headers.get('location')?.split('/').at(-1)));
}

beforeAll(async () => {
  service = await openService({ auth: { required: true }, requestsPerMinute: 0 }, { lookSeconds: 0.05 });
  key = await service.key({ scopes: ['admin'] });
  await seed(key, 'mine', own);
  ownAssets.push(...own.filter((id) => id.startsWith('asset_')));
  await seed(await service.key({ tenant: 'others' }), FOREIGN_NAME, foreign);
  const document = (await service.app.inject('/openapi.json')).json() as {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Schemas };
  };
  schemas = document.components.schemas;
  routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    METHODS.flatMap((method) => (operations[method] ? [{ ...operations[method], method, path }] : [])),
  );
  // What takes things away comes last.
  const rank = ({ method }: Route): number => Number(method === 'delete');
  routes = [...routes].sort((a, b) => rank(a) - rank(b));
});
afterAll(() => service[Symbol.asyncDispose]());

/** Ids in texts of a request: sometimes one that is there, sometimes another's. */
const withIds = (value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(value, fc.infiniteStream(fc.constantFrom(...ownAssets, ...ownAssets, ...ownAssets, ...foreign, ...own)))
    .map(([given, ids]) => {
      const replace = (one: unknown, name = ''): unknown => {
        if (Array.isArray(one)) return one.map((inner) => replace(inner, name));
        if (typeof one === 'object' && one !== null) {
          return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, replace(inner, key)]));
        }
        return typeof one === 'string' && (name === 'target' || name === 'sources') ? ids.next().value : one;
      };
      return replace(given);
    });

const text = (schema: JsonSchema): fc.Arbitrary<string> =>
  fc.oneof(
    fromSchema(schema, schemas).map((value) => String(value)),
    nastyText(),
  );

const ids = (): fc.Arbitrary<string> =>
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...own) }, fc.constantFrom(...foreign), nastyText());

const headerText = (): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom('*', 'bytes=0-', 'bytes=5-2', 'bytes=-0', 'bytes=0-1,3-4', '0', '-1', '1', '1.0.0', '"x"', 'W/"'),
    fc.string(),
  );

const EXTRA_HEADERS = [
  ...[
    'range',
    'if-range',
    'if-none-match',
    'if-match',
    'accept',
    'accept-encoding',
    'last-event-id',
    'idempotency-key',
  ],
  ...['tus-resumable', 'upload-length', 'upload-offset', 'upload-metadata', 'upload-concat', 'upload-defer-length'],
  ...['x-http-method-override', 'x-forwarded-host', 'forwarded', 'content-encoding', 'expect', 'te', 'origin'],
];

const CONTENT_TYPES = [
  ...['application/json', 'application/json; charset=utf-8', 'application/offset+octet-stream', 'text/plain', ''],
  ...[
    'multipart/form-data',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'a/b;c="',
    '\u0000',
  ],
];

/** A request of a route. `valid`, `nearly` and `garbage` say what its body and query are. */
function requestOf(route: Route, kind: 'valid' | 'nearly' | 'garbage'): fc.Arbitrary<InjectOptions> {
  const { parameters = [], requestBody, method, path } = route;
  const inPath = parameters.filter((one) => one.in === 'path');
  const inQuery = parameters.filter((one) => one.in === 'query');
  const inHeader = parameters.filter((one) => one.in === 'header');
  const pathValues = fc.tuple(
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) =>
      name === 'id' ? ids() : text(inPath.find((one) => one.name === name)?.schema ?? { type: 'string' }),
    ),
  );
  const query = fc.record(
    Object.fromEntries(
      inQuery.map(({ name, schema }) => [
        name,
        kind === 'valid' ? fromSchema(schema, schemas).map(String) : text(schema),
      ]),
    ),
    { requiredKeys: [] },
  );
  const [contentType, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const valid = content ? withIds(fromSchema(content.schema, schemas)) : fc.constant(undefined);
  const body = { valid, nearly: withIds(nearly(valid)), garbage: anyJson() }[kind];
  const headers = fc.record(
    {
      ...Object.fromEntries(inHeader.map(({ name, schema }) => [name, fromSchema(schema, schemas).map(String)])),
      ...(kind === 'garbage' ? Object.fromEntries(EXTRA_HEADERS.map((name) => [name, headerText()])) : {}),
    },
    { requiredKeys: [] },
  );
  const type =
    kind === 'garbage'
      ? fc.constantFrom(...CONTENT_TYPES)
      : fc.constant(contentType ?? (method === 'get' ? '' : 'application/json'));
  return fc.tuple(pathValues, query, body, headers, type).map(([values, search, payload, given, type]) => {
    let at = 0;
    const url = path.replace(/\{\w+\}/g, () => encode(values[at++] ?? 'x'));
    const words = Object.entries(search).map(([name, value]) => `${name}=${encode(String(value))}`);
    const isMultipart = type === 'multipart/form-data' && kind !== 'garbage';
    const hasBody = payload !== undefined && !['get', 'head'].includes(method);
    return {
      method: method.toUpperCase() as 'GET',
      url: words.length === 0 ? url : `${url}?${words.join('&')}`,
      headers: {
        ...given,
        ...(isMultipart
          ? { 'content-type': 'multipart/form-data; boundary=fuzz' }
          : type === ''
            ? {}
            : { 'content-type': type }),
      },
      ...(hasBody ? { payload: isMultipart ? form(payload) : (JSON.stringify(payload) ?? 'undefined') } : {}),
    };
  });
}

const form = (payload: unknown): string =>
  `--fuzz\r\ncontent-disposition: form-data; name="file"; filename="../a\u0000.jpg"\r\n\r\n${JSON.stringify(payload)}\r\n--fuzz--\r\n`;

/** What cannot be encoded goes as it is. */
function encode(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return '%ed%a0%80';
  }
}

interface Answer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

async function send(request: InjectOptions, credentials: Readonly<Record<string, string>>): Promise<Answer> {
  const answer = await service.app.inject({
    ...request,
    headers: { ...request.headers, host: 'localhost', ...credentials },
    payloadAsStream: true,
  });
  const { statusCode, headers } = answer;
  // Streams of events go on: what they begin with is enough.
  const isEndless = statusCode === 200 && headers['content-type'] === 'text/event-stream';
  const stream = answer.stream();
  if (isEndless) stream.destroy();
  return { statusCode, headers, body: isEndless ? '' : await textOf(stream) };
}

const STACK = /\n\s+at |node_modules|\.ts:\d+/;

/** @returns its code, where it is an error */
function checkAnswer(answer: Answer, isHead: boolean): string | undefined {
  const { statusCode, headers, body } = answer;
  if (statusCode >= 500) expect(DOCUMENTED, body).toContain(statusCode);
  expect(body).not.toContain(FOREIGN_NAME);
  expect(String(headers['set-cookie'] ?? '')).toBe('');
  if (statusCode < 400) return undefined;
  expect(headers['content-type'], body).toMatch(/^application\/problem\+json/);
  if (isHead) return undefined;
  expect(body).not.toMatch(STACK);
  expect(body).not.toContain(process.cwd());
  const problem = JSON.parse(body) as Record<string, unknown>;
  expect(problem).toMatchObject({
    status: statusCode,
    title: expect.any(String),
    type: expect.stringMatching(/^urn:/),
  });
  expect(problem.code).toMatch(/^[A-Z_]+$/);
  expect(problem.code).not.toBe('INTERNAL');
  return String(problem.code);
}

describe('every address', () => {
  it('answers anything with what is described, or with a problem', { timeout: 120_000 }, async () => {
    expect(routes.length).toBeGreaterThan(30);
    const seen = new Map<string, number>();
    for (const route of routes) {
      for (const kind of ['valid', 'nearly', 'garbage'] as const) {
        const property = fc.asyncProperty(requestOf(route, kind), async (request) => {
          const answer = await send(request, { authorization: `Bearer ${key}` });
          const code = checkAnswer(answer, route.method === 'head') ?? String(answer.statusCode);
          expect(code).not.toBe('UNAUTHENTICATED');
          seen.set(code, (seen.get(code) ?? 0) + 1);
        });
        await fc
          .assert(property, { numRuns: SLOW.includes(route.path) ? SLOW_RUNS : RUNS, endOnFailure: true })
          .catch((error: unknown) => {
            throw new Error(`${route.method} ${route.path}, ${kind}: ${error}`, { cause: error });
          });
      }
    }
    // It went deep enough to be of use.
    for (const code of ['200', '204', 'REQUEST_INVALID', 'NOT_FOUND', 'JOB_NOT_FOUND', 'OVERLOADED']) {
      expect(seen.get(code) ?? 0, code).toBeGreaterThan(0);
    }
  });

  it('takes the examples that it shows', async () => {
    const photos = (schemas.JobRequest?.examples ?? []).filter((example) => Object(example).output === undefined);
    expect(photos.length).toBeGreaterThan(0);
    const [target] = ownAssets;
    // What takes things away has been here: it is uploaded again where it is gone.
    await seed(key, 'mine', []);
    for (const example of photos) {
      const payload = { ...Object(example), sources: [target], target };
      const answer = await send({ method: 'POST', url: '/v1/jobs', payload }, { authorization: `Bearer ${key}` });
      expect([200, 201], answer.body).toContain(answer.statusCode);
    }
  });

  it('answers nobody without a key', async () => {
    const closed = routes.filter(({ security = [] }) => security.length > 0);
    expect(closed.length).toBeGreaterThan(25);
    for (const route of closed) {
      const property = fc.asyncProperty(
        requestOf(route, 'garbage'),
        fc.constantFrom({}, { authorization: 'Bearer ' }, { authorization: 'Basic eDp5' }, { 'x-api-key': 'ff_a_b' }),
        async (request, credentials: Readonly<Record<string, string>>) => {
          const answer = await send(request, credentials);
          const code = checkAnswer(answer, route.method === 'head');
          if (route.method === 'head') expect(answer.statusCode).toBeGreaterThanOrEqual(400);
          // An address that is none is told so; too many tries are told to wait.
          else expect(['UNAUTHENTICATED', 'RATE_LIMITED', 'REQUEST_INVALID', 'NOT_FOUND']).toContain(code);
        },
      );
      await fc.assert(property, { numRuns: 10, endOnFailure: true });
    }
  });
});
