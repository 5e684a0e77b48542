/** What the web page needs of the service beside jobs: its files, pictures of uploads, one stream of events. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClient, type FaceFusionClient } from '../../src/client/index.ts';
import { jobStream } from '../../src/jobs/job.ts';
import { listAudit } from '../../src/runner/audit-log.ts';
import { openPageFiles } from '../../src/server/page/page-files.ts';
import { frameOfCell } from '../../src/server/pictures/video-pictures.ts';
import { createRunFolder, runningFfmpegs } from '../helpers/run-folder.ts';
import { startS3 } from '../helpers/s3-server.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { openService, type TestService } from '../helpers/service.ts';
import { ensureBuilt, ROOT } from './support/cli.ts';

const FRAMES = 400;

const folder = createRunFolder();
let service: TestService;
let key: string;
let client: FaceFusionClient;
let clip: string;
let photo: string;

const get = (path: string, init: RequestInit = {}) => service.call(key, path, init);
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  service.call(key, path, {
    method,
    ...(body === undefined
      ? { headers }
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }),
  });
const upload = async (path: string, of: FaceFusionClient = client): Promise<string> =>
  (await of.uploadFile(new Blob([Uint8Array.from(readFileSync(path))]), { fileName: path.split('/').at(-1) ?? '' })).id;

beforeAll(async () => {
  // From the sources; of what is built only the page is needed.
  if (!existsSync(join(ROOT, 'dist/web/index.html'))) ensureBuilt();
  // Each frame is grey, and its grey is its number.
  execFileSync('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', `color=black:s=96x64:r=25:d=${FRAMES / 25},format=yuv420p`],
    ...['-vf', "geq=lum='16+mod(N,200)':cb=128:cr=128", '-c:v', 'libx264', '-preset', 'veryfast', '-qp', '4'],
    ...['-g', '120', '-bf', '3', folder.at('numbers.mp4')],
  ]);
  service = await openService({ auth: { required: true }, page: true });
  key = await service.key();
  client = createClient({ baseUrl: service.url, key });
  clip = await upload(folder.at('numbers.mp4'));
  photo = await upload(samplePhotoPath(3));
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  folder.remove();
});

describe('the page', () => {
  it('is sent to anybody, with a policy that lets nothing in from elsewhere', async () => {
    const index = await fetch(service.url);
    expect([index.status, index.headers.get('content-type'), index.headers.get('cache-control')]).toEqual([
      ...[200, 'text/html; charset=utf-8', 'no-cache'],
    ]);
    const policy = index.headers.get('content-security-policy') ?? '';
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    for (const rule of ["default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"])
      expect(policy).toContain(rule);
    const html = await index.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|https?:/);
    const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, file]) => String(file));
    expect(files.length).toBeGreaterThanOrEqual(3);
    for (const file of files) {
      const answer = await fetch(service.url + file);
      expect([file, answer.status, answer.headers.get('cache-control')]).toEqual([
        ...[file, 200, 'public, max-age=31536000, immutable'],
      ]);
      const etag = answer.headers.get('etag') ?? '';
      expect((await fetch(service.url + file, { headers: { 'if-none-match': etag } })).status).toBe(304);
    }
  });

  it('has no other files', async () => {
    for (const path of [
      '/assets/no.js',
      '/assets/..%2f..%2f..%2fpackage.json',
      '/assets/%2e%2e%2findex.html',
      '/assets',
    ])
      expect([path, (await fetch(service.url + path)).status]).toEqual([path, 404]);
  });

  it('says how it is built where it is not there', () => {
    const empty = mkdtempSync(join(tmpdir(), 'facefusion-empty-'));
    expect(() => openPageFiles(empty)).toThrow(
      expect.objectContaining({ code: 'SETUP_FAILED', hint: 'Run: npm run build:web' }),
    );
    rmSync(empty, { recursive: true });
  });

  it('is told who calls', async () => {
    expect((await fetch(`${service.url}/v1/me`)).status).toBe(401);
    const reader = await service.key({ tenant: 'acme', scopes: ['looks'] });
    expect(await (await service.call(reader, '/v1/me')).json()).toEqual({
      ...{ tenant: 'acme', kind: 'key', scopes: ['looks'], limits: {} },
    });
  });
});

/** Grey levels of cells side by side. */
async function greysOf(answer: Response, cells = 1): Promise<number[]> {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const { data, info } = await sharp(Buffer.from(await answer.arrayBuffer()))
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const width = info.width / cells;
  return Array.from({ length: cells }, (_, cell) => data[Math.floor((cell + 0.5) * width)] ?? -1);
}
/** Of a frame, as limited range becomes RGB. */
const greyOf = (frame: number): number => ((frame % 200) * 255) / 219;
const near = (greys: readonly number[], frames: readonly number[]): void => {
  for (const [at, frame] of frames.entries())
    expect(Math.abs((greys[at] ?? -9) - greyOf(frame)), `${frame}`).toBeLessThan(0.9);
};

