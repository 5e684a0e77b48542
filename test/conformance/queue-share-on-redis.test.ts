/** The fair share as Redis computes it: within the numbers that BullMQ has for priorities, however long a lane is busy. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chargeTasks } from '../../src/jobs/queue/bull-scripts.ts';
import { type RedisServer, startRedis } from '../helpers/redis-server.ts';

const BASE = 'test:lane:';
const UNIT = 2 ** 32;

describe('fair share on Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  let added = 0;

  beforeAll(async () => {
    server = await startRedis({ durable: false });
    redis = new Redis(server.url);
  });
  afterAll(async () => {
    redis.disconnect();
    await server[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await redis.flushall();
    added = 0;
  });

  interface Wanted {
    readonly tenant: string;
    readonly cost?: number;
    readonly band?: number;
  }

  /** Adds tasks as BullMQ does, at the front of their bands, and charges them. */
  async function add(width: number, wanted: readonly Wanted[]): Promise<void> {
    const pipeline = redis.pipeline();
    const values = wanted.flatMap(({ tenant, cost = 1, band = 1 }) => {
      const id = `${tenant}-${++added}`;
      pipeline.hset(BASE + id, 'data', '{}');
      pipeline.zadd(`${BASE}prioritized`, (band * width + 1) * UNIT + added, id);
      return [id, tenant, band, cost, `job_${tenant}`];
    });
    await pipeline.exec();
    await chargeTasks.run(
      redis,
      [`${BASE}prioritized`, 'test:~:lanes'],
      [BASE, 'test:~:', 'lane', width, 1000, ...values],
    );
  }

  /** Whose the next task is. */
  async function take(): Promise<string> {
    const [id = ''] = await redis.zpopmin(`${BASE}prioritized`);
    return id.split('-')[0] ?? '';
  }

  const priorities = async (): Promise<number[]> => {
    const scores = await redis.zrangebyscore(`${BASE}prioritized`, 0, '+inf', 'WITHSCORES');
    return scores.filter((_, i) => i % 2 === 1).map((score) => Math.floor(Number(score) / UNIT));
  };

  const WIDTH = 1000;

  test('one task does not wait behind a heap, of which some were taken', async () => {
    await add(
      WIDTH,
      Array.from({ length: 300 }, () => ({ tenant: 'ann' })),
    );
    for (let i = 0; i < 120; i++) await take();
    await add(WIDTH, [{ tenant: 'bob', cost: 50 }]);
    expect([await take(), await take()]).toContain('bob');
  });

  test('tasks are charged once', async () => {
    await add(WIDTH, [{ tenant: 'ann' }, { tenant: 'ann' }]);
    const before = await priorities();
    const again = ['ann-1', 'ann', 1, 1, 'job_ann'];
    await chargeTasks.run(
      redis,
      [`${BASE}prioritized`, 'test:~:lanes'],
      [BASE, 'test:~:', 'lane', WIDTH, 1000, ...again],
    );
    expect(await priorities()).toEqual(before);
    expect(await redis.smembers('test:~:job:job_ann')).toHaveLength(2);
    expect(await redis.smembers('test:~:lanes')).toEqual(['lane']);
  });

  test('a task that is gone before it is charged leaves nothing behind', async () => {
    const values = ['ann-9', 'ann', 1, 1, 'job_ann'];
    await chargeTasks.run(
      redis,
      [`${BASE}prioritized`, 'test:~:lanes'],
      [BASE, 'test:~:', 'lane', WIDTH, 1000, ...values],
    );
    expect(await redis.exists(`${BASE}ann-9`)).toBe(0);
    expect(await redis.keys('test:~:job:*')).toEqual([]);
  });

  test('bands do not touch, and costs count', async () => {
    await add(WIDTH, [
      { tenant: 'low', band: 2 },
      ...Array.from({ length: 8 }, () => ({ tenant: 'ann', cost: 2 })),
      ...Array.from({ length: 8 }, () => ({ tenant: 'bob' })),
      { tenant: 'high', band: 0 },
    ]);
    const order: string[] = [];
    for (let i = 0; i < 18; i++) order.push(await take());
    expect([order[0], order[17]]).toEqual(['high', 'low']);
    const early = order.slice(1, 10);
    expect(early.filter((tenant) => tenant === 'ann')).toHaveLength(3);
  });

  test('a lane that is never empty: the numbers are used again, and the shares stay fair', async () => {
    const width = 60;
    const both: Wanted[] = [{ tenant: 'ann' }, { tenant: 'bob' }];
    await add(width, Array.from({ length: 5 }, () => both).flat());
    const got = { ann: 0, bob: 0 };
    // Ten times as much as the band has numbers.
    for (let i = 0; i < 600; i++) {
      const tenant = (await take()) === 'ann' ? 'ann' : 'bob';
      got[tenant]++;
      await add(width, [{ tenant }]);
      expect(Math.abs(got.ann - got.bob)).toBeLessThanOrEqual(2);
      const [lowest = 0, highest = 0] = [Math.min(...(await priorities())), Math.max(...(await priorities()))];
      expect(lowest).toBeGreaterThan(width);
      expect(highest).toBeLessThanOrEqual(2 * width);
    }
    await add(width, [{ tenant: 'cleo' }]);
    expect([await take(), await take(), await take()]).toContain('cleo');
  });

  test('a heap that is larger than a band stays in it', async () => {
    const width = 60;
    await add(
      width,
      Array.from({ length: 200 }, () => ({ tenant: 'ann' })),
    );
    await add(width, [{ tenant: 'bob' }, { tenant: 'low', band: 2 }]);
    expect(Math.max(...(await priorities()).slice(0, -1))).toBe(2 * width);
    expect([await take(), await take()]).toContain('bob');
    let ann = 1;
    while ((await take()) === 'ann') ann++;
    expect(ann).toBe(200);
  });
});
