/** Ways in: whole, in parts, from an address, straight to the storage; and what is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import * as tus from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient } from '../../src/client/index.ts';
import { dataFolder } from '../../src/core/data-folder.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { startS3 } from '../helpers/s3-server.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { openService, type TestService } from '../helpers/service.ts';

const photo = readFileSync(samplePhotoPath(1));
const video = readFileSync(sampleVideoPath('cap12_edit'));
const LIMIT = 8_000_000;

let service: TestService;
let key: string;
let stranger: string;
const folder = createRunFolder();

beforeAll(async () => {
  // What is in work is looked at: no other test may work here.
  process.env.FACEFUSION_DATA_FOLDER = folder.at('data');
  service = await openService({
    auth: { required: true },
    requestsPerMinute: 0,
    uploads: { maxBytes: LIMIT, maxPixels: 20e6 },
  });
  key = await service.key();
  stranger = await service.key({ tenant: 'others' });
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  expect(filesIn('incoming')).toEqual([]);
  folder.remove();
});

/** Of what is in work on this machine. */
const filesIn = (name: string): string[] => {
  try {
    return readdirSync(join(dataFolder(), name));
  } catch {
    return [];
  }
};

function formOf(bytes: Uint8Array<ArrayBuffer>, fileName: string, type = 'image/jpeg'): FormData {
  const form = new FormData();
  form.append('file', new Blob([bytes], { type }), fileName);
  return form;
}