describe('frames of uploads', () => {
  it('are those that previews number, wherever reading begins', async () => {
    for (const frame of [0, 37, 100, 101, 239, 240, 399]) {
      near(await greysOf(await get(`/v1/assets/${clip}/frames/${frame}`)), [frame]);
      near(await greysOf(await get(`/v1/assets/${clip}/frames/${frame}?width=32`)), [frame]);
    }
  });

  it('are kept by caches, in the size that was asked for', async () => {
    const answer = await get(`/v1/assets/${clip}/frames/5?width=48`);
    expect(answer.headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
    expect([width, height]).toEqual([48, 32]);
    const headers = { 'if-none-match': answer.headers.get('etag') ?? '' };
    expect((await get(`/v1/assets/${clip}/frames/5?width=48`, { headers })).status).toBe(304);
    const still = await sharp(
      Buffer.from(await (await get(`/v1/assets/${photo}/frames/0?width=300`)).arrayBuffer()),
    ).metadata();
    expect(still.width).toBe(300);
  });

  it('are refused where there are none, and to others', async () => {
    const statusOf = async (path: string) => (await get(path)).status;
    expect(await statusOf(`/v1/assets/${clip}/frames/5000`)).toBe(400);
    expect(await statusOf(`/v1/assets/${photo}/frames/1`)).toBe(400);
    expect(await statusOf(`/v1/assets/${photo}/filmstrip`)).toBe(415);
    expect(await statusOf(`/v1/assets/${clip}/frames/-1`)).toBe(400);
    const stranger = await service.key({ tenant: 'others' });
    expect((await service.call(stranger, `/v1/assets/${clip}/frames/0`)).status).toBe(404);
  });

  it.each([10, 40])('stand side by side in a strip of %i', async (count) => {
    const greys = await greysOf(await get(`/v1/assets/${clip}/filmstrip?count=${count}&height=20`), count);
    near(
      greys,
      Array.from({ length: count }, (_, cell) => frameOfCell(cell, count, FRAMES)),
    );
  });

  it('are made once for all who wait, and no longer when nobody does', async () => {
    const path = `/v1/assets/${clip}/frames/333?width=64`;
    const all = await Promise.all(Array.from({ length: 8 }, () => get(path).then((answer) => answer.arrayBuffer())));
    for (const one of all) expect(Buffer.from(one).equals(Buffer.from(all[0] ?? new ArrayBuffer(0)))).toBe(true);
    const gone = new AbortController();
    const strip = get(`/v1/assets/${clip}/filmstrip?count=16&height=60`, { signal: gone.signal });
    await vi.waitFor(() => expect(runningFfmpegs().length).toBeGreaterThan(0), { interval: 2 });
    expect(runningFfmpegs().length).toBeLessThanOrEqual(2);
    gone.abort();
    await expect(strip).rejects.toThrow();
    await vi.waitFor(() => expect(runningFfmpegs()).toEqual([]));
  });

  it('are made also where the media lie elsewhere', async () => {
    await using s3 = await startS3();
    s3.createBucket('media');
    await using far = await openService({ auth: { required: true }, storage: s3.url('media') });
    const theirs = await far.key();
    const id = await upload(folder.at('numbers.mp4'), createClient({ baseUrl: far.url, key: theirs }));
    near(await greysOf(await far.call(theirs, `/v1/assets/${id}/frames/250?width=40`)), [250]);
    expect((await far.call(theirs, `/v1/assets/${id}`, { method: 'DELETE' })).status).toBe(204);
  });

  it('go with the upload', async () => {
    const other = folder.at('other.png');
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
      .png()
      .toFile(other);
    const id = await upload(other);
    expect((await get(`/v1/assets/${id}/frames/0`)).status).toBe(200);
    expect((await send('DELETE', `/v1/assets/${id}`)).status).toBe(204);
    expect((await get(`/v1/assets/${id}/frames/0`)).status).toBe(404);
  });
});

interface TenantEvent {
  readonly id: string | undefined;
  readonly type: string;
  readonly job?: string;
  readonly state?: string;
}

/** Listens until it is disposed. */
async function listen(as: string, lastEventId?: string) {
  const controller = new AbortController();
  const events: TenantEvent[] = [];
  const response = await service.call(as, '/v1/events', {
    signal: controller.signal,
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reading = (async () => {
    let rest = '';
    for await (const bytes of response.body ?? []) {
      const parts = (rest + Buffer.from(bytes).toString()).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (data !== undefined) events.push({ id: /^id: (\d+)$/m.exec(part)?.[1], ...JSON.parse(data) });
      }
    }
  })().catch(() => undefined);
  return {
    events,
    hears: (what: object) =>
      vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining(what)), { timeout: 10_000, interval: 10 }),
    async [Symbol.asyncDispose]() {
      controller.abort();
      await reading;
    },
  };
}

