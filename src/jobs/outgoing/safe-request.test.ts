import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAppError } from '../../core/errors.ts';
import { createOutgoing, type OutgoingOptions } from './safe-request.ts';

let servers: Server[];
let folder: string;
beforeEach(async () => {
  servers = [];
  folder = await mkdtemp(join(tmpdir(), 'facefusion-outgoing-'));
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true, force: true });
});

async function listen(handler: RequestListener, host = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(handler).listen(port, host);
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

const GET = { method: 'GET', maxBytes: 1000, milliseconds: 10_000 } as const;
/** Loopback is private: tests name it. */
const local = (port: number, options: OutgoingOptions = {}) =>
  createOutgoing({ allowNetworks: ['127.0.0.1/32'], ports: [port], ...options });
const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.then(
    () => expect.unreachable(),
    (thrown: unknown) => thrown,
  );
  if (!isAppError(error)) throw error;
  return error.code;
};

describe('an outgoing request', () => {
  it('brings status, headers and body where the network is allowed', async () => {
    let seen: IncomingMessage | undefined;
    const port = await listen((request, response) => {
      seen = request;
      response.writeHead(418, { 'x-a': 'b' }).end('short');
    });
    const answer = await local(port).request(`http://127.0.0.1:${port}/a?b=1`, GET);
    expect(answer).toMatchObject({ status: 418, headers: { 'x-a': 'b' }, url: `http://127.0.0.1:${port}/a?b=1` });
    expect(answer.body.toString()).toBe('short');
    expect(seen!.headers).toMatchObject({ 'user-agent': 'facefusion', 'accept-encoding': 'identity' });
  });

  it('sends a body', async () => {
    const port = await listen((request, response) => request.pipe(response));
    const body = JSON.stringify({ a: 'ü' });
    const answer = await local(port).request(`http://127.0.0.1:${port}/`, { ...GET, method: 'POST', body });
    expect(answer.body.toString()).toBe(body);
  });

  it('reaches no server of this machine by any spelling, and the server never hears of it', async () => {
    let requests = 0;
    const port = await listen((_request, response) => {
      requests++;
      response.end();
    });
    const outgoing = createOutgoing({ ports: [port] });
    for (const host of [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '0177.0.0.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0',
    ]) {
      expect(await codeOf(outgoing.request(`http://${host}:${port}/`, GET)), host).toBe('ADDRESS_FORBIDDEN');
    }
    expect(requests).toBe(0);
  });

  it.each(['file:///etc/passwd', 'ftp://example.com/', 'gopher://x/', 'data:,x', 'nothing', 'http://u:p@example.com/'])(
    'goes to http(s) without a password only: %s',
    async (address) => {
      expect(await codeOf(createOutgoing().request(address, GET))).toBe('ADDRESS_FORBIDDEN');
    },
  );

  it('goes to known ports and listed hosts only', async () => {
    const resolve = async () => ['127.0.0.1'];
    const outgoing = createOutgoing({ hosts: ['a.example', '*.b.example'], allowNetworks: ['127.0.0.1/32'], resolve });
    expect(await codeOf(outgoing.request('http://a.example:22/', GET))).toBe('ADDRESS_FORBIDDEN');
    for (const host of ['c.example', 'b.example', 'xb.example', 'a.example.c.example']) {
      expect(await codeOf(outgoing.request(`http://${host}:8080/`, GET)), host).toBe('ADDRESS_FORBIDDEN');
    }
    const port = await listen((_request, response) => response.end('yes'));
    const open = local(port, { hosts: ['a.example', '*.b.example'], resolve });
    for (const host of ['a.example', 'x.b.example', 'A.EXAMPLE']) {
      expect((await open.request(`http://${host}:${port}/`, GET)).body.toString()).toBe('yes');
    }
  });

  it('refuses a name of which one address is private', async () => {
    const outgoing = createOutgoing({ resolve: async () => ['93.184.216.34', '10.0.0.1'] });
    expect(await codeOf(outgoing.request('http://both.example/', GET))).toBe('ADDRESS_FORBIDDEN');
  });

  it('connects to the address that was checked, whatever the name says later', async () => {
    const answers = [['127.0.0.2'], ['127.0.0.1']];
    let lookups = 0;
    const resolve = async () => answers[Math.min(lookups++, 1)]!;
    const port = await listen((_request, response) => response.end('public'), '127.0.0.2');
    await listen((_request, response) => response.end('private'), '127.0.0.1', port);
    const outgoing = createOutgoing({ allowNetworks: ['127.0.0.2/32'], ports: [port], resolve });
    expect((await outgoing.request(`http://rebind.example:${port}/`, GET)).body.toString()).toBe('public');
    expect(lookups).toBe(1);
    expect(await codeOf(outgoing.request(`http://rebind.example:${port}/`, GET))).toBe('ADDRESS_FORBIDDEN');
  });

  it('says when a name is not known', async () => {
    const outgoing = createOutgoing({
      resolve: async () => {
        throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
      },
    });
    expect(await codeOf(outgoing.request('http://nowhere.example/', GET))).toBe('REMOTE_FAILED');
  });

  it('asks no proxy of the environment', async () => {
    let asked = 0;
    const proxy = await listen((_request, response) => {
      asked++;
      response.end('proxy');
    });
    const port = await listen((_request, response) => response.end('direct'));
    process.env.http_proxy = process.env.HTTP_PROXY = `http://127.0.0.1:${proxy}`;
    try {
      const answer = await local(port).request(`http://127.0.0.1:${port}/`, GET);
      expect([answer.body.toString(), asked]).toEqual(['direct', 0]);
    } finally {
      delete process.env.http_proxy;
      delete process.env.HTTP_PROXY;
    }
  });
});

