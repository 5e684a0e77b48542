import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteStore } from '../store/sqlite-store.ts';
import { EmbeddedDatabase } from './embedded-database.ts';
import { openEmbeddedQueue } from './embedded-queue.ts';
import { EmbeddedTasks } from './embedded-tasks.ts';
import { COMMON_LANE } from './lanes.ts';
import { type Attempt, LOST_WORKERS, type Task } from './queue.ts';

const DAY = 24 * 3600 * 1000;

const taskOf = (id: string, more: Partial<Task> = {}): Task => ({
  ...{ id, kind: 'whole', job: 'job_a', tenant: 'ann', priority: 'normal', cost: 1, lane: COMMON_LANE, payload: {} },
  ...more,
});

describe('embedded queue', () => {
  let folder: string;
  let path: string;
  let count = 0;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'facefusion-queue-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    path = join(folder, `${++count}.db`);
  });

  const lease = (now: number) => ({ holder: 'me 1', leasedUntil: now + 1000 });

  test('lives in the file of the store, whoever opens it first', async () => {
    for (const name of ['queue first', 'store first']) {
      const file = join(folder, `${name}.db`);
      const open = [() => openEmbeddedQueue(file), () => openSqliteStore(file)];
      for (const one of name === 'queue first' ? open : open.reverse()) {
        await using opened = one();
        expect(opened).toBeDefined();
      }
      await using store = openSqliteStore(file);
      await using queue = openEmbeddedQueue(file);
      await store.create('job', { id: 'a', tenant: 'ann', state: 'new', value: 1 });
      await queue.add([taskOf('a-1')]);
      expect(await queue.stats()).toMatchObject([{ waiting: 1 }]);
      expect(await store.read('job', 'a')).toMatchObject({ value: 1 });
    }
  });

  test('a file that is none, and one of a newer version, are refused', () => {
    writeFileSync(path, 'this is not a database, and long enough for its header to be looked at '.repeat(20));
    expect(() => openEmbeddedQueue(path)).toThrow(expect.objectContaining({ code: 'QUEUE_UNAVAILABLE' }));
    const newer = join(folder, 'newer.db');
    const database = new Database(newer);
    database.exec(
      "CREATE TABLE schemas (part TEXT PRIMARY KEY, version INTEGER NOT NULL); INSERT INTO schemas VALUES ('queue', 99)",
    );
    database.close();
    expect(() => openEmbeddedQueue(newer)).toThrow(
      expect.objectContaining({ code: 'QUEUE_UNAVAILABLE', message: expect.stringContaining('newer version') }),
    );
  });

  test('ends are forgotten after a day, save those that another task waits for', () => {
    const database = new EmbeddedDatabase(path);
    const tasks = new EmbeddedTasks(database);
    tasks.add([taskOf('old')], 0);
    tasks.addFlow([taskOf('first'), taskOf('second', { tenant: 'bob' })], taskOf('last'), 0);
    for (const id of ['old', 'first']) {
      const taken = tasks.take([COMMON_LANE], undefined, lease(1), 1);
      const done = taken?.task.id ?? '';
      expect([id, 'second']).toContain(done);
      tasks.complete(done, taken?.token ?? '', done, 1);
    }
    tasks.prune(DAY);
    const kept = (): string[] => ['old', 'first', 'second', 'last'].filter((id) => tasks.has(id));
    expect(kept()).toEqual(['old', 'first', 'second', 'last']);
    tasks.prune(DAY + 2);
    expect(kept()).not.toContain('old');
    // The rest of the flow may come days later: what it waited for is still there.
    for (let next = tasks.take([COMMON_LANE], undefined, lease(DAY), DAY); next; ) {
      if (next.task.id === 'last') expect(next.before.map(({ task }) => task)).toEqual(['first', 'second']);
      tasks.complete(next.task.id, next.token, next.task.id, DAY);
      next = tasks.take([COMMON_LANE], undefined, lease(DAY), DAY);
    }
    expect(tasks.ended('last')).toMatchObject({ outcome: 'completed' });
    tasks.prune(3 * DAY);
    expect(kept()).toEqual([]);
    database.close();
  });

  test('a token that lost its lease can do nothing', () => {
    const database = new EmbeddedDatabase(path);
    const tasks = new EmbeddedTasks(database);
    tasks.add([taskOf('a')], 0);
    const first = tasks.take([COMMON_LANE], undefined, lease(0), 0);
    const token = first?.token ?? '';
    const [held] = tasks.leases();
    if (held) tasks.takeAway(held, 5);
    expect(tasks.held([token]).size).toBe(0);
    expect(tasks.renew([token], 100).size).toBe(0);
    expect(tasks.complete('a', token, 1, 6)).toBe(false);
    expect(tasks.fail('a', token, { code: 'INTERNAL', message: '', retryable: false }, 6)).toBe(false);
    expect(tasks.tryAgain('a', token, 6)).toBe(false);
    const second = tasks.take([COMMON_LANE], undefined, lease(7), 7);
    expect(second).toMatchObject({ number: 2, readyAt: 0 });
    expect(tasks.complete('a', second?.token ?? '', 2, 8)).toBe(true);
    expect(tasks.ended('a')).toMatchObject({ value: 2 });
    database.close();
  });

  test('so many workers may vanish with a task, and not one more', () => {
    const database = new EmbeddedDatabase(path);
    const tasks = new EmbeddedTasks(database);
    tasks.addFlow([taskOf('a')], taskOf('last'), 0);
    for (let lost = 0; lost <= LOST_WORKERS; lost++) {
      expect(tasks.ended('a')).toBeUndefined();
      expect(tasks.take([COMMON_LANE], undefined, lease(lost), lost)?.task.id).toBe('a');
      const [held] = tasks.leases();
      if (held) tasks.takeAway(held, lost);
    }
    for (const id of ['a', 'last']) {
      expect(tasks.ended(id)).toMatchObject({ outcome: 'failed', error: { code: 'JOB_KEPT_FAILING' } });
    }
    expect(tasks.take([COMMON_LANE], undefined, lease(9), 9)).toBeUndefined();
    database.close();
  });

  test('what a killed process had in hand goes on before what waited behind it', async () => {
    await using queue = openEmbeddedQueue(path);
    const begun: string[] = [];
    const doAll = async (...ids: readonly string[]): Promise<void> => {
      const done = new Promise<void>((resolve) => {
        queue.watchEnds(({ task: { id } }) => id === ids.at(-1) && resolve());
      });
      const handler = async ({ task }: Attempt): Promise<void> => void begun.push(task.id);
      await using _worker = queue.work({ lanes: () => [COMMON_LANE], concurrency: 1, handler });
      await done;
    };
    await queue.add([taskOf('before')]);
    await doAll('before');
    // By now the queue knows its own process, and would take what waits at once.
    const database = new EmbeddedDatabase(path);
    const tasks = new EmbeddedTasks(database);
    const { pid } = spawnSync(process.execPath, ['--version']);
    const now = Date.now();
    tasks.add([taskOf('killed'), taskOf('waiting')], now);
    const taken = tasks.take([COMMON_LANE], undefined, { holder: `${pid} 1`, leasedUntil: now + DAY }, now);
    expect(taken?.task.id).toBe('killed');
    database.close();
    await doAll('killed', 'waiting');
    expect(begun).toEqual(['before', 'killed', 'waiting']);
  });

  test('a listener that throws does not keep the others from hearing', async () => {
    await using queue = openEmbeddedQueue(path);
    queue.watchEnds(() => {
      throw new Error('mine');
    });
    const heard = new Promise<string>((resolve) => queue.watchEnds(({ task }) => resolve(task.id)));
    queue.work({ lanes: () => [COMMON_LANE], concurrency: 1, handler: async () => 1 });
    await queue.add([taskOf('a')]);
    expect(await heard).toBe('a');
  });

  test('after it is closed, it says so', async () => {
    const queue = openEmbeddedQueue(path);
    await queue[Symbol.asyncDispose]();
    await queue[Symbol.asyncDispose]();
    await expect(queue.add([taskOf('a')])).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
  });
});
