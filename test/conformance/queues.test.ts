/** What every queue does, embedded or shared. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { giveBack } from '../../src/jobs/queue/failed-attempt.ts';
import { lookLane } from '../../src/jobs/queue/lanes.ts';
import { ATTEMPTS, type Attempt, LOST_WORKERS, type Task } from '../../src/jobs/queue/queue.ts';
import { QUEUE_KINDS } from '../helpers/queue-adapters.ts';
import { endOf, fired, gate, heldUntilAborted, inLane, QueueBench, taskOf } from '../helpers/queue-bench.ts';
import { type RedisServer, startRedis } from '../helpers/redis-server.ts';
import { createRunFolder, type RunFolder } from '../helpers/run-folder.ts';

const busy = (): AppError => new AppError('OVERLOADED', 'Too much at once.', { hint: 'Wait.', retryable: true });
const wrong = (): AppError =>
  new AppError('TARGET_NO_FACE', 'No face in the target.', { hint: 'Use another.', details: { frames: 3 } });

describe.each(QUEUE_KINDS)('%s queue', (kind) => {
  let folder: RunFolder;
  let redis: RedisServer | undefined;
  let bench: QueueBench;
  let count = 0;

  beforeAll(async () => {
    folder = createRunFolder();
    if (kind === 'bull') redis = await startRedis();
  });
  afterAll(async () => {
    await redis?.[Symbol.asyncDispose]();
    folder.remove();
  });
  beforeEach(() => {
    count++;
    bench = new QueueBench(kind, redis ? `${redis.url}#test${count}` : folder.at(`queue-${count}.db`));
  });
  afterEach(() => bench[Symbol.asyncDispose]());

  test('does every task once, and tells how it ended', async () => {
    const queue = await bench.queue();
    const watcher = await bench.queue();
    const done: string[] = [];
    const tasks = Array.from({ length: 40 }, () => taskOf());
    const told = gate();
    const heard = new Set<string>();
    watcher.watchEnds(({ task }) => {
      heard.add(task.id);
      if (heard.size === tasks.length) told.open();
    });
    const handler = async ({ task }: Attempt): Promise<unknown> => {
      done.push(task.id);
      return { did: task.id };
    };
    inLane(queue, handler, { concurrency: 3 });
    inLane(await bench.queue(), handler, { concurrency: 3 });
    await queue.add(tasks);
    await told.passed;
    expect(done.sort()).toEqual(tasks.map(({ id }) => id).sort());
    const [first] = tasks as [Task];
    expect(await queue.ended(first.id)).toEqual({ task: first, outcome: 'completed', value: { did: first.id } });
    expect(await queue.ended('job_unknown-1-whole-0')).toBeUndefined();
  });

  test('gives the handler what it needs to know', async () => {
    const queue = await bench.queue();
    const task = taskOf({ payload: { run: 2, chunk: 7 }, cost: 3, priority: 'low', tenant: 'täglich: a/b' });
    const before = Date.now();
    const seen = gate<Attempt>();
    await queue.add([task]);
    inLane(queue, async (attempt) => seen.open(attempt));
    const attempt = await seen.passed;
    expect(attempt).toMatchObject({ task, number: 1, before: [] });
    expect(attempt.token.length).toBeGreaterThan(15);
    expect(attempt.readyAt).toBeGreaterThanOrEqual(before);
    expect(attempt.readyAt).toBeLessThanOrEqual(Date.now());
    expect(attempt.signal.aborted).toBe(false);
    expect(await endOf(queue, task.id)).toEqual({ task, outcome: 'completed', value: undefined });
  });

  test('a task that is added again changes nothing', async () => {
    const queue = await bench.queue();
    let times = 0;
    const [task, other] = [taskOf(), taskOf({ priority: 'low' })];
    await queue.add([task, task]);
    await queue.add([task]);
    inLane(queue, async () => ++times);
    await endOf(queue, task.id);
    await queue.add([{ ...task, payload: 'other' }, other]);
    await endOf(queue, other.id);
    expect(times).toBe(2);
    expect(await queue.ended(task.id)).toMatchObject({ task, value: 1 });
  });

  test('the last of a flow gets the results of the others, in their order', async () => {
    const queue = await bench.queue();
    const chunks = Array.from({ length: 12 }, (_, chunk) => taskOf({ job: 'job_flow', payload: { run: 1, chunk } }));
    const stitch = taskOf({ job: 'job_flow', kind: 'stitch' });
    const before = gate<Attempt['before']>();
    inLane(
      queue,
      async ({ task, before: results }) => {
        if (task.kind === 'stitch') before.open(results);
        return { of: task.payload };
      },
      { concurrency: 4 },
    );
    await queue.addFlow(chunks, stitch);
    await queue.addFlow(chunks, stitch);
    expect(await before.passed).toEqual(chunks.map(({ id, payload }) => ({ task: id, value: { of: payload } })));
    expect(await endOf(queue, stitch.id)).toMatchObject({ outcome: 'completed' });
  });

  test('a flow without first tasks is its last one', async () => {
    const queue = await bench.queue();
    const stitch = taskOf();
    await queue.addFlow([], stitch);
    inLane(queue, async ({ before }) => before);
    expect(await endOf(queue, stitch.id)).toMatchObject({ outcome: 'completed', value: [] });
  });

  test('a flow of which one fails ends with its error, and its last is never begun', async () => {
    const queue = await bench.queue();
    const chunks = Array.from({ length: 3 }, (_, chunk) => taskOf({ job: 'job_fails', payload: { run: 1, chunk } }));
    const stitch = taskOf({ job: 'job_fails', kind: 'stitch' });
    const begun: string[] = [];
    await queue.addFlow(chunks, stitch);
    inLane(queue, async ({ task }) => {
      begun.push(task.kind);
      if (task.id === chunks[1]?.id) throw wrong();
    });
    const error = wrong().toJSON();
    expect(await endOf(queue, stitch.id)).toEqual({ task: stitch, outcome: 'failed', error });
    expect(await queue.ended(chunks[1]?.id ?? '')).toEqual({ task: chunks[1], outcome: 'failed', error });
    expect(begun).not.toContain('stitch');
  });

  test('retryable errors are tried again, so many times in all', async () => {
    const queue = await bench.queue();
    const [never, second] = [taskOf(), taskOf()];
    const numbers: Record<string, number[]> = {};
    inLane(queue, async ({ task, number }) => {
      numbers[task.id] = [...(numbers[task.id] ?? []), number];
      if (task.id === never.id || number === 1) throw busy();
      return 'at last';
    });
    await queue.add([never, second]);
    expect(await endOf(queue, never.id)).toEqual({ task: never, outcome: 'failed', error: busy().toJSON() });
    expect(await endOf(queue, second.id)).toMatchObject({ outcome: 'completed', value: 'at last' });
    expect(numbers[never.id]).toEqual(Array.from({ length: ATTEMPTS }, (_, i) => i + 1));
    expect(numbers[second.id]).toEqual([1, 2]);
  });

  test('a task that is given back is begun again, and has not failed', async () => {
    const queue = await bench.queue();
    const task = taskOf();
    let times = 0;
    inLane(queue, async () => {
      if (++times <= ATTEMPTS + 1) throw giveBack(new Error('The worker stops.'));
      return times;
    });
    await queue.add([task]);
    expect(await endOf(queue, task.id)).toMatchObject({ outcome: 'completed', value: ATTEMPTS + 2 });
  });

  test('other errors end a task at once', async () => {
    const queue = await bench.queue();
    const [known, unknown] = [taskOf(), taskOf()];
    let times = 0;
    inLane(queue, async ({ task }) => {
      times++;
      throw task.id === known.id ? wrong() : new TypeError('undefined is not a face');
    });
    await queue.add([known, unknown]);
    expect(await endOf(queue, known.id)).toEqual({ task: known, outcome: 'failed', error: wrong().toJSON() });
    expect(await endOf(queue, unknown.id)).toMatchObject({
      outcome: 'failed',
      error: { code: 'INTERNAL', message: 'undefined is not a face', retryable: false },
    });
    expect(times).toBe(2);
  });

  test('a result that is no JSON fails the task', async () => {
    const queue = await bench.queue();
    const task = taskOf();
    await queue.add([task]);
    inLane(queue, async () => ({ big: 1n }));
    expect(await endOf(queue, task.id)).toMatchObject({ outcome: 'failed', error: { code: 'INTERNAL' } });
  });

  test('a cancelled job: what waits goes, what is in work is told, nothing is reported', async () => {
    const [queue, other] = [await bench.queue(), await bench.queue()];
    const { handler, begun } = heldUntilAborted();
    const worker = inLane(queue, handler);
    const [active, waiting] = [taskOf({ job: 'job_gone' }), taskOf({ job: 'job_gone' })];
    const stays = taskOf({ priority: 'low' });
    const told: string[] = [];
    queue.watchEnds(({ task }) => told.push(task.id));
    await queue.add([active]);
    const attempt = await begun;
    await queue.add([waiting]);
    await queue.addFlow([taskOf({ job: 'job_gone' })], taskOf({ job: 'job_gone' }));
    await other.cancel('job_gone');
    expect(await fired(attempt.signal)).toBe('cancel');
    await worker.close();
    const seen: string[] = [];
    inLane(queue, async ({ task }) => seen.push(task.id));
    await queue.add([stays]);
    await endOf(queue, stays.id);
    expect(seen).toEqual([stays.id]);
    expect(told).toEqual([stays.id]);
    expect(await queue.ended(active.id)).toBeUndefined();
  });

  test('cancelling a job of which nothing is there does nothing', async () => {
    const queue = await bench.queue();
    await queue.cancel('job_never');
    const task = taskOf();
    inLane(queue, async () => 1);
    await queue.add([task]);
    expect(await endOf(queue, task.id)).toMatchObject({ value: 1 });
  });

  test('pauses and goes on, from any instance', async () => {
    const [queue, other] = [await bench.queue(), await bench.queue()];
    const begun: string[] = [];
    const release = gate();
    const hold = taskOf({ kind: 'hold' });
    const started = gate();
    inLane(queue, async ({ task }) => {
      begun.push(task.id);
      if (task.kind !== 'hold') return;
      started.open();
      await release.passed;
    });
    await queue.add([hold]);
    await started.passed;
    await other.pause();
    expect(await queue.isPaused()).toBe(true);
    const task = taskOf();
    await queue.add([task]);
    release.open();
    await endOf(queue, hold.id);
    const [{ waiting, active } = { waiting: 0, active: 0 }] = await other.stats();
    expect({ waiting, active, begun }).toEqual({ waiting: 1, active: 0, begun: [hold.id] });
    await other.resume();
    expect(await endOf(queue, task.id)).toMatchObject({ outcome: 'completed' });
    expect(await queue.isPaused()).toBe(false);
  });

  test('lanes of answers go on while the rest is paused', async () => {
    const queue = await bench.queue();
    const [task, answer] = [taskOf(), taskOf({ lane: lookLane('common'), priority: 'high' })];
    inLane(queue, async ({ task: { lane } }) => lane, { lanes: ['common', lookLane('common')] });
    await queue.pause();
    await queue.add([task]);
    await queue.add([answer]);
    expect(await endOf(queue, answer.id)).toMatchObject({ outcome: 'completed' });
    expect(await queue.ended(task.id)).toBeUndefined();
    await queue.resume();
    expect(await endOf(queue, task.id)).toMatchObject({ outcome: 'completed' });
  });

  test('a tenant moves its own jobs, and nobody else waits for it', async () => {
    const queue = await bench.queue();
    const own = ['a', 'b', 'c', 'd'];
    const add = async (job: string, more: Partial<Task> = {}) =>
      queue.add([taskOf({ job: `job_${job}`, id: `job_${job}-1-whole-0`, ...more })]);
    for (const job of own) await add(job, { cost: job === 'b' ? 5 : 1 });
    for (const job of ['x', 'y', 'z']) await add(job, { tenant: 'bob' });
    await add('low', { priority: 'low' });
    await add('look', { lane: lookLane('common') });
    const jobs = (order: readonly string[]): string => order.map((job) => job.replace('job_', '')).join(' ');
    expect(jobs(await queue.order('ann'))).toBe('a b c d low');
    expect(await queue.move('job_d', 'job_b')).toBe(true);
    expect(jobs(await queue.order('ann'))).toBe('a d b c low');
    expect(await queue.move('job_a', undefined)).toBe(true);
    expect(jobs(await queue.order('ann'))).toBe('d b c a low');
    expect(await queue.move('job_c', 'job_d')).toBe(true);
    expect(await queue.move('job_c', 'job_d')).toBe(true);
    expect(jobs(await queue.order('ann'))).toBe('c d b a low');
    // Not before one of another tenant, of another priority, or that is not there; nor one that is not there.
    for (const [job, before] of [
      ['a', 'x'],
      ['low', 'd'],
      ['a', 'none'],
      ['none', 'a'],
    ]) {
      expect(await queue.move(`job_${job}`, `job_${before}`)).toBe(false);
    }
    expect(await queue.move('job_none', undefined)).toBe(false);
    expect(jobs(await queue.order('ann'))).toBe('c d b a low');
    expect(jobs(await queue.order('bob'))).toBe('x y z');
    expect(await queue.order('cleo')).toEqual([]);

    const order: string[] = [];
    const all = gate();
    inLane(queue, async ({ task: { job } }) => {
      order.push(job);
      if (order.length === 8) all.open();
    });
    await all.passed;
    expect(jobs(order.filter((job) => own.includes(job.slice(4))))).toBe('c d b a');
    // As it was before: half of the first are the other tenant's.
    expect(order.slice(0, 4).filter((job) => ['job_x', 'job_y', 'job_z'].includes(job)).length).toBeGreaterThanOrEqual(
      2,
    );
  });

  test('shares fairly: one task of a tenant does not wait behind the heap of another', async () => {
    const queue = await bench.queue();
    const heap = Array.from({ length: 60 }, () => taskOf({ tenant: 'ann' }));
    await queue.add(heap.slice(0, 50));
    await queue.add([taskOf({ tenant: 'bob', id: 'job_bob-1-whole-0', job: 'job_bob' })]);
    await queue.add(Array.from({ length: 10 }, () => taskOf({ tenant: 'cleo', cost: 2 })));
    await queue.add(heap.slice(50));
    const order: string[] = [];
    const all = gate();
    inLane(queue, async ({ task }) => {
      order.push(task.tenant);
      if (order.length === 71) all.open();
    });
    await all.passed;
    expect(order.indexOf('bob')).toBeLessThanOrEqual(2);
    // Each of Cleo's counts twice.
    const early = order.slice(0, 16).filter((tenant) => tenant === 'cleo').length;
    expect(early).toBeGreaterThanOrEqual(4);
    expect(early).toBeLessThanOrEqual(6);
  });

  test('shares fairly over time: one who adds anew after each task gets no more than half', async () => {
    const queue = await bench.queue();
    await queue.add(Array.from({ length: 20 }, () => taskOf({ tenant: 'ann' })));
    const order: string[] = [];
    const all = gate();
    const mine = (number: number): Task => taskOf({ id: `job_bob-1-whole-${number}`, job: 'job_bob', tenant: 'bob' });
    await queue.add([mine(0)]);
    inLane(queue, async ({ task }) => {
      order.push(task.tenant);
      if (order.length === 20) all.open();
      if (task.tenant === 'bob' && order.length < 20) await queue.add([mine(order.length)]);
    });
    await all.passed;
    expect(order.filter((tenant) => tenant === 'ann').length).toBeGreaterThanOrEqual(9);
    expect(order.filter((tenant) => tenant === 'bob').length).toBeGreaterThanOrEqual(9);
  });

  test('what a tenant cancelled is not held against it', async () => {
    const queue = await bench.queue();
    await queue.add(Array.from({ length: 30 }, () => taskOf({ tenant: 'bob', job: 'job_mistake' })));
    await queue.add(Array.from({ length: 10 }, () => taskOf({ tenant: 'ann' })));
    await queue.cancel('job_mistake');
    const task = taskOf({ tenant: 'bob' });
    await queue.add([task]);
    const order: string[] = [];
    const all = gate();
    inLane(queue, async ({ task: { tenant } }) => {
      order.push(tenant);
      if (order.length === 11) all.open();
    });
    await all.passed;
    expect(order.indexOf('bob')).toBeLessThanOrEqual(1);
  });

  test('higher priorities go first, over all lanes', async () => {
    const queue = await bench.queue();
    const words = ['low', 'normal', 'high', 'normal', 'high', 'low'] as const;
    for (const [i, priority] of words.entries()) await queue.add([taskOf({ priority, lane: `lane${i % 2}` })]);
    const order: string[] = [];
    const all = gate();
    const handler = async ({ task }: Attempt): Promise<void> => {
      order.push(task.priority);
      if (order.length === words.length) all.open();
    };
    inLane(queue, handler, { lanes: ['lane0', 'lane1'] });
    await all.passed;
    expect(order).toEqual(['high', 'high', 'normal', 'normal', 'low', 'low']);
  });

  test('a worker only gets tasks of its lanes, and of new ones when it asks for them', async () => {
    const queue = await bench.queue();
    const lanes = ['common'];
    const seen: string[] = [];
    queue.work({ lanes: () => lanes, concurrency: 2, handler: async ({ task }) => seen.push(task.lane) });
    const [gpu, common] = [taskOf({ lane: 'gpu' }), taskOf()];
    await queue.add([gpu, common]);
    await endOf(queue, common.id);
    expect(seen).toEqual(['common']);
    expect(await queue.ended(gpu.id)).toBeUndefined();
    lanes.push('gpu');
    await endOf(queue, gpu.id);
    expect(seen).toEqual(['common', 'gpu']);
  });

  test('a heap in one lane does not keep a worker from another', async () => {
    const queue = await bench.queue();
    await queue.add(Array.from({ length: 20 }, () => taskOf({ lane: 'lane0' })));
    const task = taskOf({ lane: 'lane1' });
    await queue.add([task]);
    const order: string[] = [];
    const all = gate();
    const handler = async ({ task: { lane } }: Attempt): Promise<void> => {
      order.push(lane);
      if (order.length === 21) all.open();
    };
    inLane(queue, handler, { lanes: ['lane0', 'lane1'] });
    await all.passed;
    expect(order.indexOf('lane1')).toBeLessThanOrEqual(1);
  });

  test('never does more at once than it may, over all lanes', async () => {
    const queue = await bench.queue();
    const lanes = ['lane0', 'lane1', 'lane2'];
    const concurrency = 4;
    let [now, most, done] = [0, 0, 0];
    const tasks = Array.from({ length: 30 }, (_, i) => taskOf({ lane: lanes[i % 3] ?? '' }));
    await queue.add(tasks);
    const [full, all] = [gate(), gate()];
    const worker = inLane(
      queue,
      async () => {
        most = Math.max(most, ++now, worker.active);
        if (now === concurrency) full.open();
        await full.passed;
        now--;
        if (++done === tasks.length) all.open();
      },
      { lanes, concurrency },
    );
    await all.passed;
    expect(most).toBe(concurrency);
  });

  test('closing waits for what is in hand, and takes nothing new', async () => {
    const queue = await bench.queue();
    const [release, started] = [gate(), gate()];
    const [first, second] = [taskOf(), taskOf()];
    await queue.add([first]);
    const worker = inLane(queue, async () => {
      started.open();
      await release.passed;
      return 'done';
    });
    await started.passed;
    const closed = worker.close();
    await queue.add([second]);
    expect(worker.active).toBe(1);
    release.open();
    await closed;
    expect(worker.active).toBe(0);
    expect(await queue.ended(first.id)).toMatchObject({ value: 'done' });
    expect(await queue.ended(second.id)).toBeUndefined();
    inLane(queue, async () => 'later');
    expect(await endOf(queue, second.id)).toMatchObject({ value: 'later' });
  });

  test('tells what waits, is in work, and is delayed', async () => {
    const queue = await bench.queue();
    const [release, started] = [gate(), gate()];
    await queue.add([taskOf()]);
    const worker = inLane(queue, async () => {
      started.open();
      await release.passed;
    });
    await started.passed;
    await queue.add([taskOf(), taskOf()]);
    await queue.addFlow([taskOf({ lane: 'gpu' })], taskOf({ lane: 'gpu' }));
    const stats = [...(await queue.stats())].sort((a, b) => a.lane.localeCompare(b.lane));
    expect(stats).toMatchObject([
      { lane: 'common', waiting: 2, active: 1, delayed: 0 },
      { lane: 'gpu', waiting: 1, active: 0, delayed: 1 },
    ]);
    for (const { oldestSeconds } of stats) {
      expect(oldestSeconds).toBeGreaterThanOrEqual(0);
      expect(oldestSeconds).toBeLessThan(60);
    }
    const closed = worker.close();
    release.open();
    await closed;
  });

  test('what waits, and how tasks ended, outlives the process that added it', async () => {
    const [waiting, done] = [taskOf(), taskOf()];
    {
      await using queue = await bench.queue();
      await queue.add([done]);
      await using worker = inLane(queue, async () => 'kept');
      await endOf(queue, done.id);
      await worker.close();
      await queue.add([waiting]);
    }
    const queue = await bench.queue();
    expect(await queue.ended(done.id)).toEqual({ task: done, outcome: 'completed', value: 'kept' });
    inLane(queue, async ({ number }) => number);
    expect(await endOf(queue, waiting.id)).toMatchObject({ value: 1 });
  });

  test('what a killed worker had in hand is done by another', async () => {
    const queue = await bench.queue();
    const child = await bench.process();
    const task = taskOf({ kind: 'hold' });
    await queue.add([task]);
    await child.heard('begun', task.id);
    const numbers: number[] = [];
    inLane(queue, async ({ number }) => {
      numbers.push(number);
      return 'by another';
    });
    await child.kill();
    expect(await endOf(queue, task.id)).toMatchObject({ outcome: 'completed', value: 'by another' });
    expect(numbers).toEqual([2]);
  });

  test('a task that takes every worker down is given up', async () => {
    const queue = await bench.queue();
    const task = taskOf({ kind: 'hold' });
    const stitch = taskOf({ job: task.job });
    await queue.addFlow([task], stitch);
    // The last of them is there to notice.
    let left = await Promise.all(Array.from({ length: LOST_WORKERS + 2 }, () => bench.process()));
    while (left.length > 1) {
      const holder = await Promise.any(left.map((child) => child.heard('begun', task.id).then(() => child)));
      await holder.kill();
      left = left.filter((child) => child !== holder);
    }
    const failed = { outcome: 'failed', error: { code: 'JOB_KEPT_FAILING', details: { task: task.id } } };
    expect(await endOf(queue, task.id)).toMatchObject(failed);
    expect(await endOf(queue, stitch.id)).toMatchObject(failed);
  });

  test('the result of a worker that was frozen does not count, and it is told', async () => {
    const queue = await bench.queue();
    const child = await bench.process();
    const task = taskOf({ kind: 'hold' });
    await queue.add([task]);
    await child.heard('begun', task.id);
    child.signal('SIGSTOP');
    inLane(queue, async () => 'by another');
    expect(await endOf(queue, task.id)).toMatchObject({ value: 'by another' });
    child.signal('SIGCONT');
    expect(await child.heard('aborted', task.id)).toMatchObject({ reason: 'lease' });
    const ends: string[] = [];
    queue.watchEnds((end) => ends.push(end.task.id));
    child.letGo();
    await child.heard('done', task.id);
    const next = taskOf();
    await queue.add([next]);
    await endOf(queue, next.id);
    expect(ends).not.toContain(task.id);
    expect(await queue.ended(task.id)).toMatchObject({ value: 'by another' });
  });
});