describe('redirects', () => {
  const chain = (response: ServerResponse, status: number, location: string): void =>
    void response.writeHead(status, { location }).end();

  it('are followed three times', async () => {
    const port = await listen(({ url }, response) => {
      const step = Number(url!.slice(1));
      if (step === 0) response.end('there');
      else chain(response, 302, `/${step - 1}`);
    });
    expect(await local(port).request(`http://127.0.0.1:${port}/3`, GET)).toMatchObject({
      status: 200,
      url: `http://127.0.0.1:${port}/0`,
    });
    expect(await codeOf(local(port).request(`http://127.0.0.1:${port}/4`, GET))).toBe('REMOTE_FAILED');
  });

  it('lead to no network that is not allowed, to no other port and to no other kind of address', async () => {
    let to = '';
    const port = await listen((_request, response) => chain(response, 307, to));
    for (to of [
      `http://127.0.0.2:${port}/`,
      `http://localhost.:${port}/`,
      'http://169.254.169.254/latest/meta-data',
      `http://127.0.0.1:${port === 6379 ? 6380 : 6379}/`,
      'file:///etc/passwd',
      `http://u:p@127.0.0.1:${port}/`,
    ]) {
      const outgoing = local(port, { resolve: async () => ['127.0.0.3'] });
      expect(await codeOf(outgoing.request(`http://127.0.0.1:${port}/`, GET)), to).toBe('ADDRESS_FORBIDDEN');
    }
  });

  it('turn no POST into a GET', async () => {
    const methods: string[] = [];
    const port = await listen((request, response) => {
      methods.push(`${request.method} ${request.url}`);
      if (request.url === '/302') chain(response, 302, '/end');
      else if (request.url === '/307') chain(response, 307, '/end');
      else request.pipe(response);
    });
    const post = { ...GET, method: 'POST', body: 'x' } as const;
    expect((await local(port).request(`http://127.0.0.1:${port}/302`, post)).status).toBe(302);
    expect((await local(port).request(`http://127.0.0.1:${port}/307`, post)).body.toString()).toBe('x');
    expect(methods).toEqual(['POST /302', 'POST /307', 'POST /end']);
  });
});

