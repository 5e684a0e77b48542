/** What is around the routes: who may call, how often, and what is answered to everything else. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { listAudit } from '../../src/runner/audit-log.ts';
import { listApiKeys, revokeApiKey } from '../../src/server/auth/api-keys.ts';
import { createKeyCheck } from '../../src/server/auth/key-check.ts';
import { SCOPES } from '../../src/server/auth/scopes.ts';
import { createApp } from '../../src/server/create-app.ts';
import { spendQuota } from '../../src/server/quotas.ts';
import { ROUTES } from '../../src/server/routes/index.ts';
import type { AddRoutes } from '../../src/server/server-context.ts';
import { type Gateway, openGateway, type Probe, probeRoutes } from '../helpers/gateway.ts';
import { startRedis } from '../helpers/redis-server.ts';

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const codeOf = (response: { json(): { code?: string } }): string | undefined => response.json().code;

let gateway: Gateway;
let probe: Probe;
let logs: { readonly level: string; readonly message: string; readonly fields: unknown }[];
beforeAll(async () => {
  probe = probeRoutes();
  logs = [];
  const note = (level: string) => (message: string, fields?: unknown) => void logs.push({ level, message, fields });
  const logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  gateway = await openGateway(
    { corsOrigins: ['https://studio.example'] },
    { routes: probe.routes, logger, patienceMilliseconds: 500 },
  );
});
afterAll(() => gateway[Symbol.asyncDispose]());

describe('routes', () => {
  it('all have a scope or are public, and refuse what they do not know', async () => {
    const seen: {
      readonly method: string;
      readonly url: string;
      readonly scope: string | undefined;
      readonly anyCaller: boolean;
    }[] = [];
    const watch: AddRoutes = (app) => {
      app.addHook('onRoute', ({ method, url, config }) => {
        expect(config?.scope !== undefined || config?.anyCaller === true || config?.public === true, url).toBe(true);
        for (const one of [method].flat())
          seen.push({ method: one, url, scope: config?.scope, anyCaller: config?.anyCaller === true });
      });
    };
    await using full = await openGateway({}, { routes: [watch, ...ROUTES] });
    expect(seen.length).toBeGreaterThan(10);
    for (const { method, url, scope, anyCaller } of seen) {
      if (method === 'OPTIONS') continue;
      if (anyCaller) expect(url).toBe('/v1/me');
      // A live session's socket asks for the ticket of its own route.
      else if (scope === undefined) expect(url).toMatch(/^\/(metrics|v1\/(health|ready|live\/:id\/socket))$/);
      else expect(SCOPES as readonly string[]).toContain(scope);
      const call = { method: method as 'GET', url: url.replace(/:[a-z]+|\*/gi, 'x') };
      const answer = await full.app.inject({ ...call, headers: { host: 'somewhere.example' } });
      expect([call.method, call.url, answer.statusCode]).toEqual([
        call.method,
        call.url,
        scope || anyCaller ? 401 : expect.any(Number),
      ]);
    }
  });

  it('without a scope keep the app from starting', async () => {
    const forgotten = openGateway({}, { routes: [(app) => void app.get('/v1/open', async () => 'all')] });
    await expect(forgotten).rejects.toThrow('GET /v1/open has neither a scope nor is it public');
  });

  it('are described for programs and people, without a network', async () => {
    const document = (await gateway.app.inject('/openapi.json')).json();
    expect(document.openapi).toMatch(/^3\.1/);
    expect(document.paths['/v1/probes'].post).toMatchObject({
      security: [{ bearer: [] }],
      responses: {
        default: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      },
    });
    expect(document.components.schemas.Problem.required).toContain('code');
    expect(document.paths['/v1/probes'].post.requestBody.content['application/json'].schema.additionalProperties).toBe(
      false,
    );
    const page = await gateway.app.inject('/docs');
    const links = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) expect((await gateway.app.inject(link)).statusCode, link).toBe(200);
    expect(page.headers['content-security-policy']).not.toMatch(/https?:|unsafe-eval/);
  });
});

