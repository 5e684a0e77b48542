/** One suite for every storage: what callers rely on, wherever media lie. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolderStorage } from '../../src/jobs/storage/folder-storage.ts';
import { openS3Storage } from '../../src/jobs/storage/s3-storage.ts';
import type { Storage } from '../../src/jobs/storage/storage.ts';
import { createRunFolder, mountSmallDisk, type RunFolder } from '../helpers/run-folder.ts';
import { type S3Server, startS3 } from '../helpers/s3-server.ts';

let folder: RunFolder;
let server: S3Server;
let faulty: S3Server;
let spaces = 0;
beforeAll(async () => {
  folder = createRunFolder();
  server = await startS3();
  faulty = await startS3({ seed: 20260801 });
  faulty.fail(0.1);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await faulty[Symbol.asyncDispose]();
  folder.remove();
});

/** Opens empty ones. */
const adapters: Readonly<Record<string, () => Promise<Storage>>> = {
  'a folder': () => openFolderStorage(folder.at(`media-${++spaces}`)),
  S3: () => openS3Storage(server.url(`media/space-${++spaces}`)),
  'an S3 that fails one request in ten': () => openS3Storage(faulty.url(`media/space-${++spaces}`)),
};

const typed = { contentType: 'video/mp4' };
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const listOf = async (storage: Storage, prefix: string): Promise<string[]> => {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys.sort();
};
/** Larger than a part of an upload, and no multiple of anything. */
const LARGE = randomBytes(17 * 1024 ** 2 + 13);