describe('answers without an end', () => {
  const endless: RequestListener = (_request, response) => {
    const more = (): void => {
      while (response.write('x'.repeat(10_000)));
      response.once('drain', more);
    };
    more();
  };

  it('are cut at the limit', async () => {
    const port = await listen(endless);
    expect(await codeOf(local(port).request(`http://127.0.0.1:${port}/`, GET))).toBe('INPUT_TOO_LARGE');
    const path = join(folder, 'big');
    expect(await codeOf(local(port).download(`http://127.0.0.1:${port}/`, path, GET))).toBe('INPUT_TOO_LARGE');
    expect(existsSync(path)).toBe(false);
  });

  it('are cut after a while: headers that do not come, a body that stops', async () => {
    const port = await listen(({ url }, response) => {
      if (url === '/body') response.write('x');
    });
    for (const path of ['/headers', '/body']) {
      const patience = { ...GET, milliseconds: 100 };
      expect(await codeOf(local(port).request(`http://127.0.0.1:${port}${path}`, patience))).toBe('REMOTE_FAILED');
    }
    const slow = createOutgoing({ resolve: () => new Promise(() => {}) });
    expect(await codeOf(slow.request('http://slow.example/', { ...GET, milliseconds: 50 }))).toBe('REMOTE_FAILED');
  });

  it('end when the caller says so, with its reason', async () => {
    const port = await listen(() => controller.abort(new Error('enough')));
    const controller = new AbortController();
    await expect(
      local(port).request(`http://127.0.0.1:${port}/`, { ...GET, signal: controller.signal }),
    ).rejects.toThrow('enough');
  });
});

describe('a download', () => {
  it('writes the whole file', async () => {
    const port = await listen((_request, response) =>
      response.writeHead(200, { 'content-type': 'image/png' }).end('png'),
    );
    const path = join(folder, 'file');
    const limits = { maxBytes: 3, milliseconds: 10_000 };
    expect(await local(port).download(`http://127.0.0.1:${port}/`, path, limits)).toMatchObject({
      bytes: 3,
      contentType: 'image/png',
    });
    expect(await readFile(path, 'utf8')).toBe('png');
  });

  it('leaves nothing behind where the status, the length or the end is wrong', async () => {
    const port = await listen((request, response) => {
      if (request.url === '/status') response.writeHead(404).end('no');
      else if (request.url === '/length') response.writeHead(200, { 'content-length': 1_000_000 }).end();
      else {
        response.writeHead(200, { 'content-length': 10 }).write('half');
        setImmediate(() => response.destroy());
      }
    });
    const path = join(folder, 'file');
    const get = (url: string) => codeOf(local(port).download(`http://127.0.0.1:${port}${url}`, path, GET));
    expect([await get('/status'), await get('/length'), await get('/cut')]).toEqual([
      'REMOTE_FAILED',
      'INPUT_TOO_LARGE',
      'REMOTE_FAILED',
    ]);
    expect(existsSync(path)).toBe(false);
  });

  it('never writes over a file', async () => {
    const port = await listen((_request, response) => response.end('new'));
    const path = join(folder, 'file');
    await writeFile(path, 'old');
    expect(await codeOf(local(port).download(`http://127.0.0.1:${port}/`, path, GET))).toBe('OUTPUT_FAILED');
    expect(await readFile(path, 'utf8')).toBe('old');
  });

  it('of a server that speaks no HTTP fails', async () => {
    const { createServer: createTcp } = await import('node:net');
    const tcp = createTcp((socket) => socket.on('error', () => {}).end('SSH-2.0-x\r\n')).listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    const { port } = tcp.address() as { port: number };
    connect(port, '127.0.0.1')
      .on('error', () => {})
      .end();
    expect(await codeOf(local(port).download(`http://127.0.0.1:${port}/`, join(folder, 'x'), GET))).toBe(
      'REMOTE_FAILED',
    );
    tcp.close();
  });
});
