/** What only a queue on a server can meet: the server goes away, or is not one to trust. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBullQueue } from '../../src/jobs/queue/bull-queue.ts';
import type { Queue } from '../../src/jobs/queue/queue.ts';
import { QUICK_TIMES } from '../helpers/queue-adapters.ts';
import { endOf, fired, gate, heldUntilAborted, inLane, taskOf } from '../helpers/queue-bench.ts';
import { type RedisServer, startRedis } from '../helpers/redis-server.ts';

describe('queue on Redis', () => {
  let redis: RedisServer;
  let count = 0;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  const open = (more: { readonly waitMilliseconds?: number; readonly prefix?: string } = {}): Promise<Queue> =>
    openBullQueue({ url: redis.url, prefix: `{away${++count}}`, times: QUICK_TIMES, ...more });

  test('killed and started again: what waits is done, what is in work is not done twice', async () => {
    await using queue = await open();
    const [begun, release] = [gate(), gate()];
    const [held, waiting] = [taskOf({ kind: 'hold' }), taskOf()];
    const numbers: Record<string, number> = {};
    await queue.add([held]);
    inLane(queue, async ({ task, number }) => {
      numbers[task.id] = number;
      if (task.kind !== 'hold') return;
      begun.open();
      await release.passed;
      return 'kept';
    });
    await begun.passed;
    await queue.add([waiting]);
    await redis.kill();
    // The result is there while Redis is not, and for longer than the lease: nothing but time tells that.
    release.open();
    await new Promise((resolve) => setTimeout(resolve, 2 * QUICK_TIMES.leaseMilliseconds));
    await redis.restart();
    expect(await endOf(queue, held.id)).toMatchObject({ outcome: 'completed', value: 'kept' });
    expect(await endOf(queue, waiting.id)).toMatchObject({ outcome: 'completed' });
    expect(numbers).toEqual({ [held.id]: 1, [waiting.id]: 1 });
  });

  test('while it is away, calls wait for it; for how long is bounded', async () => {
    await using patient = await open();
    await using hasty = await open({ waitMilliseconds: 300 });
    const worker = inLane(hasty, async () => 1);
    await redis.kill();
    const [task, lost] = [taskOf(), taskOf()];
    const added = patient.add([task]);
    for (const call of [hasty.add([lost]), hasty.cancel('job_x'), hasty.stats(), hasty.ended('x'), hasty.pause()]) {
      await expect(call).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE', retryable: true });
    }
    // A worker with nothing in hand can close.
    await worker.close();
    await redis.restart();
    await added;
    const seen: string[] = [];
    inLane(patient, async ({ task: { id } }) => seen.push(id));
    expect(await endOf(patient, task.id)).toMatchObject({ outcome: 'completed' });
    // What was refused is not done later.
    expect(seen).toEqual([task.id]);
  });

  test('a job that is cancelled by an instance that cannot be heard is noticed all the same', async () => {
    const prefix = '{deaf}';
    await using queue = await open({ prefix });
    const { handler, begun } = heldUntilAborted();
    inLane(queue, handler);
    const task = taskOf();
    await queue.add([task]);
    const attempt = await begun;
    const other = new Redis(redis.url);
    // As a cancelled task is, without the message.
    await other.del(`${prefix}:${task.lane}:${task.id}`);
    other.disconnect();
    expect(await fired(attempt.signal)).toBe('cancel');
  });

  test('one that may throw keys away is refused', async () => {
    const admin = new Redis(redis.url);
    await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await expect(open()).rejects.toMatchObject({
      code: 'QUEUE_UNAVAILABLE',
      retryable: false,
      details: { policy: 'allkeys-lru' },
    });
    await admin.config('SET', 'maxmemory-policy', 'noeviction');
    admin.disconnect();
  });

  test('one that does not know us is said to be so', async () => {
    const admin = new Redis(redis.url);
    await admin.acl('SETUSER', 'someone', 'on', '>right', '+@all', '~*');
    const url = redis.url.replace('redis://', 'redis://someone:wrong@');
    const error: Error = await openBullQueue({ url, waitMilliseconds: 500 }).then(
      () => new Error('opened'),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
    expect(JSON.stringify(error)).not.toContain('wrong');
    admin.disconnect();
  });

  test('one that is not there is said to be so', async () => {
    const nowhere = openBullQueue({ url: 'redis://:secret@127.0.0.1:1', waitMilliseconds: 200 });
    const error: Error = await nowhere.then(
      () => new Error('opened'),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: 'QUEUE_UNAVAILABLE', retryable: true });
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});