describe('the user of this machine', () => {
  const status = async (headers: Readonly<Record<string, string>>, port?: number): Promise<number> => {
    if (port === undefined) return (await gateway.app.inject({ url: '/v1/probes/1', headers })).statusCode;
    const response = await raw(port, [
      'GET /v1/probes/1 HTTP/1.1',
      ...Object.entries(headers).map((pair) => pair.join(': ')),
    ]);
    return Number(response.split(' ')[1]);
  };

  it('needs no key, by an address of his own', async () => {
    for (const host of ['localhost', '127.0.0.1:7861', '[::1]:7861']) expect(await status({ host })).toBe(200);
  });

  it.each([
    [{ host: 'evil.example' }],
    [{ host: 'localhost.evil.example' }],
    [{ host: '127.0.0.1.evil.example:7861' }],
    [{ host: 'localhost', origin: 'https://evil.example' }],
    [{ host: 'localhost', origin: 'null' }],
    [{ host: 'localhost', origin: 'http://localhost:3000' }],
    [{ host: 'localhost', 'sec-fetch-site': 'cross-site' }],
    [{ host: 'localhost', 'sec-fetch-site': 'same-site' }],
    [{ host: 'localhost', 'x-forwarded-for': '203.0.113.9' }],
    [{ host: 'localhost', forwarded: 'for=203.0.113.9' }],
    [{ host: 'localhost', via: '1.1 proxy' }],
  ])('is nobody who comes with %o', async (headers) => {
    expect(await status(headers)).toBe(401);
  });

  it('may call from a page of the service itself, or of an origin that is listed', async () => {
    expect(await status({ host: 'localhost', origin: 'http://localhost' })).toBe(200);
    expect(await status({ host: 'localhost', origin: 'https://studio.example', 'sec-fetch-site': 'cross-site' })).toBe(
      200,
    );
    expect(await status({ host: 'localhost', 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  it('must name the port that is listened on', async () => {
    await using listening = await openGateway({}, { routes: probe.routes });
    const { port } = new URL(await listening.app.listen({ host: '127.0.0.1', port: 0 }));
    expect(await status({ host: `127.0.0.1:${port}`, connection: 'close' }, Number(port))).toBe(200);
    expect(await status({ host: '127.0.0.1:1', connection: 'close' }, Number(port))).toBe(401);
    expect(await status({ host: '127.0.0.1', connection: 'close' }, Number(port))).toBe(401);
  });

  it('needs a key where the service says so, or where others can connect', async () => {
    for (const options of [{ auth: { required: true } }, { host: '0.0.0.0' }]) {
      await using closed = await openGateway(options, { routes: probe.routes });
      expect((await closed.app.inject('/v1/probes/1')).statusCode).toBe(401);
      const headers = bearer(await closed.key());
      expect((await closed.app.inject({ url: '/v1/probes/1', headers })).statusCode).toBe(200);
    }
  });
});

describe('API keys', () => {
  const get = (key: string, url = '/v1/probes/1') => gateway.app.inject({ url, headers: bearer(key) });

  it('say who calls', async () => {
    const key = await gateway.key({ tenant: 'globex', limits: { jobsPerDay: 3 } });
    const { caller } = (await get(key)).json();
    expect(caller).toMatchObject({ tenant: 'globex', kind: 'key', limits: { jobsPerDay: 3 } });
    expect(caller.owner).toMatch(/^key_/);
    const plain = await gateway.app.inject({ url: '/v1/probes/1', headers: { 'x-api-key': key } });
    expect(plain.json().caller.owner).toBe(caller.owner);
  });

  it('are kept as a hash', async () => {
    const key = await gateway.key();
    const secret = key.split('_').slice(2).join('_');
    const documents = await gateway.context.backend.store.list('api-key', { limit: 1000 });
    expect(documents.length).toBeGreaterThan(0);
    expect(JSON.stringify(documents)).not.toContain(secret);
  });

  it('open nothing when they are wrong, and nothing is told but that', async () => {
    const key = await gateway.key();
    const other = await gateway.key();
    const wrong = [
      `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`,
      `${key}x`,
      `${key.slice(0, 26)}${other.slice(26)}`,
      `ff_${'0'.repeat(22)}_${'a'.repeat(43)}`,
      'ff_',
      'x',
    ];
    const answers = await Promise.all(wrong.map((text) => get(text)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(wrong.map(() => 401));
    expect(new Set(answers.map((answer) => answer.json().detail)).size).toBe(1);
    expect(answers[0]!.headers['www-authenticate']).toBe('Bearer realm="facefusion", error="invalid_token"');
    const none = await gateway.app.inject({ url: '/v1/probes/1', headers: { host: 'x' } });
    expect(none.headers['www-authenticate']).toBe('Bearer realm="facefusion"');
  });

  it.each(['Basic dTpw', 'Bearer', 'Bearer ', 'Bearer a b', `Bearer ${'x'.repeat(9000)}`])(
    'come in no other way: %.20s',
    async (authorization) => {
      const answer = await gateway.app.inject({ url: '/v1/probes/1', headers: { authorization } });
      expect(answer.statusCode).toBe(401);
    },
  );

  it('do what their scopes say, and 403 names the one that lacks', async () => {
    const key = await gateway.key({ scopes: ['jobs:read'] });
    expect((await get(key)).statusCode).toBe(200);
    const denied = await gateway.app.inject({
      method: 'POST',
      url: '/v1/probes',
      headers: bearer(key),
      payload: { name: 'a' },
    });
    expect(denied.statusCode).toBe(403);
    expect(denied.json()).toMatchObject({ code: 'FORBIDDEN', detail: expect.stringContaining('jobs:write') });
    expect((await get(await gateway.key({ scopes: ['admin'] }))).statusCode).toBe(200);
    expect((await get(await gateway.key({ scopes: ['looks'] }))).statusCode).toBe(403);
  });

  it('end when they expire, and within 5 s of being revoked', async () => {
    const { store } = gateway.context.backend;
    let now = Date.now();
    const check = createKeyCheck(store, gateway.context.logger, () => now);
    const short = await gateway.key({ expiresAt: new Date(now + 1000) });
    const key = await gateway.key({ name: 'to revoke' });
    expect([await check(short), await check(key)].map((caller) => caller?.kind)).toEqual(['key', 'key']);
    const { id } = (await listApiKeys(store, 'acme')).find(({ name }) => name === 'to revoke')!;
    await revokeApiKey(store, id);
    now += 5000;
    expect([await check(short), await check(key)]).toEqual([undefined, undefined]);
    expect(codeOf(await get(key))).toBe('UNAUTHENTICATED');
    await expect(revokeApiKey(store, id, 'somebody else')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are not read from the store for each request', async () => {
    const { store } = gateway.context.backend;
    let reads = 0;
    const counting = Object.create(store, {
      read: {
        value: (...words: Parameters<typeof store.read>) => {
          reads++;
          return store.read(...words);
        },
      },
    });
    const check = createKeyCheck(counting, gateway.context.logger);
    const key = await gateway.key();
    const callers = await Promise.all(Array.from({ length: 500 }, () => check(key)));
    expect(callers.every((caller) => caller?.tenant === 'acme')).toBe(true);
    expect(reads).toBe(1);
  });

  it('that are guessed make their address wait', async () => {
    await using guarded = await openGateway({}, { routes: probe.routes });
    const statuses: number[] = [];
    for (let i = 0; i < 62; i++) {
      const { statusCode } = await guarded.app.inject({ url: '/v1/probes/1', headers: bearer('ff_no') });
      statuses.push(statusCode);
    }
    expect(statuses.lastIndexOf(401)).toBe(59);
    expect(statuses.slice(60)).toEqual([429, 429]);
    expect((await guarded.app.inject({ url: '/v1/probes/1', headers: bearer(await guarded.key()) })).statusCode).toBe(
      200,
    );
  });
});

describe('tokens of an issuer', () => {
  const auth = { issuer: 'https://issuer.example', audience: 'facefusion' };
  const claims = { tenant: 'globex', scope: 'jobs:read other' };
  let tokens: Gateway;
  let sign: (
    claims: object,
    change?: (token: SignJWT) => SignJWT,
    key?: Parameters<SignJWT['sign']>[0],
    alg?: string,
  ) => Promise<string>;
  let file: string;
  let publicKey: Awaited<ReturnType<typeof generateKeyPair>>['publicKey'];
  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    publicKey = pair.publicKey;
    const backendFolder = process.env.FACEFUSION_DATA_FOLDER!;
    file = join(backendFolder, '..', 'jwks.json');
    await writeFile(file, JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: '1', alg: 'ES256' }] }));
    sign = (given, change = (token) => token, key = pair.privateKey, alg = 'ES256') =>
      change(
        new SignJWT({ ...given })
          .setProtectedHeader({ alg, kid: '1' })
          .setIssuer(auth.issuer)
          .setAudience(auth.audience)
          .setSubject('ada')
          .setExpirationTime('1 minute'),
      ).sign(key);
    tokens = await openGateway({ auth: { ...auth, jwks: file } }, { routes: probe.routes });
  });
  afterAll(() => tokens[Symbol.asyncDispose]());
  const get = (token: string) => tokens.app.inject({ url: '/v1/probes/1', headers: bearer(token) });

  it('say who calls', async () => {
    const answer = await get(await sign(claims));
    expect(answer.json().caller).toEqual({
      tenant: 'globex',
      owner: 'ada',
      scopes: ['jobs:read'],
      limits: {},
      kind: 'token',
    });
    expect((await get(await sign({ tenant: 'globex', scp: ['jobs:read'] }))).statusCode).toBe(200);
    expect((await get(await sign({ tenant: 'globex' }))).statusCode).toBe(403);
  });

  it('may be 60 s off, and no more', async () => {
    const seconds = Math.floor(Date.now() / 1000);
    expect((await get(await sign(claims, (token) => token.setExpirationTime(seconds - 40)))).statusCode).toBe(200);
    expect((await get(await sign(claims, (token) => token.setNotBefore(seconds + 40)))).statusCode).toBe(200);
    expect((await get(await sign(claims, (token) => token.setExpirationTime(seconds - 90)))).statusCode).toBe(401);
    expect((await get(await sign(claims, (token) => token.setNotBefore(seconds + 90)))).statusCode).toBe(401);
  });

  it('are refused when anything is wrong with them', async () => {
    const shared = new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)).padEnd(64));
    const stranger = (await generateKeyPair('ES256')).privateKey;
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(
      JSON.stringify({ ...claims, iss: auth.issuer, aud: auth.audience, sub: 'ada', exp: 9_999_999_999 }),
    ).toString('base64url')}.`;
    const wrong = {
      issuer: await sign(claims, (token) => token.setIssuer('https://other.example')),
      audience: await sign(claims, (token) => token.setAudience('other')),
      key: await sign(claims, undefined, stranger),
      algorithm: await sign(claims, undefined, shared, 'HS256'),
      unsigned,
      'no tenant': await sign({ scope: 'jobs:read' }),
      'a tenant that is a path': await sign({ ...claims, tenant: '../other' }),
      'the tenant of this machine': await sign({ ...claims, tenant: 'local' }),
      changed: `${(await sign(claims)).slice(0, -8)}AAAAAAAA`,
    };
    for (const [what, token] of Object.entries(wrong)) {
      const answer = await get(token);
      expect([what, answer.statusCode]).toEqual([what, 401]);
      expect(answer.body, what).not.toContain(token);
    }
  });

  it('need issuer, audience and keys together, and a file that has some', async () => {
    await expect(openGateway({ auth: { issuer: auth.issuer, jwks: file } })).rejects.toMatchObject({
      code: 'OPTION_MISSING',
    });
    const missing = openGateway({ auth: { ...auth, jwks: `${file}.none` } });
    await expect(missing).rejects.toMatchObject({ code: 'INPUT_UNREADABLE' });
  });

  it('cannot be checked while the keys cannot be had, and the private address they are at is not called', async () => {
    await using remote = await openGateway(
      { auth: { ...auth, jwks: 'http://127.0.0.1:8080/jwks' } },
      { routes: probe.routes },
    );
    const answer = await remote.app.inject({ url: '/v1/probes/1', headers: bearer(await sign(claims)) });
    expect([answer.statusCode, codeOf(answer)]).toEqual([503, 'OVERLOADED']);
    expect(answer.headers['retry-after']).toBe('5');
  });
});

describe('limits', () => {
  it('of requests are exact for each key, told in headers, and do not touch others', async () => {
    await using limited = await openGateway({ requestsPerMinute: 20 }, { routes: probe.routes });
    const [key, other, free] = [
      await limited.key(),
      await limited.key({ limits: { requestsPerMinute: 1 } }),
      await limited.key({ limits: { requestsPerMinute: 0 } }),
    ];
    const ask = (text: string, count: number) =>
      Promise.all(
        Array.from({ length: count }, () => limited.app.inject({ url: '/v1/probes/1', headers: bearer(text) })),
      );
    const answers = await ask(key, 25);
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(20);
    const refused = answers.find(({ statusCode }) => statusCode === 429)!;
    expect(refused.json()).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(answers[0]!.headers).toMatchObject({ 'ratelimit-limit': '20', 'ratelimit-remaining': expect.any(String) });
    expect((await ask(other, 2)).map(({ statusCode }) => statusCode).sort()).toEqual([200, 429]);
    expect((await ask(free, 30)).every(({ statusCode }) => statusCode === 200)).toBe(true);
    expect((await limited.app.inject('/v1/health')).statusCode).toBe(200);
  });

  it('of requests are exact over several gateways with one Redis', async () => {
    await using redis = await startRedis({ durable: false });
    const options = { requestsPerMinute: 20, queue: redis.url };
    await using first = await openGateway(options, { routes: probe.routes });
    const second = await createApp(first.context, { routes: probe.routes });
    const headers = bearer(await first.key());
    const apps = [first.app, second];
    // The connections open by themselves: what is limited waits for nothing.
    const isCounted = async (app: (typeof apps)[number]): Promise<void> => {
      const probeHeaders = bearer(await first.key({ limits: { requestsPerMinute: 1000 } }));
      for (;;) {
        const answers = [
          await app.inject({ url: '/v1/probes/1', headers: probeHeaders }),
          await app.inject({ url: '/v1/probes/1', headers: probeHeaders }),
        ];
        if (answers[1]!.headers['ratelimit-remaining'] !== '1000') return;
        // Requests of the same process do not let anything in between.
        await new Promise(setImmediate);
      }
    };
    await Promise.all(apps.map(isCounted));
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => apps[at % 2]!.inject({ url: '/v1/probes/1', headers })),
    );
    await second.close();
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(20);
  });

  it('of a day are spent whole or not at all, and given back', async () => {
    const { store } = gateway.context.backend;
    const caller = { tenant: 'acme', owner: `key ${Date.now()}`, limits: { jobsPerDay: 3, minutesPerDay: 10 } };
    const tries = await Promise.allSettled(
      Array.from({ length: 5 }, () => spendQuota(store, caller, { jobs: 1, minutes: 2.5 })),
    );
    const done = tries.filter((one) => one.status === 'fulfilled');
    expect(done).toHaveLength(3);
    const refused = tries.find((one) => one.status === 'rejected')!;
    expect(refused.reason).toMatchObject({ code: 'QUOTA_EXCEEDED', details: { metric: 'jobs', limit: 3 } });
    await done[0]!.value();
    await expect(spendQuota(store, caller, { minutes: 5.001 })).rejects.toMatchObject({
      details: { metric: 'minutes', left: 5 },
    });
    await spendQuota(store, caller, { jobs: 1, minutes: 5 });
    await expect(spendQuota(store, caller, { jobs: 1 })).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    const tomorrow = Date.now() + 86_400_000;
    await spendQuota(store, caller, { jobs: 3, minutes: 10 }, tomorrow);
    await spendQuota(store, { ...caller, limits: {} }, { jobs: 1_000_000 });
  });
});

describe('an Idempotency-Key', () => {
  const post = (key: string, payload: object, more: Readonly<Record<string, string>> = {}) =>
    gateway.app.inject({ method: 'POST', url: '/v1/probes', headers: { 'idempotency-key': key, ...more }, payload });

  it('gives the first answer again, and the work is done once', async () => {
    const before = probe.calls.length;
    const answers = [await post('k1', { name: 'a', count: 1 }), await post('k1', { count: 1, name: 'a' })];
    expect(probe.calls.length).toBe(before + 1);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201]);
    expect(answers[1]!.body).toBe(answers[0]!.body);
    expect(answers[1]!.headers).toMatchObject({
      location: answers[0]!.headers.location,
      'content-type': answers[0]!.headers['content-type'],
      'idempotency-replayed': 'true',
    });
  });

  it('does the work once for many at the same time', async () => {
    const before = probe.calls.length;
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('k2', { name: 'b' })));
    expect(probe.calls.length).toBe(before + 1);
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
  });

  it('with another request is refused', async () => {
    await post('k3', { name: 'a' });
    const answer = await post('k3', { name: 'b' });
    expect([answer.statusCode, codeOf(answer)]).toEqual([422, 'IDEMPOTENCY_CONFLICT']);
  });

  it('is one of its tenant', async () => {
    const before = probe.calls.length;
    await post('k4', { name: 'a' });
    const other = await post('k4', { name: 'b' }, bearer(await gateway.key({ tenant: 'globex' })));
    expect([other.statusCode, probe.calls.length]).toEqual([201, before + 2]);
  });

  it('of work that failed can be used again', async () => {
    probe.work = async () => {
      throw new AppError('QUEUE_UNAVAILABLE', 'The queue is away.', { retryable: true });
    };
    const failed = await post('k5', { name: 'a' });
    probe.work = async (body) => ({ body });
    expect([failed.statusCode, codeOf(failed)]).toEqual([503, 'QUEUE_UNAVAILABLE']);
    expect((await post('k5', { name: 'a' })).statusCode).toBe(201);
  });

  it('whose first request takes long is told to wait', async () => {
    let finish = (): void => {};
    const begun = new Promise<void>((resolve) => {
      probe.work = (body) => {
        resolve();
        return new Promise((end) => (finish = () => end({ body })));
      };
    });
    const first = post('k6', { name: 'a' });
    await begun;
    const second = await post('k6', { name: 'a' });
    expect([second.statusCode, codeOf(second), second.headers['retry-after']]).toEqual([
      409,
      'IDEMPOTENCY_PENDING',
      '1',
    ]);
    finish();
    expect((await first).statusCode).toBe(201);
    probe.work = async (body) => ({ body });
    expect((await post('k6', { name: 'a' })).headers['idempotency-replayed']).toBe('true');
  });

  it.each(['', 'a b', 'x'.repeat(256), 'ü'])('has to be one: %.10s', async (key) => {
    expect((await post(key, { name: 'a' })).statusCode).toBe(400);
  });
});

describe('errors', () => {
  const isProblem = (response: {
    headers: Record<string, unknown>;
    json(): Record<string, unknown>;
    statusCode: number;
  }): void => {
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(response.json()).toMatchObject({
      type: `urn:facefusion:error:${response.json().code}`,
      title: expect.any(String),
      status: response.statusCode,
      detail: expect.any(String),
      requestId: response.headers['x-request-id'] ?? expect.any(String),
    });
  };
  const post = (payload: string, type = 'application/json') =>
    gateway.app.inject({ method: 'POST', url: '/v1/probes', headers: { 'content-type': type }, payload });

  it('of a request name every mistake', async () => {
    const answer = await post(JSON.stringify({ count: 1.5, other: 1, more: 2 }));
    isProblem(answer);
    expect(answer.json()).toMatchObject({ code: 'REQUEST_INVALID', status: 400 });
    expect(answer.json().errors.map(({ path }: { path: string }) => path)).toEqual(['body/name', 'body/count', 'body']);
  });

  it.each([
    ['{', 400, 'REQUEST_INVALID'],
    ['', 400, 'REQUEST_INVALID'],
    ['[]', 400, 'REQUEST_INVALID'],
    ['{"__proto__":{"admin":true},"name":"a"}', 400, 'REQUEST_INVALID'],
    ['{"name":"a","constructor":{"prototype":{"admin":true}}}', 400, 'REQUEST_INVALID'],
    [`{"name":"${'x'.repeat(1024 ** 2)}"}`, 413, 'INPUT_TOO_LARGE'],
  ])('of a body are told: %.40s', async (payload, status, code) => {
    const answer = await post(payload);
    isProblem(answer);
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  it('of a body of another type are told', async () => {
    const answer = await post('<name/>', 'application/xml');
    isProblem(answer);
    expect(answer.statusCode).toBe(415);
  });

  it.each([
    '/v1/nothing',
    '/v1/probes/%zz',
    '/v1/health?unknown=1',
    `/v1/probes/${'x'.repeat(400)}`,
    '/v1/../etc/passwd',
    '//',
  ])('of an address are told: %.30s', async (url) => {
    const answer = await gateway.app.inject({ url });
    isProblem(answer);
    expect([400, 404]).toContain(answer.statusCode);
  });

  it('inside are told without what is inside, and are in the log with the id of the request', async () => {
    for (const thrown of [
      new Error('ENOENT /srv/secret/place/file.txt'),
      new AppError('STORE_FAILED', 'The store /srv/secret/place/jobs.sqlite is gone.', {
        hint: 'Look at /srv/secret/place.',
      }),
      'a text /srv/secret/place/x',
    ]) {
      logs.length = 0;
      probe.work = async () => {
        throw thrown;
      };
      const answer = await post('{"name":"a"}');
      isProblem(answer);
      expect(answer.statusCode).toBeGreaterThanOrEqual(500);
      expect(answer.body).not.toMatch(/secret|node_modules|at .*\.ts/);
      const line = logs.find(({ level }) => level === 'error')!;
      expect(line.fields).toMatchObject({ requestId: answer.json().requestId, route: '/v1/probes' });
    }
    probe.work = async () => {
      throw new AppError('INPUT_UNREADABLE', 'Expected a photo, /srv/secret/place/a.jpg is damaged.');
    };
    logs.length = 0;
    const answer = await post('{"name":"a"}');
    expect(answer.json().detail).toBe('Expected a photo, a.jpg is damaged.');
    expect(logs.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    probe.work = async (body) => ({ body });
  });
});

describe('headers', () => {
  it('keep browsers careful', async () => {
    const { headers } = await gateway.app.inject('/v1/probes/1');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('let pages of listed origins in and no others, and never with cookies', async () => {
    const preflight = (origin: string) =>
      gateway.app.inject({
        method: 'OPTIONS',
        url: '/v1/probes',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const { headers } = await preflight('https://studio.example');
    expect(headers['access-control-allow-origin']).toBe('https://studio.example');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers.vary).toContain('Origin');
    for (const origin of [
      'https://evil.example',
      'null',
      'https://studio.example.evil.example',
      'http://studio.example',
    ]) {
      expect((await preflight(origin)).headers['access-control-allow-origin'], origin).toBeUndefined();
    }
  });

  it.each(['*', 'studio.example', 'https://studio.example/', 'https://*.example'])(
    'have no such origin: %s',
    async (origin) => {
      await expect(openGateway({ corsOrigins: [origin] })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    },
  );

  it('of a request change none of the answer', async () => {
    const key = 'x\r\nset-cookie: a=b';
    expect(() => new Headers({ 'idempotency-key': key })).toThrow();
    const answer = await gateway.app.inject({ url: '/v1/probes/%0d%0aset-cookie:%20a=b' });
    expect(answer.headers['set-cookie']).toBeUndefined();
    const own = await gateway.app.inject({
      url: '/v1/health',
      headers: { 'x-request-id': 'mine', 'request-id': 'mine' },
    });
    expect(own.headers['x-request-id']).toMatch(/^req_/);
  });
});

/** Sends lines to a port of this machine, and gives all that comes back. */
async function raw(port: number, lines: readonly string[], end = '\r\n\r\n'): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`${lines.join('\r\n')}${end}`);
  return text(socket);
}

describe('connections', () => {
  let port: number;
  let patient: Gateway;
  beforeAll(async () => {
    patient = await openGateway({}, { routes: probe.routes, headersMilliseconds: 200, bodyMilliseconds: 200 });
    await patient.app.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = patient.app.server.address() as AddressInfo);
  });
  afterAll(() => patient[Symbol.asyncDispose]());

  it('that speak no HTTP are told so', async () => {
    const answer = await raw(port, ['SSH-2.0-OpenSSH']);
    expect(answer).toMatch(/^HTTP\/1\.1 400 .*"code":"REQUEST_INVALID"/s);
  });

  it('with too many headers are told so', async () => {
    const answer = await raw(port, ['GET /v1/health HTTP/1.1', 'Host: localhost', `X-Long: ${'x'.repeat(20_000)}`]);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('with two lengths are refused', async () => {
    const host = `Host: 127.0.0.1:${port}`;
    const smuggled = ['POST /v1/probes HTTP/1.1', host, 'Content-Length: 5', 'Transfer-Encoding: chunked'];
    expect(await raw(port, smuggled, '\r\n\r\n0\r\n\r\nGET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  });

  it('whose headers or body trickle in are cut', async () => {
    expect(await raw(port, ['GET /v1/health HTTP/1.1', 'Host: localhost'], '\r\n')).toMatch(/^HTTP\/1\.1 408 /);
    const slow = [
      'POST /v1/probes HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Content-Type: application/json',
      'Content-Length: 100',
    ];
    expect(await raw(port, slow, '\r\n\r\n{"name":')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that break off in mid-body harm nobody', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /v1/probes HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
    );
    await once(socket, 'connect');
    socket.destroy();
    expect((await fetch(`http://127.0.0.1:${port}/v1/health`)).status).toBe(200);
  });
});