const createJob = async (labels: Record<string, string> = {}): Promise<string> => {
  const answer = await send('POST', '/v1/jobs', { sources: [photo], target: clip, reuse: false, labels });
  const { id, detail } = (await answer.json()) as { id: string; detail?: string };
  expect([answer.status, detail]).toEqual([201, undefined]);
  return id;
};

describe('the stream of all jobs', () => {
  it('tells what happens to those of the tenant, and what was missed', async () => {
    const stranger = await service.key({ tenant: 'others' });
    await using others = await listen(stranger);
    let last: string | undefined;
    let id: string;
    {
      await using mine = await listen(key);
      await mine.hears({ type: 'ready' });
      id = await createJob();
      await mine.hears({ type: 'state', job: id, state: 'queued' });
      await service.context.backend.store.publish(jobStream(id), {
        type: 'progress',
        stage: 'process',
        done: 3,
        total: 9,
      });
      await mine.hears({ type: 'progress', job: id, done: 3, total: 9, id: undefined });
      last = mine.events.findLast((event) => event.id !== undefined)?.id;
      expect(last).toMatch(/^\d+$/);
    }
    await send('POST', `/v1/jobs/${id}/cancel`);
    await using again = await listen(key, last);
    await again.hears({ type: 'state', job: id, state: 'cancelled' });
    expect((await send('DELETE', `/v1/jobs/${id}`)).status).toBe(204);
    await again.hears({ type: 'removed', job: id });
    expect(others.events.map(({ type }) => type)).toEqual(['ready']);
  });
});

