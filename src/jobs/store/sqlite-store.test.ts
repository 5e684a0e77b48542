import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunFolder, mountSmallDisk, type RunFolder } from '../../../test/helpers/run-folder.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { StoredEvent } from './store.ts';

let folder: RunFolder;
beforeAll(() => {
  folder = createRunFolder();
});
afterAll(() => folder.remove());

const WRITER = fileURLToPath(new URL('../../../test/helpers/store-writer.ts', import.meta.url));

/** Processes that have the file open. */
async function startWriters(path: string, number: number, times: number): Promise<readonly ChildProcess[]> {
  const options = { execArgv: ['--import', 'tsx'] };
  const writers = Array.from({ length: number }, () => fork(WRITER, [path, String(times)], options));
  await Promise.all(writers.map((writer) => once(writer, 'message')));
  return writers;
}

const go = async (writer: ChildProcess): Promise<void> => {
  const done = once(writer, 'message');
  writer.send('go');
  await done;
};

describe('a file that several processes write to', () => {
  it('loses nothing, and tells each of what the others append', async () => {
    const path = folder.at('processes/jobs.sqlite');
    // All of them make the file and its tables at once.
    const writers = await startWriters(path, 2, 100);
    await using store = openSqliteStore(path);
    await store.create('job', { id: 'a', tenant: 't', state: 'queued', value: 0 });
    const heard: { readonly stream: string; readonly event: StoredEvent }[] = [];
    const target = new EventTarget();
    store.watch((stream, event) => {
      heard.push({ stream, event });
      target.dispatchEvent(new Event('heard'));
    });
    const appendMore = async (): Promise<void> => {
      for (let at = 0; at < 100; at++) {
        await store.append('own', at);
        await turn(1);
      }
    };
    await Promise.all([...writers.map(go), appendMore()]);
    expect(await store.read('job', 'a')).toMatchObject({ value: 200, version: 201 });
    expect(await store.add('bytes', 0)).toBe(400);
    expect(Object.values(await store.count('job'))).toEqual([1]);
    const kept = await store.events('shared', 0, 1000);
    expect(kept.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
    while (heard.length < 500) await once(target, 'heard');
    expect(heard.filter(({ stream }) => stream === 'shared').map(({ event }) => event)).toEqual(kept);
    expect(heard.filter(({ stream }) => stream === 'progress').every(({ event }) => event.number === 0)).toBe(true);
    for (const writer of writers) writer.disconnect();
  });

  it('keeps what a killed process had written', async () => {
    const path = folder.at('killed/jobs.sqlite');
    const [writer] = await startWriters(path, 1, 1_000_000);
    await using store = openSqliteStore(path);
    await store.create('job', { id: 'a', tenant: 't', state: 'queued', value: 0 });
    const heard = new EventTarget();
    store.watch((_, { number }) => void (number > 50 && heard.dispatchEvent(new Event('enough'))));
    writer!.send('go');
    await once(heard, 'enough');
    writer!.kill('SIGKILL');
    await once(writer!, 'exit');
    const { value } = (await store.read('job', 'a'))!;
    const events = await store.events('shared', 0, 1_000_000);
    expect(events.map(({ number }) => number)).toEqual(events.map((_, at) => at + 1));
    // It died between two of its four writes, or in one.
    expect(Number(value) - events.length).toBeOneOf([0, 1]);
    expect(await store.append('shared', {})).toBe(events.length + 1);
  });
});

describe('a file that cannot be used', () => {
  const failing = (path: string): unknown => {
    try {
      void openSqliteStore(path)[Symbol.asyncDispose]();
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it('is damaged in its first bytes', () => {
    writeFileSync(folder.at('damaged.sqlite'), 'not a database, but long enough to be taken for one'.repeat(100));
    expect(failing(folder.at('damaged.sqlite'))).toMatchObject({
      ...{ code: 'STORE_FAILED', retryable: false },
      message: expect.stringContaining('is damaged'),
      hint: expect.stringContaining('-wal'),
    });
  });

  it('is damaged in the middle', async () => {
    const path = folder.at('holes/jobs.sqlite');
    const writer = openSqliteStore(path);
    for (let at = 0; at < 200; at++) {
      await writer.create('job', { id: `${at}`, tenant: 't', state: 'queued', value: 'x'.repeat(500) });
    }
    await writer[Symbol.asyncDispose]();
    const database = new Database(path);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    const file = openSync(path, 'r+');
    const { size } = fstatSync(file);
    for (let at = 4096 * 20; at < size; at += 4096) writeSync(file, Buffer.alloc(4096, 0xee), 0, 4096, at);
    closeSync(file);
    await using store = openSqliteStore(path);
    await expect(store.list('job', { limit: 1000 })).rejects.toMatchObject({
      ...{ code: 'STORE_FAILED', retryable: false },
      message: expect.stringContaining('is damaged'),
    });
  });

  it('was written by a newer version', async () => {
    const path = folder.at('newer.sqlite');
    await openSqliteStore(path)[Symbol.asyncDispose]();
    const database = new Database(path);
    database.exec("UPDATE schemas SET version = 99 WHERE part = 'store'");
    database.close();
    expect(failing(path)).toMatchObject({
      code: 'STORE_FAILED',
      message: expect.stringContaining('newer version'),
      details: { part: 'store', found: 99 },
    });
  });

  it('lies in a folder that may not be written to', () => {
    const path = folder.at('locked');
    mkdirSync(path);
    chmodSync(folder.path, 0o755);
    chmodSync(path, 0o555);
    const asOther = process.getuid?.() === 0;
    // Root may write anywhere.
    if (asOther) process.seteuid!(65534);
    let error: unknown;
    try {
      error = failing(`${path}/jobs.sqlite`);
    } finally {
      if (asOther) process.seteuid!(0);
    }
    expect(error).toMatchObject({
      ...{ code: 'STORE_FAILED', retryable: false },
      hint: expect.stringContaining('who may write'),
    });
  });

  it('is a folder', () => {
    mkdirSync(folder.at('folder.sqlite'));
    expect(failing(folder.at('folder.sqlite'))).toMatchObject({ code: 'STORE_FAILED', retryable: false });
  });

  it('was closed', async () => {
    const store = openSqliteStore(folder.at('closed.sqlite'));
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await expect(store.read('job', 'a')).rejects.toMatchObject({ code: 'STORE_FAILED' });
  });
});

const disk = (() => {
  const place = createRunFolder();
  const mounted = mountSmallDisk(place, 1024);
  return mounted && { path: mounted.path, remove: () => [mounted.unmount(), place.remove()] };
})();
afterAll(() => void disk?.remove());

// Only root may mount a disk of its own.
describe.skipIf(disk === undefined)('a full disk', () => {
  it('is told, loses nothing, and is written to again when there is space', async () => {
    await using store = openSqliteStore(`${disk!.path}/jobs.sqlite`);
    let created = 0;
    const fill = async (): Promise<void> => {
      for (; ; created++) {
        await store.create('job', { id: `${created}`, tenant: 't', state: 'queued', value: 'x'.repeat(20_000) });
      }
    };
    writeFileSync(`${disk!.path}/something`, Buffer.alloc(200 * 1024));
    await expect(fill()).rejects.toMatchObject({
      ...{ code: 'STORE_FAILED', retryable: true },
      hint: expect.stringContaining('Free some space'),
    });
    expect(created).toBeGreaterThan(3);
    expect(await store.count('job')).toEqual({ queued: created });
    expect(await store.list('job', { limit: 1000 })).toHaveLength(created);
    rmSync(`${disk!.path}/something`);
    expect(await store.create('job', { id: 'more', tenant: 't', state: 'queued', value: 1 })).toBe(true);
    expect(await store.append('s', 1)).toBe(1);
  });
});