describe.each(Object.entries(adapters))('%s as a storage', (name, open) => {
  it('gives back what was put, with its type', async () => {
    await using storage = await open();
    const put = await storage.put('jobs/1/a.mp4', Buffer.from('first'), {
      ...typed,
      cacheControl: 'no-store',
      tags: { a: 'b' },
    });
    expect(put).toMatchObject({ key: 'jobs/1/a.mp4', bytes: 5, contentType: 'video/mp4' });
    expect(put.etag).toMatch(/^"[^"]+"$/);
    expect(await text(await storage.read('jobs/1/a.mp4'))).toBe('first');
    const { changedAt, ...head } = (await storage.head('jobs/1/a.mp4'))!;
    expect(head).toEqual({ key: put.key, bytes: 5, contentType: 'video/mp4', etag: put.etag });
    expect(Math.abs(changedAt - Date.now())).toBeLessThan(60_000);
    expect(await storage.head('jobs/1')).toBeUndefined();
    expect(await storage.head('jobs/1/b.mp4')).toBeUndefined();
  });

  it('says where an object is a file of this machine', async () => {
    await using storage = await open();
    await storage.put('jobs/1/a.mp4', Buffer.from('first'), typed);
    const path = await storage.localFile('jobs/1/a.mp4');
    if (name !== 'a folder') expect(path).toBeUndefined();
    else {
      expect(readFileSync(path!, 'utf8')).toBe('first');
      await expect(storage.localFile('no/such')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('replaces objects whole, with another etag', async () => {
    await using storage = await open();
    const first = await storage.put('a', Buffer.from('first'), typed);
    const second = await storage.put('a', Readable.from([Buffer.from('sec'), Buffer.from('ond')]), {
      contentType: 'text/plain',
    });
    expect(second).toMatchObject({ bytes: 6, contentType: 'text/plain' });
    expect(second.etag).not.toBe(first.etag);
    expect(await text(await storage.read('a'))).toBe('second');
    expect(await storage.head('a')).toMatchObject({ bytes: 6, contentType: 'text/plain', etag: second.etag });
  });

  // Where the connection breaks, what is read has changed: the reader is told.
  it.skipIf(name.includes('fails'))('gives a reader who has begun the object that he has', async () => {
    await using storage = await open();
    await storage.put('a', Buffer.from('first'), typed);
    const reading = await storage.read('a');
    await storage.put('a', Buffer.from('second'), typed);
    expect(await text(reading)).toBe('first');
  });

  it('takes streams and files of any length', async () => {
    await using storage = await open();
    const file = folder.at('large.bin');
    writeFileSync(file, LARGE);
    expect(await storage.putFile('files/large', file, typed)).toMatchObject({ bytes: LARGE.length });
    async function* pieces(): AsyncIterable<Buffer> {
      for (let at = 0; at < LARGE.length; at += 700_001) {
        await turn();
        yield LARGE.subarray(at, at + 700_001);
      }
    }
    expect(await storage.put('streams/large', Readable.from(pieces()), typed)).toMatchObject({ bytes: LARGE.length });
    for (const key of ['files/large', 'streams/large']) {
      expect(sha256(await buffer(await storage.read(key)))).toBe(sha256(LARGE));
    }
    for (const content of [Buffer.alloc(0), Readable.from([])]) {
      expect(await storage.put('empty', content, typed)).toMatchObject({ bytes: 0 });
      expect((await buffer(await storage.read('empty'))).length).toBe(0);
    }
    const got = folder.at(`got-${spaces}`);
    expect(await storage.getFile('files/large', got)).toMatchObject({ bytes: LARGE.length, contentType: 'video/mp4' });
    expect(sha256(readFileSync(got))).toBe(sha256(LARGE));
    await storage.getFile('empty', got);
    expect(statSync(got).size).toBe(0);
  });

  it('reads ranges', async () => {
    await using storage = await open();
    await storage.put('a', Buffer.from('0123456789'), typed);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 20 }), async (start, length) => {
        const read = await text(await storage.read('a', { start, end: start + length }));
        expect(read).toBe('0123456789'.slice(start, start + length));
      }),
      { numRuns: 20 },
    );
    for (const [start, end] of [
      [10, 11],
      [5, 5],
      [6, 2],
      [-1, 3],
      [0.5, 3],
      [0, Number.NaN],
    ]) {
      const reading = storage.read('a', { start: start!, end: end! });
      await expect(reading).rejects.toMatchObject({ code: 'RANGE_INVALID' });
    }
    await storage.put('large', LARGE, typed);
    const range = { start: 1_000_003, end: LARGE.length - 7 };
    expect(sha256(await buffer(await storage.read('large', range)))).toBe(
      sha256(LARGE.subarray(range.start, range.end)),
    );
  });

  it('says what is not there, and leaves nothing behind', async () => {
    await using storage = await open();
    const missing = { code: 'NOT_FOUND', message: expect.stringContaining('no/such') };
    await expect(storage.read('no/such')).rejects.toMatchObject(missing);
    await expect(storage.copy('no/such', 'b')).rejects.toMatchObject(missing);
    const target = folder.at('not-got');
    await expect(storage.getFile('no/such', target)).rejects.toMatchObject(missing);
    expect(folder.list().filter((entry) => entry.startsWith('not-got'))).toEqual([]);
    await expect(storage.putFile('a', folder.at('no-file'), typed)).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' });
    await expect(storage.putFile('a', folder.path, typed)).rejects.toMatchObject({ code: 'INPUT_NOT_A_FILE' });
    await storage.remove(['no/such']);
    await storage.removePrefix('no/');
    expect(await listOf(storage, '')).toEqual([]);
  });

  it('lists, copies and removes', async () => {
    await using storage = await open();
    const keys = ['jobs/1/a', 'jobs/1/b/c', 'jobs/12/a', 'jobs/2', 'other', 'joy'];
    for (const key of keys) await storage.put(key, Buffer.from(key), { contentType: `text/${key.length}` });
    expect(await listOf(storage, '')).toEqual([...keys].sort());
    expect(await listOf(storage, 'jobs/')).toEqual(keys.slice(0, 4).sort());
    expect(await listOf(storage, 'jobs/1')).toEqual(keys.slice(0, 3).sort());
    expect(await listOf(storage, 'jobs/1/')).toEqual(keys.slice(0, 2));
    expect(await listOf(storage, 'jo')).toEqual([...keys.slice(0, 4), 'joy'].sort());
    expect(await listOf(storage, 'jobs/1/a')).toEqual(['jobs/1/a']);
    expect(await listOf(storage, 'nothing/here')).toEqual([]);
    for await (const listed of storage.list('')) {
      const { contentType, changedAt, ...head } = (await storage.head(listed.key))!;
      expect(listed).toMatchObject({ ...head, changedAt: expect.any(Number) });
      expect(contentType).toBe(`text/${listed.key.length}`);
      expect(Math.abs(listed.changedAt - changedAt)).toBeLessThanOrEqual(1000);
    }
    const copied = await storage.copy('jobs/1/a', 'copies/a');
    expect(copied).toMatchObject({ key: 'copies/a', bytes: 8, contentType: 'text/8' });
    expect(await storage.head('copies/a')).toMatchObject({ contentType: 'text/8', etag: copied.etag });
    await storage.remove(['jobs/1/a', 'joy', 'gone']);
    expect(await text(await storage.read('copies/a'))).toBe('jobs/1/a');
    await storage.removePrefix('jobs/1/');
    expect(await listOf(storage, '')).toEqual(['copies/a', 'jobs/12/a', 'jobs/2', 'other']);
    await expect(storage.removePrefix('')).rejects.toMatchObject({ code: 'OPTION_INVALID' });
  });

  it('refuses what is no key', async () => {
    await using storage = await open();
    const hostile = [
      '',
      '.',
      '..',
      '../a',
      'a/../b',
      'a/..',
      '/a',
      'a/',
      'a//b',
      'a\\b',
      'a\0',
      'a b',
      'ä',
      'a\nb',
      '%2e%2e',
      'a?b',
      '~',
      'C:',
      'x'.repeat(256),
      'x/'.repeat(600),
    ];
    for (const key of hostile) {
      const refused = { code: 'OPTION_INVALID' };
      await expect(storage.put(key, Buffer.from('x'), typed)).rejects.toMatchObject(refused);
      await expect(storage.putFile(key, folder.at('large.bin'), typed)).rejects.toMatchObject(refused);
      await expect(storage.read(key)).rejects.toMatchObject(refused);
      await expect(storage.getFile(key, folder.at('hostile'))).rejects.toMatchObject(refused);
      await expect(storage.head(key)).rejects.toMatchObject(refused);
      await expect(storage.remove([key])).rejects.toMatchObject(refused);
      await expect(
        storage.presign(key, { method: 'GET', expiresSeconds: 1 }).then((it) => it ?? expect.fail()),
      ).rejects.toMatchObject(name === 'a folder' ? {} : refused);
      if (key !== '' && key !== 'a/') await expect(listOf(storage, key)).rejects.toMatchObject(refused);
    }
    await storage.put('a', Buffer.from('x'), typed);
    for (const key of ['../b', ''])
      await expect(storage.copy('a', key)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('.', '/', 'a', '..', '\\', '\0', '-') }), async (key) => {
        const isKey = key.split('/').every((part) => /^[a.-]+$/.test(part) && part !== '.' && part !== '..');
        const found = await storage.head(key).then(
          () => 'taken',
          (error: { readonly code: string }) => error.code,
        );
        expect(found).toBe(isKey ? 'taken' : 'OPTION_INVALID');
      }),
      { numRuns: 60 },
    );
  });

  it('passes on what a stream fails with, and keeps what was there', async () => {
    await using storage = await open();
    await storage.put('a', Buffer.from('first'), typed);
    async function* broken(): AsyncIterable<Buffer> {
      yield LARGE;
      throw Object.assign(new Error('The client has gone'), { code: 'ECONNRESET', syscall: 'read' });
    }
    await expect(storage.put('a', Readable.from(broken()), typed)).rejects.toThrow('The client has gone');
    await expect(storage.put('b', Readable.from(broken()), typed)).rejects.toThrow('The client has gone');
    expect(await text(await storage.read('a'))).toBe('first');
    expect(await listOf(storage, '')).toEqual(['a']);
  });

  it('stops when it is told to', async () => {
    await using storage = await open();
    await storage.put('large', LARGE, typed);
    const cancelled = { code: 'CANCELLED' };
    const gone = AbortSignal.abort('cancel');
    await expect(storage.put('b', LARGE, { ...typed, signal: gone })).rejects.toMatchObject(cancelled);
    await expect(storage.putFile('b', folder.at('large.bin'), { ...typed, signal: gone })).rejects.toMatchObject(
      cancelled,
    );
    await expect(storage.read('large', undefined, gone)).rejects.toMatchObject(cancelled);
    await expect(storage.getFile('large', folder.at('stopped'), gone)).rejects.toMatchObject(cancelled);
    const writing = new AbortController();
    async function* endless(): AsyncIterable<Buffer> {
      for (let at = 0; ; at++) {
        if (at === 30) writing.abort('cancel');
        await turn();
        yield LARGE.subarray(0, 300_000);
      }
    }
    const put = storage.put('b', Readable.from(endless()), { ...typed, signal: writing.signal });
    await expect(put).rejects.toMatchObject(cancelled);
    const reading = new AbortController();
    const stream = await storage.read('large', undefined, reading.signal);
    const read = (async () => {
      for await (const _ of stream) reading.abort('cancel');
    })();
    await expect(read).rejects.toMatchObject(cancelled);
    expect(await listOf(storage, '')).toEqual(['large']);
    expect(folder.list().filter((entry) => entry.startsWith('stopped'))).toEqual([]);
  });

  it('lets a reader go away', async () => {
    await using storage = await open();
    const content = LARGE.subarray(0, 1_000_000);
    await storage.put('a', content, typed);
    // More than there are connections.
    for (let at = 0; at < 60; at++) (await storage.read('a')).destroy();
    const stream = await storage.read('a');
    for await (const _ of stream) break;
    expect(sha256(await buffer(await storage.read('a')))).toBe(sha256(content));
  });

  it('keeps one whole object when many put the same key at once', async () => {
    await using storage = await open();
    const puts = Array.from({ length: 12 }, (_, at) =>
      storage.put('same/key', Buffer.alloc(100_000 + at, at), { contentType: `type/${at}` }),
    );
    const reads = puts.map(async () => {
      await turn();
      const found = await storage.head('same/key');
      if (found) expect(found.contentType).toBe(`type/${found.bytes - 100_000}`);
    });
    await Promise.all([...puts, ...reads]);
    const { bytes, contentType } = (await storage.head('same/key'))!;
    expect(contentType).toBe(`type/${bytes - 100_000}`);
    expect(await buffer(await storage.read('same/key'))).toEqual(Buffer.alloc(bytes, bytes - 100_000));
  });

  it('survives others that remove what lies beside', async () => {
    await using storage = await open();
    await Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        await storage.put(`deep/er/${at}`, Buffer.from(`${at}`), typed);
        expect(await text(await storage.read(`deep/er/${at}`))).toBe(`${at}`);
        await storage.remove([`deep/er/${at}`]);
      }),
    );
    expect(await listOf(storage, '')).toEqual([]);
  });

  it('can be checked', async () => {
    await using storage = await open();
    await storage.check();
    expect(await listOf(storage, '')).toEqual([]);
  });
});

