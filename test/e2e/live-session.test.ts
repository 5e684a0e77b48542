/** A live session as a program has it: asked for with a key, then frames through a socket. */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { I420Frame } from '../../src/core/image.ts';
import {
  LIVE_CHANGED,
  LIVE_HEADER_BYTES,
  livePacketBytes,
  parseLiveFrame,
  writeLiveHeader,
} from '../../src/core/live-frame.ts';
import { toRgb } from '../../src/engine/frames/yuv.ts';
import { createWatermarkDetector } from '../../src/engine/watermark/detect-watermark.ts';
import { createLiveService } from '../../src/jobs/live/create-live-service.ts';
import type { LiveService } from '../../src/jobs/live/live-service.ts';
import { addToBlocklist, removeFromBlocklist } from '../../src/runner/persons/blocklist.ts';
import { verifyFile } from '../../src/runner/verify-file.ts';
import { createApp } from '../../src/server/create-app.ts';
import type { App } from '../../src/server/server-context.ts';
import { auditFolder } from '../../src/trust/audit/audit-log.ts';
import { type AuditRecord, readAudit } from '../../src/trust/audit/read-audit.ts';
import { openInstallationKeys } from '../../src/trust/keys/installation-keys.ts';
import { emptyRoom, portrait } from '../browser/support/given-files.ts';
import { createRunFolder } from '../helpers/run-folder.ts';
import { readSampleFrames, samplePhotoPath } from '../helpers/sample-media.ts';
import { openService, type TestService } from '../helpers/service.ts';

const [width, height] = [400, 300];
const folder = createRunFolder();
let service: TestService;
let live: LiveService;
let app: App;
let key: string;
let woman: string;
let frames: readonly I420Frame[];

/** Others of the tests must not meet who is listed here. */
const saved = process.env.FACEFUSION_DATA_FOLDER;
beforeAll(async () => {
  process.env.FACEFUSION_DATA_FOLDER = folder.at('data');
  service = await openService();
  const { backend } = service.context;
  live = await createLiveService({ backend, folder: join(auditFolder(), '..', 'live'), most: 1 });
  app = await createApp({ ...service.context, live });
  app.server.listen(0, '127.0.0.1');
  await once(app.server, 'listening');
  key = await service.key();
  const face = sharp(samplePhotoPath(1)).extract({ left: 1248, top: 32, width: 640, height: 600 });
  woman = await upload(await face.jpeg().toBuffer(), 'woman.jpg');
  frames = readSampleFrames('cap12_edit', 4, 5, width, height);
});
afterAll(async () => {
  await app?.close();
  await live?.[Symbol.asyncDispose]();
  await service?.[Symbol.asyncDispose]();
  process.env.FACEFUSION_DATA_FOLDER = saved;
  folder.remove();
});

async function upload(bytes: Buffer, name: string): Promise<string> {
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array(bytes)]), name);
  const response = await service.call(key, '/v1/assets', { method: 'POST', body });
  return ((await response.json()) as { id: string }).id;
}

const ask = (body: object, as: string = key) =>
  app.inject({ method: 'POST', url: '/v1/live', headers: { authorization: `Bearer ${as}` }, payload: body });
const sources = (...photos: string[]) => ({ sources: [{ photos }] });

interface Opened {
  readonly socketUrl: string;
  readonly protocols: readonly string[];
}

/** What a socket has said, and how it was closed. */
interface Line {
  readonly socket: WebSocket;
  /** Frames that came back, in order. */
  readonly shown: Uint8Array[];
  /** The next message of a type. */
  said(type: 'ready' | 'recording' | 'kept' | 'not-kept' | 'end'): Promise<Record<string, unknown>>;
  /** Resolves when so many frames have come. */
  frames(count: number): Promise<void>;
  readonly closed: Promise<number>;
}

const lines: Line[] = [];
afterEach(async () => {
  for (const { socket, closed } of lines.splice(0)) {
    socket.close();
    await closed;
  }
});