describe('the queue', () => {
  it('is moved by its owner, and paused by whoever runs the service', async () => {
    const answerOf = async (answer: Response) => ({ status: answer.status, ...((await answer.json()) as object) });
    const jobs = [await createJob({ order: 'a' }), await createJob({ order: 'b' }), await createJob({ order: 'c' })];
    const [a, b, c] = jobs;
    expect(await answerOf(await get('/v1/queue'))).toEqual({ status: 200, isPaused: false, order: [a, b, c] });
    await using mine = await listen(key);
    await mine.hears({ type: 'ready' });
    const moved = await answerOf(await send('POST', `/v1/jobs/${c}/move`, { before: a }));
    expect(moved).toEqual({ status: 200, isPaused: false, order: [c, a, b] });
    await mine.hears({ type: 'queue' });
    expect(await answerOf(await send('POST', `/v1/jobs/${c}/move`, { before: null }))).toMatchObject({
      order: [a, b, c],
    });
    const stranger = await service.key({ tenant: 'others' });
    const theirs = (id: string | undefined) =>
      service.call(stranger, `/v1/jobs/${id}/move`, {
        method: 'POST',
        body: JSON.stringify({ before: null }),
        headers: { 'content-type': 'application/json' },
      });
    expect((await theirs(a)).status).toBe(404);
    expect((await send('POST', '/v1/queue/pause')).status).toBe(403);
    const admin = await service.key({ scopes: ['admin'] });
    expect(await answerOf(await service.call(admin, '/v1/queue/pause', { method: 'POST' }))).toMatchObject({
      isPaused: true,
    });
    expect(await answerOf(await get('/v1/queue'))).toMatchObject({ isPaused: true, order: [a, b, c] });
    expect(await answerOf(await service.call(admin, '/v1/queue/resume', { method: 'POST' }))).toMatchObject({
      isPaused: false,
    });
    for (const id of jobs) await send('POST', `/v1/jobs/${id}/cancel`);
    expect(await answerOf(await send('POST', `/v1/jobs/${a}/move`, { before: null }))).toMatchObject({
      status: 409,
      code: 'JOB_STATE',
    });
    expect(await answerOf(await get('/v1/queue'))).toMatchObject({ order: [] });
  });
});

describe('projects', () => {
  const bodyOf = async (answer: Response) => (await answer.json()) as Record<string, unknown>;

  it('are kept as they came, and not overwritten by a tab that has not seen the newest state', async () => {
    const content = {
      name: 'Party 聚会',
      document: { target: clip, cuts: [1, 2], more: { nested: null } },
      thumbnail: photo,
    };
    const made = await send('POST', '/v1/projects', content);
    const project = await bodyOf(made);
    expect(project).toMatchObject(content);
    const path = `/v1/projects/${project.id}`;
    expect([made.status, made.headers.get('location')]).toEqual([201, path]);
    const first = made.headers.get('etag') ?? '';
    expect((await get(path, { headers: { 'if-none-match': first } })).status).toBe(304);

    const changed = await send('PUT', path, { name: 'One', document: { by: 'one' } }, { 'if-match': first });
    expect(changed.status).toBe(200);
    const stale = await send('PUT', path, { name: 'Two', document: { by: 'two' } }, { 'if-match': first });
    expect([stale.status, (await bodyOf(stale)).code]).toEqual([412, 'PRECONDITION_FAILED']);
    expect((await send('PUT', path, { name: 'Two', document: {} })).status).toBe(412);
    expect(await bodyOf(await get(path))).toMatchObject({ name: 'One', document: { by: 'one' } });
    expect((await send('PUT', path, { name: 'Two', document: {} }, { 'if-match': '*' })).status).toBe(200);
    // Of many at once, one wins.
    const tag = (await get(path)).headers.get('etag') ?? '';
    const race = await Promise.all(
      Array.from({ length: 6 }, (_, by) => send('PUT', path, { name: 'Race', document: { by } }, { 'if-match': tag })),
    );
    expect(race.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412, 412]);

    const copy = await bodyOf(await send('POST', `${path}/duplicate`, { name: 'Copy' }));
    expect(copy.document).toEqual((await bodyOf(await get(path))).document);
    const listed = (await bodyOf(await get('/v1/projects'))).projects as { id: string; name: string }[];
    expect(listed.map(({ name }) => name)).toEqual(['Copy', 'Race']);
    expect(listed[0]).not.toHaveProperty('document');
    const stranger = await service.key({ tenant: 'others' });
    expect((await service.call(stranger, path)).status).toBe(404);
    expect(await bodyOf(await service.call(stranger, '/v1/projects'))).toEqual({ projects: [] });
    const large = { name: 'Large', document: { text: 'x'.repeat(256 * 1024) } };
    expect(await bodyOf(await send('POST', '/v1/projects', large))).toMatchObject({ code: 'INPUT_TOO_LARGE' });
    for (const id of [project.id, copy.id]) expect((await send('DELETE', `/v1/projects/${id}`)).status).toBe(204);
    expect((await get(path)).status).toBe(404);
  });

  it('hold the uploads that they name, and let them go', async () => {
    const DAYS = 86_400_000;
    const expiryOf = async () =>
      Date.parse(String((await bodyOf(await get(`/v1/assets/${photo}`))).expiresAt)) - Date.now();
    const document = { target: { id: photo } };
    const one = await bodyOf(await send('POST', '/v1/projects', { name: 'One', document }));
    const two = await bodyOf(await send('POST', '/v1/projects', { name: 'Two', document }));
    expect(await expiryOf()).toBeGreaterThan(29 * DAYS);
    await send('PUT', `/v1/projects/${one.id}`, { name: 'One', document: {} }, { 'if-match': '*' });
    expect(await expiryOf()).toBeGreaterThan(29 * DAYS);
    const before = await service.context.jobs.list('acme', { limit: 50 });
    for (const { id } of before.jobs) await send('DELETE', `/v1/jobs/${id}`);
    await send('DELETE', `/v1/projects/${two.id}`);
    expect(await expiryOf()).toBeLessThan(1.1 * DAYS);
  });
});

