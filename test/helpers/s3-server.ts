/** An S3 in this process, and a way to it on which things go wrong as often as one likes. */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { startFauxqs } from 'fauxqs';

/** What can happen to a request, in turn. */
const FAULTS = ['unavailable', 'slow-down', 'reset-before', 'reset-after', 'cut-body'] as const;
type Fault = (typeof FAULTS)[number];

export interface S3Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly fault: Fault | undefined;
}

export interface S3Server extends AsyncDisposable {
  /** `http://127.0.0.1:port`, through the proxy. */
  readonly endpoint: string;
  /** Of a bucket that is there, with more parameters. */
  url(bucket: string, parameters?: Readonly<Record<string, string>>): string;
  /** What has come through the proxy. */
  readonly requests: readonly S3Request[];
  /** What the bucket holds; the objects cannot be reached by tests otherwise. */
  createBucket(name: string): void;
  /** Lets this share of the requests from now on fail, 0..1. */
  fail(share: number): void;
}

/** The same numbers for the same seed: mulberry32, by Tommy Ettinger. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Starts a server with a bucket `media`. Credentials of the environment are set: it takes any.
 * @param seed of what fails
 */
export async function startS3({ seed = 1 } = {}): Promise<S3Server> {
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
  const s3 = await startFauxqs({ port: 0, logger: false });
  s3.createBucket('media');
  const random = randomFrom(seed);
  const requests: S3Request[] = [];
  let share = 0;
  const proxy = createServer((incoming, outgoing) => {
    const fault = random() < share ? FAULTS[Math.floor(random() * FAULTS.length)] : undefined;
    const { method = 'GET', url = '/', headers } = incoming;
    requests.push({ method, path: url, headers, fault });
    pass(s3.port, incoming, outgoing, fault).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as { port: number };
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    requests,
    url: (bucket, parameters = {}) =>
      `s3://${bucket}?${new URLSearchParams({ endpoint, pathStyle: 'true', ...parameters })}`,
    createBucket: (name) => s3.createBucket(name),
    fail: (next) => {
      share = next;
    },
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      await s3.stop();
    },
  };
}

async function pass(port: number, incoming: IncomingMessage, outgoing: ServerResponse, fault: Fault | undefined) {
  if (fault === 'reset-before') {
    incoming.socket.resetAndDestroy();
    return;
  }
  const body = await buffer(incoming);
  if (fault === 'unavailable' || fault === 'slow-down') {
    const code = fault === 'slow-down' ? 'SlowDown' : 'ServiceUnavailable';
    outgoing.writeHead(503, { 'content-type': 'application/xml' });
    outgoing.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>Later.</Message></Error>`);
    return;
  }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const { method, url, headers } = incoming;
    const options = { port, host: '127.0.0.1', method, path: url, headers: { ...headers, connection: 'close' } };
    request(options, resolve).once('error', reject).end(body);
  });
  const bytes = await buffer(answer);
  // The server has done it; the client never hears.
  if (fault === 'reset-after') {
    incoming.socket.resetAndDestroy();
    return;
  }
  const { connection, 'keep-alive': _, 'transfer-encoding': __, ...headers } = answer.headers;
  const length = incoming.method === 'HEAD' ? headers['content-length'] : String(bytes.length);
  outgoing.writeHead(answer.statusCode ?? 500, {
    ...headers,
    ...(length === undefined ? {} : { 'content-length': length }),
  });
  if (fault === 'cut-body' && bytes.length > 1) {
    outgoing.write(bytes.subarray(0, bytes.length >> 1), () => incoming.socket.resetAndDestroy());
    return;
  }
  outgoing.end(incoming.method === 'HEAD' ? undefined : bytes);
}
