/** Jobs and looks over HTTP, with a worker: from the upload to the output. */
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClient, type FaceFusionClient, type JobEvent } from '../../src/client/index.ts';
import { jobStream } from '../../src/jobs/job.ts';
import type { StoredEvent } from '../../src/jobs/store/store.ts';
import { listWorkers } from '../../src/jobs/worker-document.ts';
import { readResources } from '../../src/server/operation/resources.ts';
import { createEventHub } from '../../src/server/serving/event-hub.ts';
import { JobEventStream } from '../../src/server/serving/job-event-stream.ts';
import { makeClip, makeFolder, removeFolder } from '../helpers/make-media.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { openService, type TestService } from '../helpers/service.ts';
import { passingOnnx } from '../helpers/tiny-onnx.ts';

let service: TestService;
let key: string;
let client: FaceFusionClient;
let stranger: FaceFusionClient;
let face: string;
let target: string;

beforeAll(async () => {
  service = await openService({ auth: { required: true }, requestsPerMinute: 0 }, { withWorker: true });
  key = await service.key();
  client = createClient({ baseUrl: service.url, key });
  stranger = createClient({ baseUrl: service.url, key: await service.key({ tenant: 'others' }) });
  const area = { left: 1000, top: 120, width: 520, height: 640 };
  const photo = sharp(samplePhotoPath(3)).extract(area).resize(260);
  face = (
    await client.uploadFile(new Blob([Uint8Array.from(await photo.clone().png().toBuffer())]), { fileName: 'face.png' })
  ).id;
  target = (
    await client.uploadFile(new Blob([Uint8Array.from(await photo.flop().jpeg().toBuffer())]), {
      fileName: 'party.jpg',
    })
  ).id;
});
afterAll(() => service[Symbol.asyncDispose]());