describe('consent', () => {
  it('is stated once a project, and recorded without what says who somebody is', async () => {
    const { id } = (await (await send('POST', '/v1/projects', { name: 'Ad', document: {} })).json()) as { id: string };
    const note = 'Release 4711 of Ann Example';
    const stated = await send('POST', '/v1/consents/statements', { project: id, kind: 'written-consent', note });
    const { entry, at } = (await stated.json()) as { entry: number; at: string };
    expect([stated.status, Number.isInteger(entry), Date.now() - Date.parse(at) < 60_000]).toEqual([201, true, true]);
    const answer = (await (await get('/v1/audit?kind=consent.stated')).json()) as {
      entries: { seq: number; facts: object }[];
    };
    const recorded = answer.entries.find(({ seq }) => seq === entry);
    expect(recorded?.facts).toMatchObject({ statement: 'written-consent', project: id, tenant: 'acme', by: 'key' });
    expect(JSON.stringify(answer)).not.toContain('Ann');
    const [kept] = (await listAudit({ kind: 'consent.stated' })).filter(({ line }) => line.seq === entry);
    expect(kept?.personal).toEqual({ note });
    const wrong = await send('POST', '/v1/consents/statements', {
      project: 'project_0000000000000000000000',
      kind: 'own-face',
    });
    expect(wrong.status).toBe(404);
    expect((await send('POST', '/v1/consents/statements', { project: id, kind: 'sure' })).status).toBe(400);
    expect(await (await get('/v1/consents')).json()).toEqual({ isRequired: false, consents: expect.any(Array) });
  });
});

