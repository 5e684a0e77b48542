/** A small web server on this machine for tests of downloads, with the faults that real ones have. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
  readonly bytes: Uint8Array;
  /** Ignores `Range`. */
  readonly withoutRange?: boolean;
  /** How many bytes of each answer come before the connection breaks; none left: it stays whole. */
  readonly breaksAfter?: number[];
  /** Sends what there is of an answer and then nothing, without an end. */
  readonly stalls?: boolean;
  /** Instead of the file. */
  readonly status?: number;
  /** Where to look instead, as GitHub does. */
  readonly redirect?: string;
}

export interface FileServer extends AsyncDisposable {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  /** By path, with the leading slash. Everything else is 404. */
  readonly files: Map<string, Served>;
  /** What was asked for, with the range: `GET /a/b bytes=5-`. */
  readonly requests: string[];
}

/** Starts the server; its creator disposes it. */
export async function serveFiles(): Promise<FileServer> {
  const files = new Map<string, Served>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push([request.method, request.url, request.headers.range].filter((word) => word).join(' '));
    answer(files.get(decodeURIComponent(request.url ?? '')), request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ files, requests },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(served: Served | undefined, { headers }: IncomingMessage, response: ServerResponse): void {
  if (!served) return void response.writeHead(404).end('Not Found');
  if (served.status !== undefined) return void response.writeHead(served.status).end('no');
  if (served.redirect) return void response.writeHead(302, { Location: served.redirect }).end();
  const { bytes } = served;
  const [, from] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  const start = from === undefined || served.withoutRange ? 0 : Number(from);
  if (start >= bytes.length && start > 0) {
    return void response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end();
  }
  const part = bytes.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, {
    'Content-Length': part.length,
    ...(start > 0 ? { 'Content-Range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  const breaksAfter = served.breaksAfter?.shift();
  if (breaksAfter !== undefined) response.write(part.subarray(0, breaksAfter), () => response.destroy());
  else if (served.stalls) response.write(part.subarray(0, part.length / 2));
  else response.end(part);
}