const get = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  service.call(key, path, { headers, ...init });
const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  service.call(key, path, {
    method: 'POST',
    ...(body === undefined
      ? { headers }
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
  });

describe('a job', () => {
  let id: string;
  const events: JobEvent[] = [];

  it('is created, done and told of as it happens', async () => {
    const made = await post('/v1/jobs', {
      ...{ sources: [face], target, processors: ['face_swapper'], options: { preset: 'fast' } },
      ...{ output: { name: 'party', format: 'png' }, labels: { order: '4711' } },
    });
    const job = (await made.json()) as { id: string; state: string };
    expect([made.status, made.headers.get('location'), job.state]).toEqual([201, `/v1/jobs/${job.id}`, 'queued']);
    id = job.id;
    const done = await client.waitForJob(id, { onEvent: (event) => events.push(event) });
    expect(done).toMatchObject({ state: 'completed', labels: { order: '4711' }, outputName: 'party.png', target });
    const states = events.flatMap((event) => (event.type === 'state' ? [event.state] : []));
    expect(states).toEqual(['queued', 'running', 'completed']);
    expect(done.outputs).toMatchObject([{ name: 'party.png', role: 'main', contentType: 'image/png', width: 260 }]);
    expect(JSON.stringify(done)).not.toMatch(/"key"|outputs\/acme|\/tmp\//);
  });

  it('is told of again, from any event on', async () => {
    const all = await (await get(`/v1/jobs/${id}/events`)).text();
    const numbers = [...all.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(all).toMatch(/"state":"completed"/);
    const rest = await (await get(`/v1/jobs/${id}/events`, { 'last-event-id': String(numbers.length - 1) })).text();
    expect([...rest.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number))).toEqual([numbers.length]);
    // Who has everything is told that it is over.
    const none = await (await get(`/v1/jobs/${id}/events`, { 'last-event-id': String(numbers.length) })).text();
    expect(none).toMatch(/^event: state\ndata: .*"completed"/m);
    expect(none).not.toMatch(/^id:/m);
  });

  it('has outputs that can be got in parts, kept, and saved', async () => {
    const { outputs } = (await (await get(`/v1/jobs/${id}/outputs`)).json()) as {
      outputs: { url: string; immutableUrl: string; sha256: string; bytes: number }[];
    };
    const [output] = outputs;
    if (!output) throw new Error('Expected an output.');
    const whole = await get(output.url);
    const bytes = Buffer.from(await whole.arrayBuffer());
    expect([whole.status, whole.headers.get('content-type'), whole.headers.get('etag')]).toEqual([
      200,
      'image/png',
      `"${output.sha256}"`,
    ]);
    expect(whole.headers.get('cache-control')).toBe('private, no-cache');
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 260 });
    const part = await get(output.immutableUrl, { range: 'bytes=4-7' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 4-7/${output.bytes}`]);
    expect(part.headers.get('cache-control')).toMatch(/immutable/);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(4, 8));
    expect((await get(output.url, { range: 'bytes=99999999-' })).status).toBe(416);
    expect((await get(output.url, { 'if-none-match': `"${output.sha256}"` })).status).toBe(304);
    const head = await get(output.url, {}, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(output.bytes)]);
    expect((await get(`${output.url}?download=1`)).headers.get('content-disposition')).toMatch(
      /^attachment; filename="party\.png"/,
    );
    for (const name of ['other.png', '..%2f..%2fjobs.sqlite', '%00', 'party.png%2f..', 'x'.repeat(250)]) {
      expect((await get(`/v1/jobs/${id}/outputs/${name}`)).status, name).toBe(404);
    }
    const download = await client.downloadOutput(id, 'party.png');
    expect(Buffer.from(await new Response(download.stream).arrayBuffer())).toEqual(bytes);
  });

  it('is looked at again only where it has changed', async () => {
    const first = await get(`/v1/jobs/${id}`);
    expect((await get(`/v1/jobs/${id}`, { 'if-none-match': String(first.headers.get('etag')) })).status).toBe(304);
  });

  it('is done once, whoever asks how often', async () => {
    const body = {
      sources: [face],
      target,
      processors: ['face_swapper'],
      options: { preset: 'fast' },
      output: { name: 'party', format: 'png' },
    };
    const again = await post('/v1/jobs', body);
    expect([again.status, ((await again.json()) as { id: string }).id]).toEqual([200, id]);
    const keyed = () => post('/v1/jobs', { ...body, reuse: false }, { 'idempotency-key': 'order-1' });
    const [one, two] = [await keyed(), await keyed()];
    const [a, b] = [(await one.json()) as { id: string }, (await two.json()) as { id: string }];
    expect(a.id).not.toBe(id);
    expect([two.status, b.id, two.headers.get('idempotency-replayed')]).toEqual([201, a.id, 'true']);
    const other = await post('/v1/jobs', { ...body, labels: { another: 'body' } }, { 'idempotency-key': 'order-1' });
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, 'IDEMPOTENCY_CONFLICT']);
    await client.waitForJob(a.id);
  });

  it('is not there for others, and its parts neither', async () => {
    const never = 'job_0000000000000000000000';
    const of = async (job: string, path: string, method: 'GET' | 'POST' | 'DELETE') => {
      const answer = await service.call(await service.key({ tenant: 'others' }), `/v1/jobs/${job}${path}`, { method });
      const { requestId: _, detail, ...rest } = (await answer.json()) as Record<string, unknown>;
      return { ...rest, detail: String(detail).replace(job, 'ID') };
    };
    const all = [
      ['', 'GET'],
      ['/events', 'GET'],
      ['/outputs', 'GET'],
      ['/outputs/party.png', 'GET'],
      ['/log', 'GET'],
      ['/cancel', 'POST'],
      ['/retry', 'POST'],
      ['', 'DELETE'],
    ] as const;
    for (const [path, method] of all) {
      expect(await of(id, path, method)).toMatchObject({ status: 404, code: 'JOB_NOT_FOUND' });
      expect(await of(id, path, method)).toEqual(await of(never, path, method));
    }
    expect((await stranger.GET('/v1/jobs')).data).toEqual({ jobs: [] });
    const theirs = await stranger.POST('/v1/jobs', { body: { sources: [face], target } });
    expect(theirs.error).toMatchObject({ code: 'NOT_FOUND', status: 404 });
    await expect(stranger.waitForJob(id)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' });
  });

  it('is listed page by page, by state, and removed', async () => {
    const first = (await client.GET('/v1/jobs', { params: { query: { limit: 1, state: 'completed' } } })).data;
    expect([first?.jobs.length, first?.nextUrl]).toEqual([1, expect.stringMatching(/^\/v1\/jobs\?.*cursor=/)]);
    const second = (await (await get(String(first?.nextUrl))).json()) as { jobs: { id: string }[]; next?: string };
    expect(second.jobs.map((job) => job.id)).toEqual([id]);
    expect(await (await get(`/v1/jobs?state=completed&cursor=${second.next}`)).json()).toEqual({ jobs: [] });
    expect((await get('/v1/jobs?cursor=bm90IG91cnM')).status).toBe(400);
    expect((await get('/v1/jobs?state=lost')).status).toBe(400);
    expect((await post(`/v1/jobs/${id}/retry`)).status).toBe(409);
    expect((await get(`/v1/jobs/${id}`, {}, { method: 'DELETE' })).status).toBe(204);
    expect((await get(`/v1/jobs/${id}/outputs/party.png`)).status).toBe(404);
  });

  it('that cannot be says why', async () => {
    const codes = async (body: unknown) => {
      const answer = await post('/v1/jobs', body);
      return (await answer.json()) as { code: string; errors?: { path: string }[] };
    };
    expect(await codes({ sources: [face], target, options: { nope: 1 } })).toMatchObject({
      code: 'REQUEST_INVALID',
      errors: [{ path: 'body/options' }],
    });
    expect(await codes({ sources: [face], target, options: { modelFolder: '/etc' } })).toMatchObject({
      code: 'REQUEST_INVALID',
    });
    expect(await codes({ sources: [face], target, options: { preset: '../x.json' } })).toMatchObject({
      code: 'REQUEST_INVALID',
    });
    expect(await codes({ sources: [face], target, options: { labelDuty: 3 } })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await codes({ sources: [face], target, output: { format: 'mp4' } })).toMatchObject({
      code: 'OUTPUT_UNSUPPORTED',
    });
    expect(await codes({ target })).toMatchObject({ code: 'OPTION_MISSING' });
    expect(await codes({ sources: [face], target, output: { name: '../x' } })).toMatchObject({
      code: 'REQUEST_INVALID',
    });
    const huge = await post('/v1/jobs', { sources: [face], target, labels: { x: 'y'.repeat(2_000_000) } });
    expect([huge.status, ((await huge.json()) as { code: string }).code]).toEqual([413, 'INPUT_TOO_LARGE']);
  });
});

describe('an answer that is waited for', () => {
  it('tells faces and people, with pictures', async () => {
    const { data: faces } = await client.POST('/v1/faces', { body: { target } });
    expect(faces).toMatchObject({
      width: 260,
      faces: [{ gender: expect.any(String), box: { x0: expect.any(Number) } }],
    });
    const picture = await get(String(faces?.faces[0]?.pictureUrl));
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
    const theirs = await service.call(await service.key({ tenant: 'others' }), String(faces?.faces[0]?.pictureUrl));
    expect(theirs.status).toBe(404);
    const { data: people, error: peopleError } = await client.POST('/v1/people', { body: { target } });
    expect(peopleError).toBeUndefined();
    expect(people).toMatchObject({
      kind: 'image',
      persons: [{ id: 'person1', pictureUrl: expect.stringMatching(/^\/v1\/previews\//) }],
    });
  });

  it('is a frame as a job would make it, as JSON or as the picture', async () => {
    const body = { sources: [face], target, options: { preset: 'fast' } };
    const answer = (await (await post('/v1/preview', body)).json()) as { pictureUrl: string };
    expect(answer).toMatchObject({ width: 260, frames: { total: 1, changed: 1 } });
    const direct = await post('/v1/preview', body, { accept: 'image/png' });
    expect(direct.headers.get('content-type')).toBe('image/png');
    expect(await sharp(await direct.arrayBuffer()).metadata()).toMatchObject({ width: 260 });
    expect(JSON.stringify(answer)).not.toMatch(/looks\//);
  });

  it('tells what was made here', async () => {
    const made = await client.POST('/v1/jobs', { body: { sources: [face], target, output: { format: 'png' } } });
    const job = await client.waitForJob(String(made.data?.id));
    const { stream } = await client.downloadOutput(job.id, 'result.png');
    const copy = await client.uploadFile(await new Response(stream).blob(), { fileName: 'found.png' });
    const { data: verdict } = await client.POST('/v1/verify', { body: { target: copy.id } });
    expect(verdict).toMatchObject({ couldReadMark: true, recorded: [{ isSame: true, job: job.audit }] });
    const { data: log } = await client.GET('/v1/audit', { params: { query: { job: job.id } } });
    expect(log?.entries.map(({ kind }) => kind)).toContain('output.published');
    expect((await stranger.GET('/v1/audit', { params: { query: { job: job.id } } })).error).toMatchObject({
      code: 'JOB_NOT_FOUND',
    });
  });
});

describe('a video that is worked on', () => {
  it('shows its latest frame until it has ended', async () => {
    const clip = await openAsBlob(sampleVideoPath('cap12_edit'));
    const video = await client.uploadFile(clip, { fileName: 'clip.mp4' });
    const { data: job } = await client.POST('/v1/jobs', {
      body: { sources: [face], target: video.id, options: { preset: 'fast', trimFrameEnd: 100 } },
    });
    const path = `/v1/jobs/${job?.id}/latest-frame`;
    let looked: Promise<Response> | undefined;
    let pictured = 0;
    const done = await client.waitForJob(String(job?.id), {
      onEvent: (event) => {
        if (event.type !== 'progress' || event.pictured === undefined) return;
        pictured = event.pictured;
        looked ??= get(path);
      },
    });
    expect(done.state).toBe('completed');
    const picture = await looked;
    expect([picture?.status, picture?.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect(pictured).toBeLessThanOrEqual(100);
    expect(await sharp(await picture?.arrayBuffer()).metadata()).toMatchObject({ format: 'jpeg' });
    expect((await service.call(await service.key({ tenant: 'others' }), path)).status).toBe(404);
    await expect.poll(async () => (await get(path)).status).toBe(404);
  });
});

describe('who is seen in a video', () => {
  it('is told with how far it is, and as one answer the same', async () => {
    const folder = await makeFolder();
    const clip = await openAsBlob(await makeClip(join(folder, 'clip.mp4')));
    const { id } = await client.uploadFile(clip, { fileName: 'clip.mp4' });
    const steps: [string, number, number | undefined][] = [];
    const people = await client.findPeople(id, {
      onProgress: ({ stage, done, total }) => steps.push([stage, done, total]),
    });
    expect(people).toMatchObject({ kind: 'video', frames: 25, persons: [] });
    expect(steps.map(([, done]) => done)).toEqual(steps.map(([, done]) => done).sort((a, b) => a - b));
    expect(steps[0]).toEqual(['people', expect.any(Number), 25]);
    expect((await client.POST('/v1/people', { body: { target: id } })).data).toEqual(people);
    // It was looked through once; what was seen goes with the bytes.
    const kept = async (): Promise<number> => {
      let count = 0;
      for await (const _ of service.context.backend.storage.list('people/')) count++;
      return count;
    };
    const before = await kept();
    await client.DELETE('/v1/assets/{id}', { params: { path: { id } } });
    expect(await kept()).toBe(before - 1);
    await removeFolder(folder);
  });

  it('is told of as an error where it cannot be', async () => {
    const none = client.findPeople('asset_00000000000000000000aa');
    await expect(none).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });
});

describe('the machine', () => {
  const admin = async (): Promise<string> => service.key({ scopes: ['admin'] });

  it('gives its temporary files back where somebody asks for that', async () => {
    const { backend } = service.context;
    // Something that was worked on stays for the next who want it.
    await client.POST('/v1/faces', { body: { target } });
    const path = '/v1/system/clear-temporary-files';
    expect((await post(path)).status).toBe(403);
    const key = await admin();
    const clear = async (): Promise<{ workers: number; freedBytes: number }> =>
      (await service.call(key, path, { method: 'POST' })).json() as Promise<{ workers: number; freedBytes: number }>;
    const cleared = await clear();
    expect([cleared.workers, cleared.freedBytes > 0]).toEqual([1, true]);
    expect(await clear()).toEqual({ workers: 1, freedBytes: 0 });
    const { memory, storage } = await readResources(backend, await listWorkers(backend));
    expect(storage).toMatchObject({ temporary: { usedBytes: 0 }, uploadsBytes: expect.any(Number) });
    expect(memory.usedBytes).toBeLessThan(memory.totalBytes);
    expect((await client.POST('/v1/faces', { body: { target } })).response.status).toBe(200);
  });

  it('takes a model file that is what it shall be, and no other', async () => {
    const folder = await makeFolder();
    vi.stubEnv('FACEFUSION_MODEL_FOLDER', folder);
    const key = await admin();
    const add = async (bytes: Uint8Array, query: string): Promise<{ status: number; body: unknown }> => {
      const form = new FormData();
      form.set('file', new Blob([Uint8Array.from(bytes)]), 'model.onnx');
      const answer = await service.call(key, `/v1/models?${query}`, { method: 'POST', body: form });
      return { status: answer.status, body: await answer.json() };
    };
    const own = 'id=custom/mine&like=crossface_simswap&licence=own';
    expect(await add(passingOnnx([1, 512], 'float32'), own)).toMatchObject({
      ...{ status: 201, body: { id: 'custom/mine', isUnverified: true, isTried: true } },
    });
    const { models } = (await (await service.call(key, '/v1/models')).json()) as { models: unknown[] };
    expect(models).toContainEqual(
      expect.objectContaining({
        id: 'custom/mine',
        state: 'added',
        licence: { name: 'own', commercialUse: 'allowed' },
      }),
    );
    expect(await add(passingOnnx([1, 8], 'float32'), own)).toMatchObject({
      ...{ status: 422, body: { code: 'MODEL_IO_MISMATCH', detail: expect.stringContaining('[1, 512]') } },
    });
    expect(await add(Buffer.from('no model'), own)).toMatchObject({
      ...{ status: 422, body: { code: 'MODEL_UNREADABLE', detail: expect.stringContaining('model.onnx') } },
    });
    vi.unstubAllEnvs();
    await removeFolder(folder);
  });
});

describe('streams of events', () => {
  /** @returns id of a job of one photo */
  const submit = async (): Promise<string> => {
    const { job } = await service.context.jobs.create({
      ...{ tenant: 'acme', owner: 'x', reuse: false },
      run: {
        sources: [{ kind: 'asset', id: face }],
        target: { kind: 'asset', id: target },
        output: { kind: 'stored', name: 'streamed.png' },
        options: {},
      },
    });
    return job.id;
  };

  it('share one watch', async () => {
    const { store } = service.context.backend;
    let watches = 0;
    const hub = createEventHub<StoredEvent>((tell) => {
      watches++;
      return store.watch(tell);
    });
    const heard: string[] = [];
    const ends = Array.from({ length: 1000 }, (_, at) =>
      hub.listen(`job:${at % 10}`, { onEvent: () => void heard.push(String(at)), onBeat() {}, onClose() {} }),
    );
    await store.publish('job:3', { type: 'none' });
    await expect.poll(() => heard.length).toBe(100);
    expect([watches, hub.size]).toEqual([1, 1000]);
    for (const end of ends) end();
    expect(hub.size).toBe(0);
    hub[Symbol.dispose]();
  });

  it('end with the job, though its tasks have said something behind that', async () => {
    const { id } = await client.waitForJob(await submit());
    const { store } = service.context.backend;
    const at = new Date().toISOString();
    await store.append(jobStream(id), { type: 'task', task: 'late', kind: 'whole', outcome: 'completed', at });
    // No beat comes to the rescue.
    using hub = createEventHub<StoredEvent>((tell) => store.watch(tell), 2 ** 31 - 1);
    const server = createServer((_request, response) => {
      new JobEventStream(response, store, hub, { id, after: 0, readState: async () => 'completed' });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const text = await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)).text();
    expect(text).toContain('"task":"late"');
    server.close();
  });

  it('cut a slow reader off instead of buffering without end', async () => {
    const { id } = await client.waitForJob(await submit());
    const { store } = service.context.backend;
    // As much as no buffer of the system holds.
    const message = 'x'.repeat(100_000);
    for (let count = 0; count < 200; count++) {
      await store.append(jobStream(id), { type: 'log', level: 'info', message, at: new Date().toISOString() });
    }
    using hub = createEventHub<StoredEvent>((tell) => store.watch(tell), 100);
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      new JobEventStream(response, store, hub, { id, after: 0, readState: async () => 'completed' });
      mostBuffered = Math.max(mostBuffered, response.writableLength);
      cutOff = once(response, 'close');
    }).listen(0, '127.0.0.1');
    let mostBuffered = 0;
    let cutOff: Promise<unknown> | undefined;
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    // It takes the first bytes, and then nothing more.
    await once(socket, 'readable');
    await cutOff;
    expect([hub.size, mostBuffered < 1e6]).toEqual([0, true]);
    server.close();
    socket.destroy();
  });
});
