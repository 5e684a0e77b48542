import { connect, createServer, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RedisServer, startRedis } from '../../../test/helpers/redis-server.ts';
import type { Logger } from '../../core/logger.ts';
import { openRedisStore } from './redis-store.ts';
import type { StoredEvent } from './store.ts';

/** It loses nothing when it is killed. */
let redis: RedisServer;
let admin: Redis;
beforeAll(async () => {
  redis = await startRedis();
  admin = new Redis(redis.url);
  admin.on('error', () => undefined);
});
afterAll(async () => {
  admin.disconnect();
  await redis[Symbol.asyncDispose]();
});

const saying = (): Logger & { readonly said: string[] } => {
  const said: string[] = [];
  const say = (message: string): void => void said.push(message);
  return { said, debug: say, info: say, warn: say };
};

const times = <T>(number: number, make: (at: number) => T): T[] => Array.from({ length: number }, (_, at) => make(at));

/** A way to Redis on which answers get lost. */
async function openWay(port: number) {
  const sockets = new Set<Socket>();
  let isMute = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket.on('error', () => undefined).on('close', () => [near.destroy(), far.destroy()]));
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => void (isMute || near.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    url: `redis://127.0.0.1:${(server.address() as { port: number }).port}`,
    loseAnswers: () => {
      isMute = true;
    },
    breakAndHeal: () => {
      isMute = false;
      breakAll();
    },
    [Symbol.asyncDispose]: async () => {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** With `user:password@`. */
const urlOf = (user: string): string => redis.url.replace('redis://', `redis://${user}:secret@`);

describe('a Redis that goes away', () => {
  it('is waited for: each change is made once, and events are heard again', async () => {
    const logger = saying();
    await using store = await openRedisStore(redis.url, { prefix: 'killed', logger });
    await store.create('job', { id: 'a', tenant: 't', state: 'queued', value: [] });
    const heard: StoredEvent[] = [];
    store.watch((_, event) => void heard.push(event));
    await store.publish('ready', 0);
    for (const round of [0, 1, 2]) {
      // Answers of many of them are on their way when it dies.
      const work = times(100, async (at) => {
        const number = round * 100 + at;
        await store.append('job:a', number);
        await store.add('bytes', 3);
        expect(await store.create('task', { id: `${number}`, tenant: 't', state: 's', value: number })).toBe(true);
        if (number % 5 > 0) return;
        await store.update('job', 'a', ({ value }) => ({
          state: `${at % 3}`,
          value: [...(value as number[]), number],
        }));
        expect(await store.remove('task', `${number}`)).toBe(true);
      });
      await store.append('job:b', round);
      await redis.kill();
      await redis.restart();
      await Promise.all(work);
    }
    expect(await store.add('bytes', 0)).toBe(900);
    const events = await store.events('job:a', 0, 1000);
    expect(events.map(({ number }) => number)).toEqual(times(300, (at) => at + 1));
    expect(events.map(({ value }) => Number(value)).sort((a, b) => a - b)).toEqual(times(300, (at) => at));
    const document = await store.read('job', 'a');
    expect(document?.version).toBe(61);
    expect((document!.value as number[]).sort((a, b) => a - b)).toEqual(times(60, (at) => at * 5));
    expect(await store.count('task')).toEqual({ s: 240 });
    // Until it has subscribed again, what is told is not heard.
    const hears = async (): Promise<boolean> => {
      await store.publish('job:a', 'again');
      return heard.some(({ value }) => value === 'again');
    };
    await expect.poll(hears).toBe(true);
    expect(logger.said).toContain('Redis is away; waiting for it.');
    expect(logger.said).toContain('Redis is back.');
  });

  it('makes a change once although its answer was lost', async () => {
    await using way = await openWay(redis.port);
    await using store = await openRedisStore(way.url, { prefix: 'lost' });
    for (const id of ['changed', 'removed']) await store.create('job', { id, tenant: 't', state: 's', value: 1 });
    await store.create('job', { id: 'old', tenant: 't', state: 's', value: 1, expiresAt: 1 });
    way.loseAnswers();
    const work = Promise.all([
      store.create('job', { id: 'new', tenant: 't', state: 's', value: 1 }),
      store.update('job', 'changed', ({ value }) => ({ state: 'next', value: Number(value) + 1 })),
      store.remove('job', 'removed'),
      store.sweep('job'),
      store.add('bytes', 5),
      store.append('job:a', 'first'),
      store.append('job:a', 'second'),
    ]);
    // All of them are done; the update has only read so far.
    await using other = await openRedisStore(redis.url, { prefix: 'lost' });
    await expect.poll(() => other.events('job:a', 0, 10)).toHaveLength(2);
    way.breakAndHeal();
    const [isNew, changed, isRemoved, swept, bytes, ...numbers] = await work;
    expect({ isNew, isRemoved, swept, bytes, numbers }).toEqual({
      ...{ isNew: true, isRemoved: true, swept: ['old'], bytes: 5, numbers: [1, 2] },
    });
    expect(changed).toMatchObject({ value: 2, version: 2 });
    expect(await store.events('job:a', 0, 10)).toHaveLength(2);
    expect(await store.count('job')).toEqual({ s: 1, next: 1 });
  });

  it('makes an update once although its answer was lost and others came after it', async () => {
    await using way = await openWay(redis.port);
    await using store = await openRedisStore(way.url, { prefix: 'updates' });
    await using other = await openRedisStore(redis.url, { prefix: 'updates' });
    await store.create('job', { id: 'a', tenant: 't', state: 's', value: ['begun'] });
    const addTo = (value: unknown, word: string) => ({ state: 's', value: [...(value as string[]), word] });
    const update = store.update('job', 'a', ({ value }) => {
      // It was read; the answer to the change is lost.
      way.loseAnswers();
      return addTo(value, 'mine');
    });
    await expect.poll(async () => (await other.read('job', 'a'))?.version).toBe(2);
    for (const word of ['theirs', 'too']) await other.update('job', 'a', ({ value }) => addTo(value, word));
    way.breakAndHeal();
    expect(await update).toMatchObject({ version: 4, value: ['begun', 'mine', 'theirs', 'too'] });
  });

  it('fails what waits for too long, and can be used when it is back', async () => {
    await using store = await openRedisStore(redis.url, { prefix: 'late', waitSeconds: 0.3 });
    await redis.kill();
    const failed = { code: 'STORE_FAILED', retryable: true, hint: expect.stringContaining('try again') };
    await expect(store.read('job', 'a')).rejects.toMatchObject(failed);
    await expect(store.add('bytes', 1)).rejects.toMatchObject(failed);
    await redis.restart();
    await expect.poll(() => store.add('bytes', 1).catch(() => 0)).toBeGreaterThan(0);
  });

  it('that is frozen fails what waits for too long', async () => {
    await using store = await openRedisStore(redis.url, { prefix: 'frozen', waitSeconds: 0.3 });
    process.kill(redis.processId, 'SIGSTOP');
    try {
      await expect(store.read('job', 'a')).rejects.toMatchObject({ code: 'STORE_FAILED', retryable: true });
    } finally {
      process.kill(redis.processId, 'SIGCONT');
    }
    expect(await store.add('bytes', 1)).toBe(1);
  });

  it('can be closed while it is away', async () => {
    const store = await openRedisStore(redis.url, { prefix: 'closed' });
    store.watch(() => undefined);
    await redis.kill();
    const waiting = expect(store.read('job', 'a')).rejects.toMatchObject({ code: 'STORE_FAILED' });
    await store[Symbol.asyncDispose]();
    await waiting;
    await redis.restart();
  });
});

describe('opening', () => {
  it('fails where nobody answers', async () => {
    const opening = openRedisStore('redis://127.0.0.1:1', { openSeconds: 0.2 });
    await expect(opening).rejects.toMatchObject({
      ...{ code: 'STORE_FAILED', retryable: true },
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('fails at once where the password is wrong, without telling it', async () => {
    const error = await openRedisStore(urlOf('nobody')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'STORE_FAILED', retryable: false, hint: expect.stringContaining('password') });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('refuses a Redis that may throw jobs away', async () => {
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    try {
      await expect(openRedisStore(redis.url)).rejects.toMatchObject({
        ...{ code: 'STORE_FAILED', retryable: false },
        hint: expect.stringContaining('CONFIG SET maxmemory-policy noeviction'),
      });
    } finally {
      await admin.config('SET', 'maxmemory-policy', 'noeviction');
    }
  });

  it('warns where it may not ask', async () => {
    await admin.call('ACL', 'SETUSER', 'guest', 'on', '>secret', '~*', '&*', '+@all', '-config');
    const logger = saying();
    await using store = await openRedisStore(urlOf('guest'), { logger, prefix: 'guest' });
    expect(logger.said).toEqual([expect.stringContaining('noeviction')]);
    expect(await store.add('bytes', 1)).toBe(1);
  });
});

it('says so when Redis has no memory left, and goes on when it has', async () => {
  await using store = await openRedisStore(redis.url, { prefix: 'memory' });
  await admin.config('SET', 'maxmemory', '1');
  await expect(store.add('bytes', 1)).rejects.toMatchObject({
    ...{ code: 'STORE_FAILED', retryable: true },
    message: expect.stringContaining('no memory'),
  });
  await admin.config('SET', 'maxmemory', '0');
  expect(await store.add('bytes', 1)).toBe(1);
});

it('keeps all its keys in one slot, apart from those of another prefix', async () => {
  await admin.flushall();
  await using store = await openRedisStore(redis.url, { prefix: 'one' });
  await using other = await openRedisStore(redis.url, { prefix: 'two' });
  await store.create('job', { id: 'a', tenant: 't', state: 's', value: 1, expiresAt: 8_640_000_000_000 });
  await store.append('job:a', 1);
  await store.add('bytes', 1);
  expect(await other.read('job', 'a')).toBeUndefined();
  expect(await other.add('bytes', 0)).toBe(0);
  const keys = (await admin.keys('*')).filter((key) => !key.startsWith('{two}:'));
  expect(keys.length).toBeGreaterThan(8);
  expect(keys.filter((key) => !key.startsWith('{one}:'))).toEqual([]);
});

it('has two connections at most, and one when nobody watches', async () => {
  await using store = await openRedisStore(redis.url, { prefix: 'connections' });
  const connections = async (): Promise<number> =>
    String(await admin.client('LIST'))
      .split('\n')
      .filter((line) => line.includes('name=facefusion-')).length;
  await expect.poll(connections).toBe(1);
  const ends = [store.watch(() => undefined), store.watch(() => undefined)];
  await store.publish('ready', 1);
  expect(await connections()).toBe(2);
  for (const end of ends) end();
  await expect.poll(connections).toBe(1);
});
