import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRedis } from '../../test/helpers/redis-server.ts';
import { jobsFolder, openBackend } from './open-backend.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'facefusion-backend-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('openBackend', () => {
  it('needs nothing but a folder', async () => {
    const own = join(folder, 'own');
    await using backend = await openBackend({ folder: own });
    expect(backend.isShared).toBe(false);
    expect(backend.storage.name).toBe('folder media');
    await backend.storage.check();
    expect(await backend.store.create('job', { id: 'a', tenant: 't', state: 's', value: 1 })).toBe(true);
    expect(await backend.queue.isPaused()).toBe(false);
    expect(existsSync(join(own, 'jobs.sqlite'))).toBe(true);
  });

  it('keeps media where it is told', async () => {
    await using backend = await openBackend({ folder: join(folder, 'apart'), storage: join(folder, 'pictures') });
    await backend.storage.put('a/b', Buffer.from('x'), { contentType: 'text/plain' });
    expect(existsSync(join(folder, 'pictures', 'objects', 'a', 'b'))).toBe(true);
  });

  it.each([
    ['queue', 'http://host', 'redis://host:port'],
    ['queue', 'redis:', 'redis://host:port'],
    ['queue', 'redis://', 'redis://host:port'],
    ['queue', 'redis://host/jobs', 'redis://host:port'],
    ['queue', '', 'redis://host:port'],
    ['storage', 'gs://bucket', 's3://bucket/prefix'],
    ['storage', 's3://', 's3://bucket/prefix|name of a bucket'],
    ['storage', 's3://B_ucket', 'name of a bucket'],
    ['storage', 's3://bucket/../x?endpoint=ftp://host', 'endpoint'],
    ['storage', 's3://bucket?pathStyle=yes', 'pathStyle'],
    ['storage', 's3://bucket?colour=red', 'colour'],
    ['storage', 's3://bucket?kmsKey=a', 'kmsKey needs sse=aws:kms'],
    ['storage', 's3://bucket/a%20b', 'key of an object'],
    ['storage', '', 'a folder'],
  ])('says what it expected of the %s %s', async (option, value, expected) => {
    const opening = openBackend({ folder: join(folder, 'unused'), [option]: value });
    await expect(opening).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringMatching(expected),
      hint: expect.stringMatching(/./),
    });
    expect(existsSync(join(folder, 'unused', 'jobs.sqlite'))).toBe(false);
  });

  it.each([
    ['queue', 'http://user:secret@host'],
    ['storage', 's3://key:secret@bucket'],
    ['storage', 's3://bucket?endpoint=http://key:secret@host'],
  ])('does not repeat secrets of the %s', async (option, value) => {
    const error = await openBackend({ folder, [option]: value }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'OPTION_INVALID' });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('closes what it had opened when a later part fails', async () => {
    await using redis = await startRedis({ durable: false });
    writeFileSync(join(folder, 'a-file'), '');
    const opening = openBackend({ folder, queue: redis.url, storage: join(folder, 'a-file', 'media') });
    await expect(opening).rejects.toMatchObject({ code: 'STORAGE_FAILED', retryable: false });
    const looking = new Redis(redis.url);
    try {
      // This one is the only one left.
      await expect
        .poll(
          async () =>
            String(await looking.client('LIST'))
              .trim()
              .split('\n').length,
        )
        .toBe(1);
    } finally {
      looking.disconnect();
    }
  });

  it('stands on a Redis that others share', async () => {
    await using redis = await startRedis({ durable: false });
    await using backend = await openBackend({ folder: join(folder, 'shared'), queue: redis.url });
    expect(backend.isShared).toBe(true);
    expect(await backend.store.add('runs', 2)).toBe(2);
    expect(await backend.queue.isPaused()).toBe(false);
    expect(existsSync(join(folder, 'shared', 'jobs.sqlite'))).toBe(false);
  });
});

describe('jobsFolder', () => {
  it('is in the data folder', () => {
    expect(jobsFolder({ FACEFUSION_DATA_FOLDER: '/data' })).toBe(join('/data', 'jobs'));
  });
});