describe('a folder', () => {
  it('is not left through links', async () => {
    const root = folder.at('links');
    await using storage = await openFolderStorage(root);
    const secret = folder.at('secret');
    mkdirSync(secret);
    writeFileSync(join(secret, 'file'), 'secret');
    symlinkSync(secret, join(root, 'objects', 'folder'));
    symlinkSync(join(secret, 'file'), join(root, 'objects', 'file'));
    const refused = { code: 'STORAGE_FAILED', retryable: false };
    for (const key of ['folder/file', 'file']) {
      await expect(storage.read(key)).rejects.toMatchObject(refused);
      await expect(storage.head(key)).rejects.toMatchObject(refused);
      await expect(storage.getFile(key, folder.at('got'))).rejects.toMatchObject(refused);
    }
    for (const key of ['folder/new', 'folder/deep/er/new']) {
      await expect(storage.put(key, Buffer.from('x'), typed)).rejects.toMatchObject(refused);
      await expect(storage.remove([key, 'folder/file'])).rejects.toMatchObject(refused);
    }
    expect(await listOf(storage, '')).toEqual([]);
    expect(readdirSync(secret)).toEqual(['file']);
    // A link in place of an object is replaced, not followed.
    await storage.put('file', Buffer.from('mine'), typed);
    expect(readFileSync(join(secret, 'file'), 'utf8')).toBe('secret');
    expect(await text(await storage.read('file'))).toBe('mine');
  });

  it('holds the objects as files, for nobody else to read, and nothing beside them', async () => {
    const root = folder.at('plain');
    await using storage = await openFolderStorage(root);
    await storage.put('jobs/1/out.mp4', Buffer.from('x'), typed);
    await storage.put('jobs/1/out.mp4', Buffer.from('y'), typed);
    const path = join(root, 'objects', 'jobs', '1', 'out.mp4');
    expect(readFileSync(path, 'utf8')).toBe('y');
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(readdirSync(join(root, 'facts', 'jobs', '1', 'out.mp4'))).toHaveLength(1);
    await storage.remove(['jobs/1/out.mp4']);
    for (const part of ['objects', 'facts', 'parts']) expect(readdirSync(join(root, part))).toEqual([]);
  });

  it('takes files that were put there by hand', async () => {
    const root = folder.at('by-hand');
    await using storage = await openFolderStorage(root);
    writeFileSync(join(root, 'objects', 'a.bin'), 'by hand');
    expect(await storage.head('a.bin')).toMatchObject({ bytes: 7, contentType: 'application/octet-stream' });
    expect(await listOf(storage, '')).toEqual(['a.bin']);
  });

  it('says that a key cannot be the folder of another', async () => {
    await using storage = await openFolderStorage(folder.at('both'));
    await storage.put('a', Buffer.from('x'), typed);
    const refused = { code: 'STORAGE_FAILED', retryable: false, hint: expect.stringContaining('in the way') };
    await expect(storage.put('a/b', Buffer.from('x'), typed)).rejects.toMatchObject(refused);
    await storage.put('c/d', Buffer.from('x'), typed);
    await expect(storage.put('c', Buffer.from('x'), typed)).rejects.toMatchObject(refused);
    expect(await listOf(storage, '')).toEqual(['a', 'c/d']);
  });
});

