/** The examples, as a reader would run them, against a service of its own. */
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCallback } from '../../src/client/index.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { type RunningServer, startServer } from '../../src/server/serve.ts';
import { serverOptionsSchema } from '../../src/server/server-options.ts';
import { startWorker } from '../../src/worker/start-worker.ts';
import { createRunFolder, ffmpeg } from '../helpers/run-folder.ts';
import { samplePhotoPath, sampleVideoPath } from '../helpers/sample-media.ts';
import { ensureBuilt, ROOT, runProgram } from './support/cli.ts';

const folder = createRunFolder();
let server: RunningServer;
let env: NodeJS.ProcessEnv;

/** A port that is free now. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

let pythonPort: number;
const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
const receiver = createServer(async (request, response) => {
  received.push({ headers: request.headers, body: await text(request) });
  response.writeHead(204).end();
});

beforeAll(async () => {
  process.env.FACEFUSION_DATA_FOLDER = folder.at('data');
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  pythonPort = await freePort();
  const ports = [(receiver.address() as AddressInfo).port, pythonPort];
  server = await startServer(
    serverOptionsSchema.parse({ port: 0, callbacks: { allowNetworks: ['127.0.0.0/8'], ports } }),
    {
      logger: silentLogger,
      startWorkers: (parts) =>
        startWorker({
          ...{ ...parts, concurrency: 1, scratch: folder.at('scratch'), logger: silentLogger, memoryBytes: 4e9 },
          tryProviders: async () => new Map(),
        }),
    },
  );
  env = { FACEFUSION_URL: server.url, FACEFUSION_KEY: '' };
  const area = { left: 1000, top: 120, width: 520, height: 640 };
  const face = sharp(samplePhotoPath(3)).extract(area).resize(260);
  await face.clone().png().toFile(folder.at('my face.png'));
  await face.flop().jpeg().toFile(folder.at('party.jpg'));
});

afterAll(async () => {
  receiver.close();
  await server.close();
  folder.remove();
});

const example = (name: string): string => join(ROOT, 'examples', name);

function outputFolder(name: string): string {
  mkdirSync(folder.at(name));
  return folder.at(name);
}

describe('the examples', () => {
  it('in the shell go from the upload to the signed callback', async () => {
    const out = outputFolder('shell');
    const callback = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/done`;
    const run = await runProgram(
      'sh',
      [example('curl/swap.sh'), folder.at('my face.png'), folder.at('party.jpg'), out],
      {
        env: { ...env, CALLBACK_URL: callback },
      },
    );
    expect(run, run.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"state":"completed"[\s\S]*saved .*result\.jpg/),
    });
    expect(readdirSync(out)).toEqual(['result.jpg']);
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(1);
    const { headers, body } = received[0] ?? { headers: {}, body: '' };
    const { secret } = (await (await fetch(`${server.url}/v1/callbacks/secret`)).json()) as { secret: string };
    expect(await verifyCallback(secret, headers, body)).toMatchObject({
      type: 'job.completed',
      job: { state: 'completed', outputs: [{ name: 'result.jpg', url: expect.stringMatching(/^\/v1\/jobs\//) }] },
    });
    await expect(verifyCallback(secret, headers, `${body} `)).rejects.toThrow('does not fit');
    await expect(verifyCallback(secret, headers, body, Date.now() + 400_000)).rejects.toThrow('300 s');
    const words = (what: string) => String(headers[`webhook-${what}`]);
    writeFileSync(folder.at('body'), body);
    const check = (file: string) =>
      runProgram('sh', [
        example('curl/verify-callback.sh'),
        secret,
        words('id'),
        words('timestamp'),
        words('signature'),
        file,
      ]);
    expect(await check(folder.at('body'))).toMatchObject({ code: 0, stdout: 'ok\n' });
    writeFileSync(folder.at('other'), `${body} `);
    expect(await check(folder.at('other'))).toMatchObject({ code: 1, stderr: expect.stringContaining('does not fit') });
    const listed = (await (await fetch(`${server.url}/v1/callbacks`)).json()) as {
      callbacks: { id: string; state: string }[];
    };
    expect(listed.callbacks).toMatchObject([{ id: words('id'), state: 'delivered', attempts: [{ status: 204 }] }]);
    const replay = await fetch(`${server.url}/v1/callbacks/${words('id')}/replay`, { method: 'POST' });
    expect(replay.status).toBe(200);
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(2);
  });

  it('in Python go from the upload to the signed callback', async () => {
    const out = outputFolder('python');
    const words = [
      folder.at('my face.png'),
      folder.at('party.jpg'),
      '--folder',
      out,
      '--callback-port',
      String(pythonPort),
    ];
    const run = await runProgram('python3', [example('python/swap.py'), ...words], { env });
    expect(run, run.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/callback job\.completed signed\n$/),
    });
    expect(readdirSync(out)).toEqual(['result.jpg']);
  });

  it('in TypeScript saves the output', async () => {
    ensureBuilt();
    const out = outputFolder('typescript');
    const words = [folder.at('my face.png'), folder.at('party.jpg'), out];
    const run = await runProgram(process.execPath, ['--import', 'tsx', example('typescript/swap.ts'), ...words], {
      env,
      cwd: ROOT,
    });
    expect(run, run.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/saved .*result\.jpg\n$/) });
    expect(readdirSync(out)).toEqual(['result.jpg']);
  });

  it('of the page about the API work, one after another', async () => {
    const page = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
    // Making a key is for another machine.
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
    const script = blocks.filter((block) => !block.startsWith('facefusion ')).join('\n');
    expect(script.match(/^.*curl /gm)?.length).toBeGreaterThan(30);
    const here = outputFolder('page');
    copyFileSync(folder.at('my face.png'), join(here, 'face.jpg'));
    ffmpeg('-i', sampleVideoPath('cap12_edit'), '-frames:v', '12', '-an', join(here, 'party.mp4'));
    const run = await runProgram('sh', ['-eux', '-c', script], { env, cwd: here });
    expect(run.code, run.stderr.split('\n').slice(-12).join('\n')).toBe(0);
    expect(await sharp(join(here, 'frame.png')).metadata()).toMatchObject({ format: 'png' });
  });

  it('say what the service says', async () => {
    writeFileSync(folder.at('notes.txt'), 'no photo');
    const shell = await runProgram('sh', [example('curl/swap.sh'), folder.at('notes.txt'), folder.at('party.jpg')], {
      env,
    });
    expect(shell.code).not.toBe(0);
    const python = await runProgram(
      'python3',
      [example('python/swap.py'), folder.at('notes.txt'), folder.at('party.jpg')],
      { env },
    );
    expect(python).toMatchObject({ code: 1, stderr: expect.stringMatching(/^INPUT_UNSUPPORTED: /) });
  });
});