describe('with a worker', () => {
  let busy: TestService;
  let admin: string;
  let face: string;
  let still: string;
  let talk: string;
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await busy.call(admin, path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
  const stateOf = async (id: unknown) => (await call('GET', `/v1/jobs/${id}`)).body.state;
  const ends = (id: unknown, state: string) =>
    vi.waitFor(async () => expect(await stateOf(id)).toBe(state), { timeout: 60_000, interval: 50 });

  beforeAll(async () => {
    busy = await openService({ auth: { required: true } }, { withWorker: true, lookHands: 1 });
    admin = await busy.key({ scopes: ['admin'] });
    const of = createClient({ baseUrl: busy.url, key: admin });
    const area = { left: 1000, top: 120, width: 520, height: 640 };
    const cut = sharp(samplePhotoPath(3)).extract(area).resize(260);
    await cut.clone().png().toFile(folder.at('face.png'));
    await cut.flop().png().toFile(folder.at('still.png'));
    execFileSync('ffmpeg', [
      ...['-v', 'error', '-i', sampleVideoPath('cap12_edit'), '-frames:v', '400', '-vf', 'scale=200:150'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-g', '20', folder.at('talk.mp4')],
    ]);
    face = await upload(folder.at('face.png'), of);
    still = await upload(folder.at('still.png'), of);
    talk = await upload(folder.at('talk.mp4'), of);
  });
  afterAll(() => busy[Symbol.asyncDispose]());

  it('tells what runs take once it has measured some', async () => {
    const ask = async (target: string, more: object = {}) => {
      const { status, body } = await call('POST', '/v1/estimates', { target, ...more });
      expect([status, body.detail]).toEqual([200, undefined]);
      const list = body.estimates as {
        preset: string;
        basis: string;
        runs: number;
        seconds?: number;
        memoryBytes?: number;
      }[];
      return Object.fromEntries(list.map((one) => [one.preset, one]));
    };
    const before = await ask(still);
    expect(Object.keys(before)).toEqual(['fast', 'balanced', 'premium', 'given']);
    for (const one of Object.values(before)) {
      expect(one).toMatchObject({ basis: 'none', runs: 0, memoryBytes: expect.any(Number) });
      expect(one).not.toHaveProperty('seconds');
    }
    expect((await ask(talk)).balanced?.memoryBytes).toBeGreaterThan(1e8);
    const job = {
      sources: [face],
      target: still,
      processors: ['face_swapper'],
      options: { preset: 'fast' },
      output: { format: 'png' },
    };
    const { body } = await call('POST', '/v1/jobs', job);
    await ends(body.id, 'completed');
    const after = await ask(still, { options: { preset: 'fast', faceMaskBlur: 0.5 } });
    expect(after.fast).toMatchObject({ basis: 'measured', runs: 1, seconds: expect.any(Number) });
    expect(after.given).toMatchObject({ basis: 'measured', seconds: after.fast?.seconds });
    expect(after.premium).toMatchObject({ basis: 'none', runs: 0 });
    expect((await ask(talk)).fast).toMatchObject({ basis: 'none' });
  });

  it('goes on with a cancelled job where it was', async () => {
    const { body: job } = await call('POST', '/v1/jobs', {
      sources: [face],
      target: talk,
      options: { videoChunkSize: 30 },
    });
    const done = async () => Number(Object((await call('GET', `/v1/jobs/${job.id}`)).body.progress).done ?? 0);
    await vi.waitFor(async () => expect(await done()).toBeGreaterThan(70), { timeout: 60_000, interval: 20 });
    await call('POST', `/v1/jobs/${job.id}/cancel`);
    expect(await stateOf(job.id)).toBe('cancelled');
    const again = await call('POST', `/v1/jobs/${job.id}/retry`);
    expect([again.status, again.body.state]).toEqual([200, 'queued']);
    await ends(job.id, 'completed');
    const { frames, notes } = (await call('GET', `/v1/jobs/${job.id}`)).body as {
      frames: { total: number };
      notes: { code: string }[];
    };
    expect(frames.total).toBe(400);
    expect(notes.map(({ code }) => code)).toContain('resumed');
  });

  it('answers with previews while a run goes on, and while the queue is paused', async () => {
    const { body: job } = await call('POST', '/v1/jobs', {
      sources: [face],
      target: talk,
      options: { videoChunkSize: 20 },
    });
    await ends(job.id, 'running');
    await call('POST', '/v1/queue/pause');
    const { body: waiting } = await call('POST', '/v1/jobs', { sources: [face], target: still, reuse: false });
    const preview = await call('POST', '/v1/preview', { sources: [face], target: still });
    expect([preview.status, preview.body.detail]).toEqual([200, undefined]);
    expect([await stateOf(waiting.id), (await call('GET', '/v1/queue')).body]).toEqual([
      'queued',
      { isPaused: true, order: [waiting.id] },
    ]);
    await call('POST', `/v1/jobs/${job.id}/cancel`);
    await call('POST', `/v1/jobs/${waiting.id}/cancel`);
    await call('POST', '/v1/queue/resume');
  });
});