const place = createRunFolder();
const disk = mountSmallDisk(place, 2048);
afterAll(() => {
  disk?.unmount();
  place.remove();
});

// Only root may mount a disk of its own.
describe.skipIf(disk === undefined)('a folder on a full disk', () => {
  it('says so, leaves nothing behind and goes on when there is space', async () => {
    await using storage = await openFolderStorage(disk!.path);
    const whole = await storage.put('a', LARGE.subarray(0, 600_000), typed);
    const full = { code: 'STORAGE_FAILED', retryable: true, hint: expect.stringContaining('free some space') };
    await expect(storage.put('a', Readable.from([LARGE]), typed)).rejects.toMatchObject(full);
    await expect(storage.putFile('b/c', folder.at('large.bin'), typed)).rejects.toMatchObject(full);
    await expect(storage.put('d', Readable.from([LARGE]), typed)).rejects.toMatchObject(full);
    expect(await listOf(storage, '')).toEqual(['a']);
    expect(readdirSync(join(disk!.path, 'parts'))).toEqual([]);
    expect(readdirSync(join(disk!.path, 'facts'))).toEqual(['a']);
    expect(await storage.head('a')).toEqual(whole);
    const got = join(disk!.path, 'got');
    writeFileSync(join(disk!.path, 'something'), LARGE.subarray(0, 1_000_000));
    await expect(storage.getFile('a', got)).rejects.toMatchObject(full);
    expect(existsSync(`${got}.part`) || existsSync(got)).toBe(false);
    rmSync(join(disk!.path, 'something'));
    await storage.getFile('a', got);
    await storage.check();
  });
});

