/** `facefusion serve` as a process: from its start over an upload and a signed callback to its end, and on with the next. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyCallback } from '../../src/jobs/callbacks/signature.ts';
import { freePort } from '../helpers/redis-server.ts';
import { createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { ensureBuilt, MAIN, runCli } from './support/cli.ts';

const folder = createRunFolder();
const env = { ...process.env, NO_COLOR: '1', FACEFUSION_DATA_FOLDER: folder.at('data') };

interface Told {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

let receiver: Server;
let receiverUrl: string;
const told: Told[] = [];
const waiting: ((one: Told) => void)[] = [];
/** The next callback that comes. */
const nextCallback = (): Promise<Told> => new Promise((resolve) => waiting.push(resolve));

interface Serving {
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** Its end, with all it has said on stderr. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

const running: ChildProcess[] = [];
const serve = (...words: readonly string[]): Promise<Serving> => start('serve', words);
async function start(command: 'serve' | 'ui', words: readonly string[]): Promise<Serving> {
  const child = spawn(process.execPath, [MAIN, command, '--port', '0', '--json=lines', ...words], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    stderr += part;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  for await (const line of createInterface(child.stdout)) {
    const event = JSON.parse(line);
    if (event.type === 'ready') return { url: event.url, port: event.port, child, ended };
  }
  throw new Error(`It ended before it was ready: ${stderr}`);
}

beforeAll(async () => {
  ensureBuilt();
  receiver = createServer(async (request, response) => {
    const one = { headers: request.headers, body: await text(request) };
    told.push(one);
    response.end();
    waiting.shift()?.(one);
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const { port } = receiver.address() as { port: number };
  receiverUrl = `http://127.0.0.1:${port}/told`;
  await writeFile(
    folder.at('serve.yaml'),
    `callbacks:\n  allowNetworks: [127.0.0.1/32]\n  ports: [${port}]\nkeepDays: 1\n`,
  );
  const face = sharp(samplePhotoPath(3)).extract({ left: 1000, top: 120, width: 520, height: 640 });
  await face.clone().png().toFile(folder.at('source.png'));
  await face.clone().resize(440).flop().jpeg().toFile(folder.at('photo.jpg'));
  ffmpeg(
    ...['-i', sampleVideoPath('cap12_edit'), '-frames:v', '50', '-vf', 'scale=200:150'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-g', '10', folder.at('clip.mp4')],
  );
});
afterAll(() => {
  for (const child of running) if (child.exitCode === null) child.kill('SIGKILL');
  receiver.close();
  folder.remove();
});

async function call(url: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(url, init);
  return { status: response.status, body: Object(await response.json()) };
}

async function upload(url: string, name: string): Promise<string> {
  const form = new FormData();
  form.set('file', await openAsBlob(folder.at(name)), name);
  const { status, body } = await call(`${url}/v1/assets`, { method: 'POST', body: form });
  expect([200, 201]).toContain(status);
  return String(body.id);
}

async function createJob(url: string, target: string, options: object = {}): Promise<string> {
  const { status, body } = await call(`${url}/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ sources: [await upload(url, 'source.png')], target: await upload(url, target), options },
      callback: { url: receiverUrl },
    }),
  });
  expect([status, body.code]).toEqual([201, undefined]);
  return String(body.id);
}

describe('facefusion serve', () => {
  it('does a job from its upload to a signed callback, stops in mid-video, and goes on with its next start', async () => {
    const first = await serve('--config', folder.at('serve.yaml'), '--drain-seconds', '0');
    expect((await call(`${first.url}/v1/ready`)).body).toMatchObject({ ready: true });

    const called = nextCallback();
    const photo = await createJob(first.url, 'photo.jpg');
    const { headers, body } = await called;
    const { stdout: secret } = await runCli(['callbacks', 'secret'], { env });
    verifyCallback(secret.trim(), headers, body);
    const { type, job } = JSON.parse(body);
    expect([type, job.id, job.state]).toEqual(['job.completed', photo, 'completed']);
    const output = await fetch(`${first.url}${job.outputs[0].url}`);
    expect((await sharp(await output.arrayBuffer()).metadata()).width).toBe(440);

    const video = await createJob(first.url, 'clip.mp4', { videoChunkSize: 10 });
    await vi.waitFor(async () => expect((await call(`${first.url}/v1/jobs/${video}`)).body.state).toBe('running'), {
      timeout: 30_000,
      interval: 20,
    });
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(told).toHaveLength(1);

    const calledAgain = nextCallback();
    const second = await serve('--config', folder.at('serve.yaml'));
    const end = JSON.parse((await calledAgain).body);
    expect([end.type, end.job.id]).toEqual(['job.completed', video]);
    const list = JSON.parse((await runCli(['callbacks', 'list', '--json'], { env })).stdout);
    expect(list.callbacks.map(({ state }: { state: string }) => state)).toEqual(['delivered', 'delivered']);
    second.child.kill('SIGINT');
    expect(await second.ended).toMatchObject({ code: 0 });
  });

  it('shows its page as facefusion ui, and for --page', async () => {
    for (const words of [['ui'], ['serve', '--page'], ['serve']] as const) {
      const [command, ...rest] = words;
      const { url, child, ended } = await start(command, [...rest, '--workers', '0']);
      const page = await fetch(url);
      const isPage = command === 'ui' || rest.length > 0;
      expect([words.join(' '), page.status]).toEqual([words.join(' '), isPage ? 200 : 404]);
      if (isPage) expect(await page.text()).toContain('<title>FaceFusion</title>');
      expect((await call(`${url}/v1/me`)).body).toMatchObject({ tenant: 'local', kind: 'local' });
      child.kill('SIGTERM');
      expect(await ended).toMatchObject({ code: 0, stderr: expect.stringContaining(url) });
    }
  });

  it('takes keys that the command line makes, until it ends them', async () => {
    const words = ['keys', 'api', 'create', '--name', 'ci', '--tenant', 'acme', '--scopes', 'jobs:read', 'looks'];
    const made = JSON.parse((await runCli([...words, '--json'], { env })).stdout);
    expect(made).toMatchObject({ ok: true, key: { tenant: 'acme', scopes: ['jobs:read', 'looks'] } });
    const { url, child, ended } = await serve('--host', '0.0.0.0', '--workers', '0');
    const here = url.replace('0.0.0.0', '127.0.0.1');
    const get = () => call(`${here}/v1/jobs`, { headers: { authorization: `Bearer ${made.text}` } });
    expect((await call(`${here}/v1/jobs`)).status).toBe(401);
    expect((await get()).status).toBe(200);
    const { stdout } = await runCli(['keys', 'api', 'list'], { env });
    expect(stdout).toContain(made.key.id);
    expect(stdout).not.toContain(made.text);
    const again = await runCli(['keys', 'api', 'create', '--name', 'x', '--scopes', 'admin', '--if-none'], { env });
    expect([again.code, again.stdout]).toEqual([0, '']);
    expect((await runCli(['keys', 'api', 'revoke', made.key.id], { env })).code).toBe(0);
    await vi.waitFor(async () => expect((await get()).status).toBe(401), { timeout: 5_000, interval: 100 });
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
    const audit = JSON.parse((await runCli(['audit', 'list', '--kind', 'api.key', '--json'], { env })).stdout);
    const facts = JSON.stringify(audit);
    expect(facts).toContain(made.key.id);
    expect(facts).not.toContain(made.text);
  });

  it('says what is wrong with its options, and ends with their exit code', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as { port: number };
    await writeFile(folder.at('unknown.yaml'), 'ports: 80\n');
    const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['--port', String(port)], 2, /OPTION_INVALID.*port \d+ is in use/],
      [['--host', '0.0.0.0'], 2, /OPTION_MISSING[\s\S]*keys api create/],
      [['--config', folder.at('unknown.yaml')], 2, /OPTION_UNKNOWN.*ports[\s\S]*Did you mean port/],
      [['--queue', `redis://:secret-word@127.0.0.1:${await freePort()}`], 7, /STORE_FAILED/],
    ];
    for (const [words, code, message] of cases) {
      const result = await runCli(['serve', '--workers', '0', ...words], { env });
      expect([words[0], result.code]).toEqual([words[0], code]);
      expect(result.stderr).toMatch(message);
      expect(result.stderr).not.toContain('secret-word');
    }
    busy.close();
  });
});