describe('readiness', () => {
  it('says which part is not there, and that it stops', async () => {
    expect((await gateway.app.inject('/v1/ready')).json()).toEqual({
      ready: true,
      draining: false,
      parts: { store: 'ok', queue: 'ok', storage: 'ok', audit: 'ok' },
    });
    const draining = new AbortController();
    const storage = Object.create(gateway.context.backend.storage, {
      check: { value: () => Promise.reject(new AppError('STORAGE_FAILED', 'The disk is full.')) },
    });
    const backend = { ...gateway.context.backend, storage };
    const app = await createApp({ ...gateway.context, backend, draining: draining.signal }, { routes: [] });
    draining.abort();
    const answer = await app.inject('/v1/ready');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ ready: false, draining: true, parts: { storage: 'failed', store: 'ok' } });
    expect((await app.inject('/v1/health')).statusCode).toBe(200);
    await app.close();
  });

  it('is not there before the workers of the process are', async () => {
    const started = new AbortController();
    const app = await createApp({ ...gateway.context, started: started.signal }, { routes: [] });
    expect((await app.inject('/v1/ready')).statusCode).toBe(503);
    started.abort();
    expect((await app.inject('/v1/ready')).statusCode).toBe(200);
    await app.close();
  });
});

describe('the audit log', () => {
  it('has every call that changes or takes something, and the access log has all, without names', async () => {
    const audited = await openGateway({}, { routes: probe.routes, logger: gateway.context.logger });
    const headers = bearer(await audited.key({ tenant: 'audited' }));
    logs.length = 0;
    const calls = [
      { method: 'POST', url: '/v1/probes?', payload: { name: 'secret-name' } },
      { method: 'GET', url: '/v1/probes/7/bytes' },
      { method: 'GET', url: '/v1/probes/7' },
      { method: 'POST', url: '/v1/probes', payload: {} },
    ] as const;
    const answers = [];
    for (const call of calls) answers.push(await audited.app.inject({ ...call, headers }));
    await audited[Symbol.asyncDispose]();
    const entries = (await listAudit({ kind: 'api.call' })).filter(({ line }) => line.facts.tenant === 'audited');
    expect(entries.map(({ line: { facts } }) => [facts.method, facts.route, facts.status, facts.subject])).toEqual([
      ['POST', '/v1/probes', 201, expect.any(String)],
      ['GET', '/v1/probes/:id/bytes', 200, '7'],
      ['POST', '/v1/probes', 400, undefined],
    ]);
    expect(entries[0]!.line.facts).toMatchObject({ by: 'key', request: answers[0]!.headers['x-request-id'] });
    const access = logs.filter(({ message }) => message === 'request');
    expect(access).toHaveLength(4);
    expect(JSON.stringify([access, entries])).not.toMatch(/secret-name|127\.0\.0\.1/);
  });
});
