import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../core/ids.ts';
import { type Job, LOCAL_TENANT } from '../job.ts';
import { createJobDocument } from '../job-documents.ts';
import { createOutgoing } from '../outgoing/safe-request.ts';
import { openSqliteStore } from '../store/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { callbackSecret, OVERLAP_MILLISECONDS, rotateCallbackSecret } from './callback-secrets.ts';
import { type CallbackSender, type CallbackSenderOptions, createCallbackSender } from './callback-sender.ts';
import { listCallbacks, queueCallback, replayCallback } from './delivery.ts';
import { verifyCallback } from './signature.ts';

interface Heard {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let store: Store;
let server: Server;
let url: string;
let heard: Heard[];
let answer: RequestListener;
let now: number;
let senders: CallbackSender[];
beforeEach(async () => {
  store = openSqliteStore(':memory:');
  heard = [];
  senders = [];
  now = Date.now();
  answer = (_request, response) => void response.writeHead(204).end();
  server = createServer(async (request, response) => {
    heard.push({ headers: request.headers, body: await text(request) });
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}/hook`;
});
afterEach(async () => {
  for (const sender of senders) await sender[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  server.closeAllConnections();
  server.close();
});

function createSender(options: Partial<CallbackSenderOptions> = {}): CallbackSender {
  const sender = createCallbackSender(
    { store },
    {
      outgoing: createOutgoing({ allowNetworks: ['127.0.0.1/32'], ports: [Number(new URL(url).port)] }),
      ...{ maxAttempts: 3, describe: ({ id, state }: Job) => ({ id, state }), clock: () => now, random: () => 0.5 },
      ...options,
    },
  );
  senders.push(sender);
  return sender;
}

function endedJob(facts: Partial<Job> = {}): Job {
  const at = new Date(now).toISOString();
  return {
    ...{ id: newId('job'), tenant: LOCAL_TENANT, owner: 'x', origin: 'api', state: 'completed', priority: 'normal' },
    ...{ createdAt: at, updatedAt: at, endedAt: at, steps: [], post: [], labels: {}, runs: 1, timings: {}, notes: [] },
    ...{ outputs: [], requires: { providers: [], models: [], memoryBytes: 0 } },
    callback: { url, on: ['completed', 'failed'] },
    ...facts,
  };
}

const states = async () => (await listCallbacks(store, { limit: 100 })).map(({ state }) => state);

describe('a callback', () => {
  it('tells the end of a job, signed so that its receiver can check it', async () => {
    const job = endedJob();
    expect(await queueCallback(store, job, now)).toBe(true);
    await createSender().sendDue();
    expect(heard).toHaveLength(1);
    const { headers, body } = heard[0]!;
    expect(JSON.parse(body)).toEqual({
      id: headers['webhook-id'],
      type: 'job.completed',
      createdAt: job.endedAt,
      job: { id: job.id, state: 'completed' },
    });
    expect(headers['content-type']).toBe('application/json');
    verifyCallback((await callbackSecret(store, job.tenant)).secret, headers, body, now);
    expect(await listCallbacks(store, { limit: 10 })).toMatchObject([
      { state: 'delivered', job: job.id, type: 'job.completed', url, attempts: [{ status: 204 }] },
    ]);
  });

  it('is sent without being asked for, as soon as the job has ended', async () => {
    const arrived = new Promise<void>((resolve) => {
      answer = (_request, response) => void response.end(resolve as () => void);
    });
    createSender();
    await queueCallback(store, endedJob(), now);
    await arrived;
  });

  it('is made once for the same end, and not for others', async () => {
    const job = endedJob();
    expect(await queueCallback(store, job)).toBe(true);
    expect(await queueCallback(store, job)).toBe(false);
    expect(await queueCallback(store, { ...job, runs: 2 })).toBe(true);
    expect(await queueCallback(store, endedJob({ state: 'cancelled' }))).toBe(false);
    expect(await queueCallback(store, endedJob({ state: 'running' }))).toBe(false);
    const { callback: _, ...silent } = endedJob();
    expect(await queueCallback(store, silent)).toBe(false);
  });

  it('is tried again with the same id and body, until it is given up', async () => {
    answer = (_request, response) => void response.writeHead(500).end();
    await queueCallback(store, endedJob(), now);
    const sender = createSender();
    await sender.sendDue();
    await sender.sendDue();
    expect(heard).toHaveLength(1);
    expect(await states()).toEqual(['waiting']);
    now += 10_000;
    await sender.sendDue();
    now += 39_999;
    await sender.sendDue();
    expect(heard).toHaveLength(2);
    now += 1;
    await sender.sendDue();
    expect(heard).toHaveLength(3);
    expect(await states()).toEqual(['dead']);
    expect(new Set(heard.map(({ headers, body }) => `${headers['webhook-id']} ${body}`)).size).toBe(1);
    expect(new Set(heard.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
    now += 86_400_000;
    await sender.sendDue();
    expect(heard).toHaveLength(3);
  });

  it('that was given up can be sent again, by its tenant', async () => {
    answer = (_request, response) => void response.writeHead(410).end();
    await queueCallback(store, endedJob({ tenant: 'acme' }), now);
    const sender = createSender();
    await sender.sendDue();
    expect(await states()).toEqual(['dead']);
    const [dead] = await listCallbacks(store, { tenant: 'acme', states: ['dead'], limit: 10 });
    await expect(replayCallback(store, dead!.id, 'globex')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    answer = (_request, response) => void response.end();
    await replayCallback(store, dead!.id, 'acme', now);
    await sender.sendDue();
    expect(await listCallbacks(store, { limit: 10 })).toMatchObject([
      { state: 'delivered', attempts: [{ status: 410 }, { status: 200 }] },
    ]);
  });

  it('never goes to a private network that was not named', async () => {
    await queueCallback(store, endedJob(), now);
    await createSender({ outgoing: createOutgoing({ ports: [Number(new URL(url).port)] }) }).sendDue();
    expect(heard).toEqual([]);
    expect(await listCallbacks(store, { limit: 10 })).toMatchObject([
      { state: 'dead', attempts: [{ error: 'ADDRESS_FORBIDDEN' }] },
    ]);
  });

  it('is not led elsewhere by a redirect', async () => {
    answer = (_request, response) => void response.writeHead(307, { location: 'http://127.0.0.2:80/' }).end();
    await queueCallback(store, endedJob(), now);
    await createSender().sendDue();
    expect(await listCallbacks(store, { limit: 10 })).toMatchObject([{ attempts: [{ error: 'ADDRESS_FORBIDDEN' }] }]);
  });

  it('whose receiver is away waits', async () => {
    server.close();
    await once(server, 'close');
    await queueCallback(store, endedJob(), now);
    await createSender().sendDue();
    expect(await listCallbacks(store, { limit: 10 })).toMatchObject([
      { state: 'waiting', attempts: [{ error: 'REMOTE_FAILED' }] },
    ]);
  });
});

describe('several senders', () => {
  it('send each of many callbacks once', async () => {
    const jobs = Array.from({ length: 60 }, () => endedJob());
    const all = [createSender(), createSender(), createSender()];
    await Promise.all(jobs.map((job) => queueCallback(store, job, now)));
    await Promise.all(all.map((sender) => sender.sendDue()));
    while ((await states()).some((state) => state !== 'delivered')) {
      await Promise.all(all.map((sender) => sender.sendDue()));
    }
    const told = heard.map(({ body }) => JSON.parse(body).job.id).sort();
    expect(told).toEqual(jobs.map(({ id }) => id).sort());
  });

  it('take over what one of them had in hand when it was stopped', async () => {
    const arrived = new Promise<void>((resolve) => {
      answer = () => resolve();
    });
    const first = createSender();
    await queueCallback(store, endedJob(), now);
    await arrived;
    await first[Symbol.asyncDispose]();
    expect(await states()).toEqual(['waiting']);
    answer = (_request, response) => void response.end();
    const second = createSender();
    await second.sendDue();
    expect(heard).toHaveLength(1);
    now += 60_000;
    await second.sendDue();
    expect([heard.length, await states()]).toEqual([2, ['delivered']]);
  });

  it('keep a receiver that hangs from holding up the others', async () => {
    let release = (): void => {};
    const hanging = new Promise<void>((resolve) => (release = resolve));
    answer = async ({ headers }, response) => {
      if (headers.host?.startsWith('slow.example')) await hanging;
      response.end();
    };
    const { port } = new URL(url);
    const outgoing = createOutgoing({
      ...{ allowNetworks: ['127.0.0.1/32'], ports: [Number(port)], resolve: async () => ['127.0.0.1'] },
    });
    const to = (host: string): Job['callback'] => ({ url: `http://${host}:${port}/`, on: ['completed'] });
    for (let i = 0; i < 40; i++) await queueCallback(store, endedJob({ callback: to('slow.example') }), now);
    await queueCallback(store, endedJob({ callback: to('quick.example') }), now);
    const sent = createSender({ outgoing }).sendDue();
    while (!(await states()).includes('delivered')) await new Promise((resolve) => setImmediate(resolve));
    expect(heard.filter(({ headers }) => headers.host?.startsWith('slow')).length).toBeLessThanOrEqual(4);
    release();
    await sent;
    expect(new Set(await states())).toEqual(new Set(['delivered']));
  });
});

