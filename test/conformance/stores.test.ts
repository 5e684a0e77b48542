/** One suite for every store: what callers rely on, whoever keeps it. */
import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openRedisStore } from '../../src/jobs/store/redis-store.ts';
import { openSqliteStore } from '../../src/jobs/store/sqlite-store.ts';
import type { Store, StoredDocument, StoredEvent } from '../../src/jobs/store/store.ts';
import { type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { createRunFolder, type RunFolder } from '../helpers/run-folder.ts';
import { StoreModel } from '../helpers/store-model.ts';

const PAST = 1000;
const FUTURE = 8_640_000_000_000;

let folder: RunFolder;
let redis: RedisServer;
let spaces = 0;

beforeAll(async () => {
  folder = createRunFolder();
  redis = await startRedis({ durable: false });
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  folder.remove();
});

/** Opens clients of the same, empty data. */
type OpenClient = () => Promise<Store>;

const adapters: Readonly<Record<string, () => OpenClient>> = {
  'one SQLite file': () => {
    const path = folder.at(`store-${++spaces}.sqlite`);
    return async () => openSqliteStore(path);
  },
  Redis: () => {
    const prefix = `store-${++spaces}`;
    return () => openRedisStore(redis.url, { prefix });
  },
};

/** Several clients, closed behind the test. */
async function openClients(open: OpenClient, number: number): Promise<[Store, ...Store[]]> {
  const [first, ...others] = await Promise.all(Array.from({ length: number }, open));
  onTestFinished(async () => {
    for (const store of [first!, ...others]) await store[Symbol.asyncDispose]();
  });
  return [first!, ...others];
}

const documentOf = (id: string, more: object = {}) => ({ id, tenant: 'one', state: 'queued', value: { id }, ...more });
const times = <T>(number: number, make: (at: number) => T): T[] => Array.from({ length: number }, (_, at) => make(at));

/** What a watcher hears, and a wait for it. */
function hearing(store: Store) {
  const heard: (StoredEvent & { readonly stream: string })[] = [];
  const target = new EventTarget();
  const end = store.watch((stream, event) => {
    heard.push({ stream, ...event });
    target.dispatchEvent(new Event('heard'));
  });
  const until = async (isEnough: () => boolean): Promise<void> => {
    while (!isEnough()) await once(target, 'heard');
  };
  return { heard, until, end };
}

describe.each(Object.entries(adapters))('%s as a store', (_, newSpace) => {
  describe('documents', () => {
    it('are created once, read, changed and removed', async () => {
      const [store, other] = (await openClients(newSpace(), 2)) as [Store, Store];
      expect(await store.create('job', documentOf('a'))).toBe(true);
      expect(await other.create('job', documentOf('a', { value: 'else' }))).toBe(false);
      const created = { ...documentOf('a'), sequence: 1, version: 1, expiresAt: undefined };
      expect(await other.read('job', 'a')).toEqual(created);
      expect(await other.read('asset', 'a')).toBeUndefined();
      expect(await other.update('job', 'a', () => undefined)).toEqual(created);
      const changed = { ...created, version: 2, state: 'running', value: [1, null, 'ü'] };
      expect(await store.update('job', 'a', () => ({ state: 'running', value: [1, null, 'ü'] }))).toEqual(changed);
      expect(await other.read('job', 'a')).toEqual(changed);
      expect(await store.update('job', 'b', () => expect.fail('there is none'))).toBeUndefined();
      expect(await store.remove('job', 'a')).toBe(true);
      expect(await other.remove('job', 'a')).toBe(false);
      expect(await other.read('job', 'a')).toBeUndefined();
    });

    it('stay as they are when a change throws', async () => {
      const [store] = await openClients(newSpace(), 1);
      await store.create('job', documentOf('a'));
      const change = store.update('job', 'a', () => {
        throw new Error('not so');
      });
      await expect(change).rejects.toThrow('not so');
      expect(await store.read('job', 'a')).toMatchObject({ version: 1, state: 'queued' });
    });

    it('belong to one creator of many', async () => {
      const clients = await openClients(newSpace(), 3);
      const tries = times(30, (at) => clients[at % 3]!.create('job', documentOf('a', { value: at })));
      const won = (await Promise.all(tries)).flatMap((isMine, at) => (isMine ? [at] : []));
      expect(won).toHaveLength(1);
      expect(await clients[0].read('job', 'a')).toMatchObject({ value: won[0], version: 1 });
      expect(await clients[0].count('job')).toEqual({ queued: 1 });
    });

    it('lose no change of many at once', async () => {
      const clients = await openClients(newSpace(), 4);
      await clients[0].create('job', documentOf('a', { value: [] }));
      await Promise.all(
        times(60, (at) =>
          clients[at % 4]!.update('job', 'a', ({ value }) => ({
            state: `state-${at % 3}`,
            value: [...(value as number[]), at],
          })),
        ),
      );
      const document = await clients[0].read('job', 'a');
      expect(document!.version).toBe(61);
      expect([...(document!.value as number[])].sort((a, b) => a - b)).toEqual(times(60, (at) => at));
      expect(await clients[0].count('job')).toEqual({ [document!.state]: 1 });
    });

    it('are paged whole and in order while they change their states', async () => {
      const [store, other] = (await openClients(newSpace(), 2)) as [Store, Store];
      for (const at of times(40, (at) => at)) {
        await store.create('job', documentOf(`job-${at}`, { tenant: at % 4 === 0 ? 'two' : 'one' }));
      }
      for (const newestFirst of [false, true]) {
        const seen: string[] = [];
        for (let after: number | undefined; ; ) {
          const page = await store.list('job', { tenant: 'one', limit: 7, after, newestFirst });
          seen.push(...page.map(({ id }) => id));
          await Promise.all(
            page.map(({ id }) => other.update('job', id, ({ value }) => ({ state: 'running', value }))),
          );
          after = page.at(-1)?.sequence;
          if (page.length < 7) break;
        }
        const expected = times(40, (at) => at).flatMap((at) => (at % 4 === 0 ? [] : [`job-${at}`]));
        expect(seen).toEqual(newestFirst ? expected.reverse() : expected);
      }
      expect(await other.count('job')).toEqual({ queued: 10, running: 30 });
      expect(await other.count('job', 'two')).toEqual({ queued: 10 });
      expect(await other.count('job', 'nobody')).toEqual({});
    });

    it('keep tenants, kinds and states apart whatever they are called', async () => {
      const [store] = await openClients(newSpace(), 1);
      const names = ['a', 'a:b', ':', 'b', '%', "o'x", '"', '日本', 'a\nb', '1:a', '{a}', '', '__proto__'];
      for (const [at, tenant] of names.entries()) {
        for (const state of names) {
          const document = { id: `${at} ${state}`, tenant, state, value: { tenant, state } };
          expect(await store.create('a', document)).toBe(true);
        }
      }
      expect(await store.create('a:b', documentOf('x'))).toBe(true);
      for (const [at, tenant] of names.entries()) {
        for (const state of names) {
          const found = await store.list('a', { tenant, states: [state], limit: 10 });
          expect(found.map(({ id }) => id)).toEqual([`${at} ${state}`]);
        }
        expect(Object.values(await store.count('a', tenant))).toEqual(names.map(() => 1));
      }
    });
  });

  describe('expired documents', () => {
    it('are not there for anybody, and are swept', async () => {
      const [store] = await openClients(newSpace(), 1);
      await store.create('job', documentOf('old', { expiresAt: PAST }));
      await store.create('job', documentOf('new', { expiresAt: FUTURE }));
      await store.create('job', documentOf('kept'));
      await store.create('asset', documentOf('other', { expiresAt: PAST }));
      expect(await store.read('job', 'old')).toBeUndefined();
      expect(await store.update('job', 'old', () => expect.fail('it has expired'))).toBeUndefined();
      expect(await store.remove('job', 'old')).toBe(false);
      for (const request of [{}, { tenant: 'one' }, { states: ['queued', 'running'] }]) {
        const listed = await store.list('job', { ...request, limit: 10 });
        expect(listed.map(({ id }) => id)).toEqual(['new', 'kept']);
      }
      expect(await store.count('job')).toEqual({ queued: 2 });
      expect(await store.sweep('job')).toEqual(['old']);
      expect(await store.sweep('job')).toEqual([]);
      expect(await store.count('job')).toEqual({ queued: 2 });
      expect((await store.read('job', 'new'))?.expiresAt).toBe(FUTURE);
      expect(await store.sweep('asset')).toEqual(['other']);
    });

    it('expire at another time when changed, and stay so when the time is left out', async () => {
      const [store] = await openClients(newSpace(), 1);
      await store.create('job', documentOf('a', { expiresAt: FUTURE }));
      await store.update('job', 'a', ({ value }) => ({ state: 'running', value }));
      expect((await store.read('job', 'a'))?.expiresAt).toBe(FUTURE);
      await store.update('job', 'a', ({ value }) => ({ state: 'done', value, expiresAt: PAST }));
      expect(await store.read('job', 'a')).toBeUndefined();
      expect(await store.count('job')).toEqual({});
      expect(await store.sweep('job')).toEqual(['a']);
    });

    it('leave their id to others', async () => {
      const [store] = await openClients(newSpace(), 1);
      await store.create('job', documentOf('a', { state: 'old', expiresAt: PAST }));
      await store.create('job', documentOf('b'));
      expect(await store.create('job', documentOf('a', { value: 'new' }))).toBe(true);
      expect(await store.read('job', 'a')).toMatchObject({ version: 1, value: 'new', expiresAt: undefined });
      const listed = await store.list('job', { limit: 10 });
      expect(listed.map(({ id }) => id)).toEqual(['b', 'a']);
      expect(await store.count('job')).toEqual({ queued: 2 });
      expect(await store.sweep('job')).toEqual([]);
    });

    it('do not shorten pages', async () => {
      const [store] = await openClients(newSpace(), 1);
      for (const at of times(30, (at) => at)) {
        await store.create(
          'job',
          documentOf(`${at}`, { state: `${at % 2}`, ...(at % 10 === 9 ? {} : { expiresAt: PAST }) }),
        );
      }
      const listed = await store.list('job', { states: ['0', '1'], limit: 2 });
      expect(listed.map(({ id }) => id)).toEqual(['9', '19']);
    });
  });

  describe('events', () => {
    it('are numbered without gaps, whoever appends', async () => {
      const clients = await openClients(newSpace(), 3);
      const numbers = await Promise.all(times(90, (at) => clients[at % 3]!.append(`job:${at % 2}`, { at })));
      for (const stream of [0, 1]) {
        const own = numbers.filter((_, at) => at % 2 === stream).sort((a, b) => a - b);
        expect(own).toEqual(times(45, (at) => at + 1));
        const events = await clients[0].events(`job:${stream}`, 0, 100);
        expect(events.map(({ number }) => number)).toEqual(own);
        for (const { number, value } of events) {
          expect(numbers[(value as { readonly at: number }).at]).toBe(number);
        }
      }
      expect(await clients[1].events('job:0', 40, 3)).toMatchObject([{ number: 41 }, { number: 42 }, { number: 43 }]);
      expect(await clients[1].events('job:0', 45, 3)).toEqual([]);
      expect(await clients[1].events('nothing', 0, 3)).toEqual([]);
    });

    it('reach those who watch in this client and another, in order', async () => {
      const [store, other] = (await openClients(newSpace(), 2)) as [Store, Store];
      const watchers = [hearing(store), hearing(other)];
      // A client that has told something hears.
      await other.publish('ready', {});
      for (const at of times(20, (at) => at)) {
        if (at % 5 === 4) await store.publish('job:a', { progress: at });
        else await store.append('job:a', { at });
      }
      for (const { heard, until } of watchers) {
        await until(() => heard.filter(({ stream }) => stream === 'job:a').length === 20);
        const events = heard.filter(({ stream }) => stream === 'job:a');
        expect(events.map(({ value }) => value)).toEqual(times(20, (at) => (at % 5 === 4 ? { progress: at } : { at })));
        expect(events.map(({ number }) => number)).toEqual(
          times(20, (at) => (at % 5 === 4 ? 0 : at + 1 - Math.floor((at + 1) / 5))),
        );
      }
      const kept = await store.events('job:a', 0, 100);
      expect(kept).toHaveLength(16);
      watchers[0]!.end();
      const before = watchers[0]!.heard.length;
      await other.append('job:a', 'last');
      await watchers[1]!.until(() => watchers[1]!.heard.at(-1)?.value === 'last');
      expect(watchers[0]!.heard).toHaveLength(before);
    });

    it('can be watched again', async () => {
      const [store] = await openClients(newSpace(), 1);
      hearing(store).end();
      const { heard, until, end } = hearing(store);
      await store.append('s', 1);
      await until(() => heard.length === 1);
      end();
      end();
    });

    it('begin at 1 again when they were removed', async () => {
      const [store] = await openClients(newSpace(), 1);
      await store.append('s', 1);
      await store.append('other', 1);
      await store.removeEvents('s');
      expect(await store.events('s', 0, 10)).toEqual([]);
      expect(await store.append('s', 2)).toBe(1);
      expect(await store.append('other', 2)).toBe(2);
    });
  });

  it('adds to counters without losing any', async () => {
    const clients = await openClients(newSpace(), 3);
    expect(await clients[0].add('bytes', 0)).toBe(0);
    const after = await Promise.all(times(60, (at) => clients[at % 3]!.add('bytes', at % 2 === 0 ? 3 : -1)));
    expect(new Set(after).size).toBeGreaterThan(30);
    expect(await clients[1].add('bytes', 0)).toBe(60);
    await expect(clients[0].add('bytes', 0.5)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('does what the model does', async () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const state = fc.constantFrom('queued', 'running', 'done');
    const tenant = fc.constantFrom('one', 'two');
    const expiresAt = fc.constantFrom(undefined, undefined, PAST, FUTURE);
    const step = fc.oneof(
      fc.record({ do: fc.constant('create' as const), id, state, tenant, expiresAt, value: fc.jsonValue() }),
      fc.record({ do: fc.constant('update' as const), id, state, expiresAt, value: fc.jsonValue() }),
      fc.record({ do: fc.constant('remove' as const), id }),
      fc.record({
        do: fc.constant('list' as const),
        tenant: fc.option(tenant, { nil: undefined }),
        states: fc.option(fc.uniqueArray(state), { nil: undefined }),
        limit: fc.integer({ min: 1, max: 4 }),
        after: fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
        newestFirst: fc.boolean(),
      }),
      fc.record({ do: fc.constant('count' as const), tenant: fc.option(tenant, { nil: undefined }) }),
      fc.record({ do: fc.constant('sweep' as const) }),
      fc.record({ do: fc.constant('append' as const), stream: id, value: fc.jsonValue() }),
      fc.record({
        do: fc.constant('events' as const),
        stream: id,
        after: fc.nat(3),
        limit: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({ do: fc.constant('removeEvents' as const), stream: id }),
      fc.record({ do: fc.constant('add' as const), counter: id, amount: fc.integer({ min: -9, max: 9 }) }),
    );
    // JSON has no -0.
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        await using store = await newSpace()();
        const model = new StoreModel();
        for (const now of steps) {
          switch (now.do) {
            case 'create':
              expect(await store.create('job', now)).toBe(model.create('job', now));
              break;
            case 'update': {
              const changed = await store.update('job', now.id, () => now);
              const expected = model.update('job', now.id, now.state, now.value, now.expiresAt);
              expect(plain(changed && pick(changed))).toEqual(plain(expected && pick(expected)));
              break;
            }
            case 'remove':
              expect(await store.remove('job', now.id)).toBe(model.remove('job', now.id));
              break;
            case 'list': {
              const listed = (await store.list('job', now)).map(pick);
              expect(plain(listed)).toEqual(plain(model.list('job', now).map(pick)));
              break;
            }
            case 'count':
              expect(await store.count('job', now.tenant)).toEqual(model.count('job', now.tenant));
              break;
            case 'sweep':
              expect([...(await store.sweep('job'))].sort()).toEqual(model.sweep('job').sort());
              break;
            case 'append':
              expect(await store.append(now.stream, now.value)).toBe(model.append(now.stream, now.value));
              break;
            case 'events': {
              const events = await store.events(now.stream, now.after, now.limit);
              expect(plain(events)).toEqual(plain(model.events(now.stream, now.after, now.limit)));
              break;
            }
            case 'removeEvents':
              await store.removeEvents(now.stream);
              model.removeEvents(now.stream);
              break;
            case 'add':
              expect(await store.add(now.counter, now.amount)).toBe(model.add(now.counter, now.amount));
              break;
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

const pick = ({ id, tenant, state, sequence, version, value }: StoredDocument): object => ({
  ...{ id, tenant, state, sequence, version, value },
});