async function connect(
  { socketUrl, protocols }: Opened,
  headers: Readonly<Record<string, string>> = {},
): Promise<Line> {
  const shown: Uint8Array[] = [];
  const messages: Record<string, unknown>[] = [];
  let wake = (): void => {};
  const until = async (isThere: () => boolean): Promise<void> => {
    while (!isThere()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const { port } = app.server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${socketUrl}`, [...protocols], { headers });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) shown.push(data);
    else messages.push(JSON.parse(data.toString()));
    wake();
  });
  await once(socket, 'open');
  const find = (type: string) => messages.find((message) => message.type === type);
  const line: Line = {
    ...{ socket, shown, closed },
    async said(type) {
      await until(() => find(type) !== undefined);
      return find(type)!;
    },
    frames: (count) => until(() => shown.length >= count),
  };
  lines.push(line);
  return line;
}

function packet(number: number, mode = 0): Uint8Array {
  const { data, colour } = frames[number]!;
  const bytes = new Uint8Array(livePacketBytes(width, height));
  bytes.set(data, LIVE_HEADER_BYTES);
  writeLiveHeader(bytes, { ...{ mode, width, height, colour, faces: 0, sequence: number }, capturedAt: number / 4 });
  return bytes;
}

const entries = async (): Promise<AuditRecord[]> => {
  const all: AuditRecord[] = [];
  for await (const record of readAudit(auditFolder())) all.push(record);
  return all;
};

describe('a live session', () => {
  it('gives frames back with another face, marked, and says at the end how it went', async () => {
    const answer = await ask(sources(woman));
    expect(answer.statusCode).toBe(201);
    const line = await connect(answer.json());
    await line.said('ready');
    for (const [count, number] of [0, 1, 2, 3].entries()) {
      line.socket.send(packet(number));
      await line.frames(count + 1);
    }
    // Without a face to put in, it is judged and marked all the same.
    line.socket.send(packet(4, 255));
    await line.frames(5);
    line.socket.send(JSON.stringify({ type: 'stop' }));
    const end = await line.said('end');
    expect(await line.closed).toBe(1000);
    expect(end).toMatchObject({ type: 'end', frames: { total: 5, changed: 4 } });
    expect(end).not.toHaveProperty('problem');

    const { id, watermark } = await openInstallationKeys();
    const shown = line.shown.map(parseLiveFrame);
    expect(shown.map(({ sequence, capturedAt, faces }) => [sequence, capturedAt, faces])).toEqual(
      [0, 1, 2, 3, 4].map((number) => [number, number / 4, 1]),
    );
    expect(shown.map(({ mode }) => mode)).toEqual([LIVE_CHANGED, LIVE_CHANGED, LIVE_CHANGED, LIVE_CHANGED, 0]);
    for (const { data } of shown) {
      const mark = createWatermarkDetector(watermark).detect(data.subarray(0, width * height), { width, height });
      expect(mark?.payload).toEqual({ installation: id, job: end.job });
    }

    const [begun, ended] = (await entries()).filter(({ line: { facts } }) => facts.job === end.job);
    expect(begun!.line).toMatchObject({ kind: 'run.begun', facts: { target: 'camera', processors: ['face_swapper'] } });
    expect(ended!.line).toMatchObject({ kind: 'live.ended', facts: { frames: { total: 5, changed: 4 } } });
    expect(ended!.line.facts).not.toHaveProperty('code');
    // No number of a face: hashes, scores of moderation and counts.
    expect(JSON.stringify(ended!.line.facts)).not.toMatch(/"(embedding|points|box)/);
  });

  it('leaves out frames that newer ones have overtaken, and never the newest', async () => {
    const line = await connect((await ask(sources(woman))).json());
    await line.said('ready');
    for (const number of [0, 1, 2, 3, 4]) line.socket.send(packet(number));
    while (line.shown.length === 0 || parseLiveFrame(line.shown.at(-1)!).sequence !== 4) {
      await line.frames(line.shown.length + 1);
    }
    const numbers = line.shown.map((bytes) => parseLiveFrame(bytes).sequence);
    expect(numbers).toEqual([...numbers].sort());
    expect(numbers.length).toBeLessThan(5);
  });

  it('says why where a source has no face, and records no session', async () => {
    const { buffer, name } = await emptyRoom();
    const line = await connect((await ask(sources(await upload(buffer, name)))).json());
    expect(await line.said('end')).toMatchObject({ problem: { code: 'SOURCE_NO_FACE', status: 422 } });
    expect(await line.closed).toBe(4422);
  });

  it('is refused for a source who is listed, before a frame is taken', async () => {
    const { buffer, name } = await portrait();
    const photo = folder.at('listed.jpg');
    writeFileSync(photo, buffer);
    const { id } = await addToBlocklist('Somebody', [photo]);
    const line = await connect((await ask(sources(await upload(buffer, name)))).json());
    expect(await line.said('end')).toMatchObject({ problem: { code: 'POLICY_FORBIDS', status: 403 } });
    expect(await line.closed).toBe(4403);
    const kinds = (await entries()).slice(-3).map(({ line: { kind } }) => kind);
    expect(kinds).toContain('run.refused');
    await removeFromBlocklist(id);
  });

  it.each([
    ['text that means nothing', 'hello', 'REQUEST_INVALID', 4400],
    ['bytes that are no frame', Buffer.alloc(100), 'REQUEST_INVALID', 4400],
  ])('ends with %s', async (_name, sent, code, close) => {
    const line = await connect((await ask(sources(woman))).json());
    line.socket.send(sent);
    expect(await line.said('end')).toMatchObject({ problem: { code } });
    expect(await line.closed).toBe(close);
  });
});

/** What a session has kept, as whoever downloads it has it. */
async function download({ asset }: Record<string, unknown>): Promise<string> {
  const { fileName, contentUrl } = asset as { readonly fileName: string; readonly contentUrl: string };
  const response = await service.call(key, contentUrl);
  const path = folder.at(fileName);
  writeFileSync(path, Buffer.from(await response.arrayBuffer()));
  return path;
}

describe('a snapshot', () => {
  /** Policy of this test alone: the runner of a session reads it when it begins. */
  const saved = process.env.FACEFUSION_POLICY;
  afterEach(() => {
    if (saved === undefined) delete process.env.FACEFUSION_POLICY;
    else process.env.FACEFUSION_POLICY = saved;
  });

  it('is the picture that was shown, with everything that outputs carry', async () => {
    process.env.FACEFUSION_POLICY = folder.at('policy.yaml');
    writeFileSync(process.env.FACEFUSION_POLICY, 'labels: [cn, eu]\noperator: { name: Studio }\n', { mode: 0o600 });
    const line = await connect((await ask(sources(woman))).json());
    await line.said('ready');
    line.socket.send(JSON.stringify({ type: 'snapshot' }));
    line.socket.send(JSON.stringify({ type: 'snapshot' }));
    line.socket.send(packet(0));
    // One at a time: the session goes on all the same.
    expect(await line.said('not-kept')).toMatchObject({ what: 'snapshot', problem: { code: 'OVERLOADED' } });
    const kept = await line.said('kept');
    expect(kept).toMatchObject({
      ...{ what: 'snapshot', credentials: 'embedded', auditEntry: expect.any(Number) },
      asset: { contentType: 'image/jpeg', media: { width, height } },
    });
    line.socket.send(JSON.stringify({ type: 'stop' }));
    const { job } = await line.said('end');

    const path = await download(kept);
    const { mark, credentials, aigc, saysAltered, recorded } = await verifyFile(path);
    expect(mark?.job).toBe(job);
    expect({ state: credentials.state, saysAltered }).toEqual({ state: 'trusted', saysAltered: true });
    expect(aigc).toMatchObject({ label: '1', producer: 'Studio', isSignedHere: true });
    expect(recorded.map(({ entry, isSame }) => [entry, isSame])).toContainEqual([kept.auditEntry, true]);
    // With its label: of the size and colour of the frame that came back, but for what JPEG takes away.
    const shown = toRgb(parseLiveFrame(line.shown[0]!));
    const photo = await sharp(path).raw().toBuffer();
    const apart = shown.data.reduce((sum, value, at) => sum + Math.abs(value - photo[at]!), 0) / photo.length;
    expect(apart).toBeLessThan(2);
  });
});

/** Sends frames, each when the one before has come back. */
async function play({ socket, frames: come, shown }: Line, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const count = shown.length + 1;
    socket.send(packet(number));
    await come(count);
  }
}

describe('a recording', () => {
  it('has the pictures that were shown, with everything that outputs carry', async () => {
    const line = await connect((await ask(sources(woman))).json());
    const { job } = await line.said('ready');
    line.socket.send(JSON.stringify({ type: 'record' }));
    await play(line, [0, 1, 2]);
    expect(await line.said('recording')).toMatchObject({ mostSeconds: 600 });
    line.socket.send(JSON.stringify({ type: 'stop-recording' }));
    const kept = await line.said('kept');
    expect(kept).toMatchObject({
      ...{ what: 'recording', credentials: 'embedded', auditEntry: expect.any(Number) },
      asset: { contentType: 'video/mp4', media: { kind: 'video', width, height, frames: 3 } },
    });
    // The session goes on.
    await play(line, [3]);

    const { mark, credentials, saysAltered, recorded } = await verifyFile(await download(kept));
    expect(mark?.job).toBe(job);
    expect({ state: credentials.state, saysAltered }).toEqual({ state: 'trusted', saysAltered: true });
    expect(recorded.map(({ entry, isSame }) => [entry, isSame])).toContainEqual([kept.auditEntry, true]);
  });

  it('is completed where the session is stopped, and kept where the line breaks', async () => {
    const line = await connect((await ask(sources(woman))).json());
    await line.said('ready');
    line.socket.send(JSON.stringify({ type: 'record' }));
    await play(line, [0, 1]);
    line.socket.send(JSON.stringify({ type: 'stop' }));
    await line.said('end');
    expect(await line.said('kept')).toMatchObject({ what: 'recording', asset: { media: { frames: 2 } } });

    const broken = await connect((await ask(sources(woman))).json());
    const { job } = await broken.said('ready');
    broken.socket.send(JSON.stringify({ type: 'record' }));
    await play(broken, [0, 1]);
    broken.socket.terminate();
    // The place is free when the session has ended, and all of it has been kept.
    await connect((await ask(sources(woman))).json());
    const response = await service.call(key, '/v1/assets?limit=1');
    expect(await response.json()).toMatchObject({
      assets: [{ fileName: `recording-${job}-1.mp4`, media: { frames: 2 } }],
    });
  });
});

describe('a socket', () => {
  it('opens once, and to nobody without its ticket', async () => {
    const opened: Opened = (await ask(sources(woman))).json();
    const [protocol] = opened.protocols;
    expect(await (await connect({ ...opened, protocols: [protocol!, 'ticket.guessed'] })).closed).toBe(4404);
    const line = await connect(opened);
    expect(await (await connect(opened)).closed).toBe(4404);
    expect(line.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('does not open for a page of somebody else', async () => {
    const opened: Opened = (await ask(sources(woman))).json();
    await expect(connect(opened, { origin: 'https://elsewhere.example' })).rejects.toThrow('403');
    // It was not used up.
    expect((await connect(opened)).socket.readyState).toBe(WebSocket.OPEN);
  });
});

describe('asking for one', () => {
  it('is refused while as many go on as there is room for', async () => {
    const line = await connect((await ask(sources(woman))).json());
    await line.said('ready');
    const second = await ask(sources(woman));
    expect(second.json()).toMatchObject({ code: 'OVERLOADED', status: 503 });
    expect(second.headers['retry-after']).toBe('5');
    line.socket.send(JSON.stringify({ type: 'stop' }));
    await line.closed;
    const third = await ask(sources(woman));
    expect(third.statusCode).toBe(201);
    await connect(third.json());
  });

  it.each([
    ['nobody to put in', { sources: [] }, 'REQUEST_INVALID'],
    ['somebody who is not there', sources('asset_r7kryzywtfn0nedn1gg6xv'), 'NOT_FOUND'],
    ['an option that there is not', { ...sources('x'), options: { faster: true } }, 'REQUEST_INVALID'],
  ])('is refused for %s', async (_name, body, code) => {
    expect((await ask(body)).json()).toMatchObject({ code });
  });

  it('needs the scope of looks', async () => {
    const other = await service.key({ scopes: ['jobs:read'] });
    expect((await ask(sources(woman), other)).json()).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('finds nothing at a gateway that leaves the work to others', async () => {
    const response = await service.call(key, '/v1/live', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sources(woman)),
    });
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