async function upload(bytes: Uint8Array<ArrayBuffer>, fileName = 'a.jpg', type?: string) {
  const response = await service.call(key, '/v1/assets', { method: 'POST', body: formOf(bytes, fileName, type) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('a file in one request', () => {
  it('is what its content says, and is kept once', async () => {
    const first = await upload(photo, '../../\u202egpj.exe\u0000/ho liday.txt', 'text/html');
    expect(first).toMatchObject({
      status: 201,
      body: {
        contentType: 'image/jpeg',
        fileName: 'ho liday.txt',
        bytes: photo.length,
        media: { kind: 'image', width: 1920 },
      },
    });
    const second = await upload(photo);
    expect(second).toMatchObject({ status: 200, body: { id: first.body.id, fileName: 'ho liday.txt' } });
    expect(JSON.stringify(second.body)).not.toContain('assets/acme');
    const { usage } = (await (await service.call(key, '/v1/usage')).json().then((body) => ({ usage: body }))) as {
      usage: { total: { bytesUploaded: number } };
    };
    expect(usage.total.bytesUploaded).toBe(photo.length);
  });

  it.each([
    ['words', Buffer.from('#!/bin/sh\necho no photo\n'), 'INPUT_UNSUPPORTED', 415],
    ['half a photo', photo.subarray(0, 300), 'INPUT_UNREADABLE', 422],
    ['nothing', Buffer.alloc(0), 'INPUT_UNREADABLE', 422],
    ['a small file of many pixels', bomb(30_000, 30_000), 'INPUT_TOO_LARGE', 413],
    ['too many bytes', Buffer.alloc(LIMIT + 1, photo), 'INPUT_TOO_LARGE', 413],
  ])('is refused for %s, and leaves nothing', async (_name, bytes, code, status) => {
    expect(await upload(Uint8Array.from(bytes))).toMatchObject({ status, body: { code } });
    expect(filesIn('incoming')).toEqual([]);
  });

  it('is refused in anything but a form with a file', async () => {
    const call = async (init: RequestInit) =>
      (await service.call(key, '/v1/assets', { method: 'POST', ...init })).status;
    expect(await call({ body: JSON.stringify({ file: 'x' }), headers: { 'content-type': 'application/json' } })).toBe(
      415,
    );
    expect(await call({ body: new URLSearchParams({ file: 'x' }) })).toBe(415);
    expect(await call({ body: new FormData() })).toBe(400);
    expect(await call({ body: 'x', headers: { 'content-type': 'multipart/form-data' } })).toBe(400);
  });

  it('leaves nothing when it is broken off', async () => {
    const { port, hostname } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    const head = [
      'POST /v1/assets HTTP/1.1',
      `host: ${hostname}:${port}`,
      `authorization: Bearer ${key}`,
      'content-type: multipart/form-data; boundary=b',
      'content-length: 100000',
    ];
    socket.write(
      `${head.join('\r\n')}\r\n\r\n--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`,
    );
    socket.write(photo.subarray(0, 50_000));
    await expect.poll(() => filesIn('incoming').length).toBe(1);
    socket.destroy();
    await expect.poll(() => filesIn('incoming')).toEqual([]);
  });
});

/** A PNG of one colour: its header is true, and it unfolds to gigabytes. */
function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [size, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    size.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const pixels = deflateSync(Buffer.alloc(100_000));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('the bytes of an upload', () => {
  const get = async (headers: Record<string, string> = {}, method = 'GET', query = '') => {
    const { body } = await upload(photo);
    return service.call(key, `${String(body.contentUrl)}${query}`, { headers, method });
  };

  it('come whole or in ranges, with a tag', async () => {
    const whole = await get();
    expect([whole.status, whole.headers.get('content-type'), whole.headers.get('accept-ranges')]).toEqual([
      200,
      'image/jpeg',
      'bytes',
    ]);
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(photo);
    const etag = String(whole.headers.get('etag'));
    const part = await get({ range: 'bytes=10-19', 'if-range': etag });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${photo.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(photo.subarray(10, 20));
    expect(Buffer.from(await (await get({ range: 'bytes=-5' })).arrayBuffer())).toEqual(photo.subarray(-5));
    expect((await get({ range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
    expect((await get({ 'if-none-match': `"x", W/${etag}` })).status).toBe(304);
    const beyond = await get({ range: `bytes=${photo.length}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${photo.length}`]);
    expect(await beyond.json()).toMatchObject({ code: 'RANGE_INVALID' });
    const head = await get({}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(photo.length),
      '',
    ]);
  });

  it('are saved under a name that cannot break the header', async () => {
    const answer = await get({}, 'GET', '?download=1');
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="ho liday.txt"; filename*=UTF-8''ho%20liday.txt`,
    );
  });

  it('are not there for others, exactly as what never was', async () => {
    const { body } = await upload(photo);
    const never = 'asset_0000000000000000000000';
    for (const path of ['', '/content']) {
      const of = async (id: unknown) => {
        const answer = await service.call(stranger, `/v1/assets/${id}${path}`);
        const { requestId: _, detail, ...rest } = (await answer.json()) as Record<string, unknown>;
        return { status: answer.status, ...rest, detail: String(detail).replace(String(id), 'ID') };
      };
      expect(await of(body.id)).toEqual(await of(never));
      expect(await of(body.id)).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
    const removed = await service.call(stranger, `/v1/assets/${body.id}`, { method: 'DELETE' });
    expect(removed.status).toBe(404);
    expect(await (await service.call(stranger, '/v1/assets')).json()).toEqual({ assets: [] });
  });

  it('go with the upload', async () => {
    const { body } = await upload(readFileSync(samplePhotoPath(2)));
    const remove = async () => (await service.call(key, `/v1/assets/${body.id}`, { method: 'DELETE' })).status;
    expect([await remove(), await remove()]).toEqual([204, 404]);
    expect((await service.call(key, String(body.contentUrl))).status).toBe(404);
    expect(await service.context.backend.storage.head(`assets/acme/${body.sha256}`)).toBeUndefined();
  });
});

describe('an upload in parts', () => {
  const options = {
    endpoint: '',
    chunkSize: 60_000,
    retryDelays: [0, 50, 100],
    headers: {},
    metadata: { filename: 'talk.mp4' },
  };
  const own = () => ({
    ...options,
    endpoint: `${service.url}/v1/uploads`,
    headers: { authorization: `Bearer ${key}` },
  });

  it('goes on where it was cut off, and becomes an asset', async () => {
    // Cut off after the first parts.
    const url = await new Promise<string>((resolve, reject) => {
      const first = new tus.Upload(video, {
        ...own(),
        onError: reject,
        onChunkComplete: (_size, sent) => {
          if (sent >= 120_000) void first.abort().then(() => resolve(String(first.url)), reject);
        },
      });
      first.start();
    });
    const head = await service.call(key, new URL(url).pathname, {
      method: 'HEAD',
      headers: { 'tus-resumable': '1.0.0' },
    });
    expect([head.status, Number(head.headers.get('upload-offset')) >= 120_000]).toEqual([200, true]);
    expect(
      (await service.call(stranger, new URL(url).pathname, { method: 'HEAD', headers: { 'tus-resumable': '1.0.0' } }))
        .status,
    ).toBe(404);
    const asset = await new Promise<string | undefined>((resolve, reject) => {
      let id: string | undefined;
      new tus.Upload(video, {
        ...{ ...own(), uploadUrl: url, onError: reject },
        onAfterResponse: (_request, response) => {
          id ??= response.getHeader('upload-asset');
        },
        onSuccess: () => resolve(id),
      }).start();
    });
    expect(await (await service.call(key, `/v1/assets/${asset}`)).json()).toMatchObject({
      ...{ fileName: 'talk.mp4', bytes: video.length, contentType: 'video/mp4' },
      media: { kind: 'video', width: 400, height: 300, fps: 25 },
    });
    // Whoever missed the last answer asks again.
    const again = await service.call(key, new URL(url).pathname, {
      method: 'HEAD',
      headers: { 'tus-resumable': '1.0.0' },
    });
    expect([again.headers.get('upload-asset'), again.headers.get('upload-offset')]).toEqual([
      asset,
      String(video.length),
    ]);
  });

  const send = (path: string, method: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) =>
    service.call(key, path, { method, headers: { 'tus-resumable': '1.0.0', ...headers }, ...(body ? { body } : {}) });
  const part = { 'content-type': 'application/offset+octet-stream' };

  it('is refused where it does not fit, with a problem', async () => {
    const begun = await send('/v1/uploads', 'POST', { 'upload-length': '10' });
    const path = String(begun.headers.get('location'));
    expect(begun.status).toBe(201);
    const codes = async (answer: Promise<Response>) => {
      const { status, headers } = await answer;
      return [status, headers.get('content-type')?.split(';')[0]];
    };
    expect(await codes(send(path, 'PATCH', { ...part, 'upload-offset': '3' }, Buffer.from('abc')))).toEqual([
      409,
      'application/problem+json',
    ]);
    expect(await codes(send(path, 'PATCH', { ...part, 'upload-offset': '0' }, Buffer.from('eleven bytes')))).toEqual([
      413,
      'application/problem+json',
    ]);
    expect(await codes(send('/v1/uploads', 'POST', { 'upload-length': String(LIMIT + 1) }))).toEqual([
      413,
      'application/problem+json',
    ]);
    expect(await codes(send('/v1/uploads/..%2f..%2fpackage.json', 'HEAD', {}))).toEqual([
      404,
      'application/problem+json',
    ]);
    expect((await send(path, 'DELETE', {})).status).toBe(204);
    expect((await send(path, 'HEAD', {})).status).toBe(404);
  });

  it('of anything but media is refused at its end, and leaves nothing', async () => {
    const before = filesIn('uploads');
    const answer = await send('/v1/uploads', 'POST', { ...part, 'upload-length': '5' }, Buffer.from('hello'));
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([415, 'INPUT_UNSUPPORTED']);
    expect(filesIn('uploads')).toEqual(before);
  });

  it('is what the client does with a large file, over a line that breaks', async () => {
    let broken = 0;
    const client = createClient({
      ...{ baseUrl: service.url, key },
      fetch: async (input, init) => {
        if (init?.method === 'PATCH' && broken++ === 1) throw new TypeError('fetch failed');
        return fetch(input, init);
      },
    });
    const large = new Blob([photo, Buffer.alloc(9 * 1024 ** 2)]);
    // Over the limit of this service: refused before a byte is sent.
    await expect(client.uploadFile(large)).rejects.toMatchObject({ code: 'INPUT_TOO_LARGE', status: 413 });
    expect(await client.uploadFile(new Blob([photo]), { fileName: 'b.jpg' })).toMatchObject({
      contentType: 'image/jpeg',
    });
  });
});

describe('an upload past this process', () => {
  it('comes from an address only where that is allowed', async () => {
    const server = createServer((_request, response) => response.end(photo)).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.jpg`;
    const body = JSON.stringify({ url });
    const ask = async (of: TestService) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await of.call(await of.key(), '/v1/assets/import', { method: 'POST', body, headers });
      return (await answer.json()) as { code: string };
    };
    try {
      expect(await ask(service)).toMatchObject({ code: 'ADDRESS_FORBIDDEN' });
      // Any host is not any network.
      await using open = await openService({ auth: { required: true }, uploads: { importHosts: ['*'] } });
      expect(await ask(open)).toMatchObject({ code: 'ADDRESS_FORBIDDEN' });
    } finally {
      server.close();
    }
  });

  it('needs a storage with addresses of its own', async () => {
    const body = JSON.stringify({ fileName: 'a.jpg', bytes: 5 });
    const answer = await service.call(key, '/v1/assets/presign', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([501, 'PROVIDER_UNAVAILABLE']);
  });

  it('goes straight to the storage, and is looked at there', async () => {
    await using s3 = await startS3();
    s3.createBucket('media');
    await using remote = await openService({ auth: { required: true }, storage: s3.url('media') });
    const own = await remote.key();
    const ask = async (path: string, body?: unknown, of = own) => {
      const json = { 'content-type': 'application/json' };
      const init = body === undefined ? {} : { body: JSON.stringify(body), headers: json };
      const answer = await remote.call(of, path, { method: 'POST', ...init });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const begin = (bytes: number) => ask('/v1/assets/presign', { fileName: '../party.jpg', bytes });
    const put = (of: Record<string, unknown>, body: Uint8Array<ArrayBuffer>) =>
      fetch(String(of.url), { method: 'PUT', body, headers: Object(of.headers) as Record<string, string> });
    const { status, body } = await begin(photo.length);
    expect([status, body.method]).toEqual([201, 'PUT']);
    expect(await ask(String(body.completeUrl))).toMatchObject({ status: 409, body: { code: 'UPLOAD_CONFLICT' } });
    expect((await put(body, photo)).status).toBe(200);
    const theirs = await remote.key({ tenant: 'others' });
    expect(await ask(String(body.completeUrl), undefined, theirs)).toMatchObject({ status: 404 });
    const done = await ask(String(body.completeUrl));
    expect(done).toMatchObject({ status: 201, body: { fileName: 'party.jpg', contentType: 'image/jpeg' } });
    expect(await ask(String(body.completeUrl))).toMatchObject({ status: 200, body: { id: done.body.id } });
    const content = await remote.call(own, String(done.body.contentUrl), { headers: { range: 'bytes=0-3' } });
    expect(Buffer.from(await content.arrayBuffer())).toEqual(photo.subarray(0, 4));
    // No photo, and more than was announced.
    const words = (await begin(5)).body;
    await put(words, Buffer.from('hello'));
    expect(await ask(String(words.completeUrl))).toMatchObject({ status: 415, body: { code: 'INPUT_UNSUPPORTED' } });
    const short = (await begin(3)).body;
    await put(short, photo);
    expect(await ask(String(short.completeUrl))).toMatchObject({ status: 409, body: { code: 'UPLOAD_CONFLICT' } });
    expect(await begin(LIMIT ** 2)).toMatchObject({ status: 413 });
  });
});