describe('a secret', () => {
  it('of a tenant is made once, and is of that tenant only', async () => {
    const made = await Promise.all([callbackSecret(store, 'acme'), callbackSecret(store, 'acme')]);
    expect(made[0]).toEqual(made[1]);
    expect(made[0]!.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect((await callbackSecret(store, 'globex')).secret).not.toBe(made[0]!.secret);
  });

  it('that was replaced signs beside the new one for a day', async () => {
    const before = await callbackSecret(store, LOCAL_TENANT, now);
    const after = await rotateCallbackSecret(store, LOCAL_TENANT, now);
    await queueCallback(store, endedJob(), now);
    const sender = createSender();
    await sender.sendDue();
    for (const { secret } of [before, after]) verifyCallback(secret, heard[0]!.headers, heard[0]!.body, now);
    now += OVERLAP_MILLISECONDS;
    await queueCallback(store, endedJob(), now);
    await sender.sendDue();
    verifyCallback(after.secret, heard[1]!.headers, heard[1]!.body, now);
    expect(() => verifyCallback(before.secret, heard[1]!.headers, heard[1]!.body, now)).toThrow(/does not fit/);
  });
});

describe('a job whose end was not put into the list', () => {
  it('is found by a sender', async () => {
    const { queueMissed } = await import('./claim-delivery.ts');
    const job = endedJob();
    await createJobDocument(store, job);
    await queueMissed(store, now);
    expect(await states()).toEqual([]);
    await queueMissed(store, now + 60_000);
    await queueMissed(store, now + 120_000);
    expect(await states()).toEqual(['waiting']);
  });
});