describe('S3', () => {
  it('is asked with encryption, tags, types and checksums', async () => {
    await using storage = await openS3Storage(server.url('media/options', { sse: 'aws:kms', kmsKey: 'key-1' }));
    const before = server.requests.length;
    const options = {
      contentType: 'video/mp4',
      cacheControl: 'public, max-age=1',
      tags: { 'keep-days': '7', kind: 'a b' },
    };
    await storage.put('small', Buffer.from('x'), options);
    await storage.put('large', LARGE, options);
    await storage.copy('small', 'copy');
    const asked = server.requests.slice(before);
    const making = asked.filter(
      ({ method, path }) => (method === 'PUT' && !path.includes('partNumber')) || path.endsWith('uploads='),
    );
    expect(asked.filter(({ path }) => path.includes('partNumber'))).toHaveLength(3);
    expect(making.length).toBeGreaterThanOrEqual(3);
    for (const { headers } of making) {
      expect(headers).toMatchObject({
        'x-amz-server-side-encryption': 'aws:kms',
        'x-amz-server-side-encryption-aws-kms-key-id': 'key-1',
      });
      if (headers['x-amz-copy-source']) continue;
      expect(headers).toMatchObject({
        ...{ 'content-type': 'video/mp4', 'cache-control': 'public, max-age=1' },
        'x-amz-tagging': 'keep-days=7&kind=a+b',
      });
    }
    expect(asked[0]!.headers['x-amz-checksum-crc32']).toMatch(/=$/);
  });

  it('signs addresses for clients that do not pass through this process', async () => {
    await using storage = await openS3Storage(server.url('media/signed'));
    const put = (await storage.presign('up/a.mp4', { method: 'PUT', expiresSeconds: 60, contentType: 'video/mp4' }))!;
    expect(put.headers).toEqual({ 'content-type': 'video/mp4' });
    expect(Math.abs(put.expiresAt - Date.now() - 60_000)).toBeLessThan(60_000);
    const content = LARGE.subarray(0, 300_000);
    const sent = await fetch(put.url, { method: 'PUT', headers: put.headers, body: content });
    expect(sent.status).toBe(200);
    expect(await storage.head('up/a.mp4')).toMatchObject({ bytes: 300_000, contentType: 'video/mp4' });
    const fileName = 'Ünï "code"\r\n\\..%.mp4';
    const get = (await storage.presign('up/a.mp4', { method: 'GET', expiresSeconds: 60, fileName }))!;
    const answer = await fetch(get.url, { headers: get.headers });
    expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(content));
    const disposition = new URL(get.url).searchParams.get('response-content-disposition');
    expect(disposition).toBe(
      `attachment; filename="_n_ _code____.._.mp4"; filename*=UTF-8''%C3%9Cn%C3%AF%20%22code%22___..%25.mp4`,
    );
    for (const expiresSeconds of [0, -1, 1.5, 604_801, Number.NaN]) {
      const signing = storage.presign('a', { method: 'GET', expiresSeconds });
      await expect(signing).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    }
  });

  it('signs for where clients reach it, with the encryption that they must send', async () => {
    const parameters = { publicEndpoint: 'https://media.example.org', sse: 'AES256' };
    await using storage = await openS3Storage(server.url('media', parameters));
    const { url, headers } = (await storage.presign('a', { method: 'PUT', expiresSeconds: 60 }))!;
    expect(new URL(url).origin).toBe('https://media.example.org');
    expect(headers).toEqual({ 'x-amz-server-side-encryption': 'AES256' });
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toContain('x-amz-server-side-encryption');
  });

  it('lists and removes more than one page holds', async () => {
    await using storage = await openS3Storage(server.url('media/pages'));
    const keys = Array.from({ length: 1003 }, (_, at) => `many/${at}`);
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => storage.put(key, Buffer.from(key), typed)));
    }
    expect(await listOf(storage, 'many/')).toEqual([...keys].sort());
    await storage.removePrefix('many/');
    expect(await listOf(storage, '')).toEqual([]);
  });

  it('is used without a word on stderr', async () => {
    const code = `import('./src/jobs/storage/s3-storage.ts')
      .then(({ openS3Storage }) => openS3Storage('s3://media?region=eu-central-1'))
      .then((storage) => storage.presign('a', { method: 'GET', expiresSeconds: 1 }))
      .then(({ url }) => console.log(url));`;
    const { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: _, ...env } = process.env;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', code], { env });
    expect(stdout).toContain('https://media.s3.eu-central-1.amazonaws.com/a?');
    expect(stderr).toBe('');
  });

  it('says which bucket is not there, and that nobody answers', async () => {
    await using storage = await openS3Storage(server.url('no-such-bucket'));
    const missing = { code: 'STORAGE_FAILED', retryable: false, hint: expect.stringContaining('Make the bucket') };
    await expect(storage.check()).rejects.toMatchObject(missing);
    await using nowhere = await openS3Storage('s3://media?endpoint=http://127.0.0.1:1&pathStyle=true');
    await expect(nowhere.check()).rejects.toMatchObject({ code: 'STORAGE_FAILED', retryable: true });
  });

  it('that fails one request in ten has shown nobody', () => {
    const faults = new Set(faulty.requests.map(({ fault }) => fault));
    expect(faults).toEqual(new Set([undefined, 'unavailable', 'slow-down', 'reset-before', 'reset-after', 'cut-body']));
    const share = faulty.requests.filter(({ fault }) => fault !== undefined).length / faulty.requests.length;
    expect(share).toBeGreaterThan(0.05);
  });
});
