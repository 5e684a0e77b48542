/**
 * Requests to addresses that somebody else chose: callbacks, imports, keys of an issuer. Never to private networks that were
 * not named, whatever a name or a redirect says, and never without an end. See OWASP's notes on server-side request forgery.
 */
import { open as openFile, rm } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, isAppError } from '../../core/errors.ts';
import { parseNetworks } from './address-rules.ts';
import { type AddressLimits, parseAddress, pinAddress, type Resolve } from './pinned-address.ts';

/** Ports of the web, and those that stand in for them. */
export const WEB_PORTS: readonly number[] = [80, 443, 8080, 8443];
const REDIRECTS = 3;
const REDIRECT_STATUSES: readonly number[] = [301, 302, 303, 307, 308];

export interface OutgoingOptions {
  /** Private networks that may be connected to, as CIDR. */
  readonly allowNetworks?: readonly string[] | undefined;
  /** Default: `WEB_PORTS`. */
  readonly ports?: readonly number[] | undefined;
  /** Names that may be connected to; `*` any, `*.example.com` those below; left out: any. */
  readonly hosts?: readonly string[] | undefined;
  /** Left out: the system's. */
  readonly resolve?: Resolve | undefined;
  /** What the other side is told; default `facefusion`. */
  readonly userAgent?: string | undefined;
}

export interface OutgoingLimits {
  /** Of the answer's body. */
  readonly maxBytes: number;
  /** For everything from the look-up to the last byte. */
  readonly milliseconds: number;
  readonly signal?: AbortSignal | undefined;
}

export interface OutgoingRequest extends OutgoingLimits {
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
  /** After redirects. */
  readonly url: string;
}

/** What a download brought. */
export interface Download {
  readonly bytes: number;
  /** As the other side says; not to be trusted. */
  readonly contentType: string | undefined;
  /** After redirects. */
  readonly url: string;
}

export interface Outgoing {
  /**
   * Sends a request and reads its answer whole; a status of any kind is an answer.
   * @throws ADDRESS_FORBIDDEN, INPUT_TOO_LARGE, REMOTE_FAILED
   */
  request(address: string, request: OutgoingRequest): Promise<OutgoingAnswer>;
  /**
   * Writes what lies at an address to a new file, whole or not at all.
   * @throws ADDRESS_FORBIDDEN, INPUT_TOO_LARGE; REMOTE_FAILED also for any other status than 200
   */
  download(address: string, toPath: string, limits: OutgoingLimits): Promise<Download>;
}

/** @throws OPTION_INVALID for networks that are none */
export function createOutgoing(options: OutgoingOptions = {}): Outgoing {
  const limits: AddressLimits = {
    networks: parseNetworks(options.allowNetworks ?? [], 'allowNetworks'),
    ports: options.ports ?? WEB_PORTS,
    hosts: options.hosts,
  };
  const userAgent = options.userAgent ?? 'facefusion';

  const open = async (address: string, request: OutgoingRequest, signal: AbortSignal): Promise<Opened> => {
    let url = parseAddress(address);
    for (let followed = 0; ; followed++) {
      const { lookup } = await unlessAborted(pinAddress(url, limits, options.resolve), signal);
      const answer = await send(
        url,
        { ...request, headers: { 'user-agent': userAgent, ...request.headers } },
        lookup,
        signal,
      );
      const status = answer.statusCode ?? 0;
      const { location } = answer.headers;
      // 301 to 303 would turn a POST into a GET, which no callback means.
      const follows =
        location !== undefined && REDIRECT_STATUSES.includes(status) && (request.method === 'GET' || status >= 307);
      if (!follows) return { answer, url };
      answer.destroy();
      if (followed === REDIRECTS) throw new AppError('REMOTE_FAILED', `Expected at most ${REDIRECTS} redirects.`);
      url = nextAddress(location, url);
    }
  };

  return {
    async request(address, request) {
      const signal = limitTime(request);
      try {
        const { answer, url } = await open(address, request, signal);
        const parts: Buffer[] = [];
        let bytes = 0;
        for await (const part of answer as AsyncIterable<Buffer>) {
          bytes += part.length;
          if (bytes > request.maxBytes) throw tooLarge(request.maxBytes);
          parts.push(part);
        }
        checkWhole(answer);
        return { status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts), url: url.href };
      } catch (error) {
        throw explain(error, request);
      }
    },

    async download(address, toPath, { maxBytes, milliseconds, signal: given }) {
      const request: OutgoingRequest = { method: 'GET', maxBytes, milliseconds, signal: given };
      const signal = limitTime(request);
      let isOurs = false;
      try {
        const { answer, url } = await open(address, request, signal);
        if (answer.statusCode !== 200) {
          answer.destroy();
          throw new AppError('REMOTE_FAILED', `Expected status 200 from ${url.host}, received ${answer.statusCode}.`);
        }
        if (Number(answer.headers['content-length'] ?? 0) > maxBytes) {
          answer.destroy();
          throw tooLarge(maxBytes);
        }
        let bytes = 0;
        const counter = new Transform({
          transform(part: Buffer, _encoding, done) {
            bytes += part.length;
            if (bytes > maxBytes) done(tooLarge(maxBytes));
            else done(null, part);
          },
        });
        const file = await openFile(toPath, 'wx', 0o600);
        isOurs = true;
        await pipeline(answer, counter, file.createWriteStream(), { signal });
        checkWhole(answer);
        return { bytes, contentType: answer.headers['content-type'], url: url.href };
      } catch (error) {
        if (isOurs) await rm(toPath, { force: true });
        throw explain(error, request);
      }
    },
  };
}

interface Opened {
  readonly answer: IncomingMessage;
  readonly url: URL;
}

function limitTime({ milliseconds, signal }: OutgoingLimits): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}

/** Looking a name up cannot be stopped, but need not be waited for. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function nextAddress(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) throw new AppError('REMOTE_FAILED', `${from.host} redirects to no address.`);
  const url = parseAddress(new URL(location, from.href));
  if (from.protocol === 'https:' && url.protocol === 'http:') {
    throw new AppError('ADDRESS_FORBIDDEN', `${from.host} redirects from https to http.`);
  }
  return url;
}

function send(
  url: URL,
  { method, headers, body }: OutgoingRequest,
  lookup: Awaited<ReturnType<typeof pinAddress>>['lookup'],
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  // Agents of its own: no connection is used again for another name, and no proxy of the environment is asked.
  const agent = isSecure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  return new Promise((resolve, reject) => {
    const outgoing = (isSecure ? httpsRequest : httpRequest)(url, {
      method,
      agent,
      lookup,
      signal,
      headers: {
        ...headers,
        // What is counted is what comes: nothing is unpacked.
        'accept-encoding': 'identity',
        ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
      },
    });
    outgoing.once('response', resolve).once('error', reject);
    outgoing.end(body);
  });
}

/** A connection that ended in the middle of a body is no end of the body. */
function checkWhole(answer: IncomingMessage): void {
  if (!answer.complete) throw new Error('the connection ended before the body did');
}

const tooLarge = (maxBytes: number): AppError =>
  new AppError('INPUT_TOO_LARGE', `Expected at most ${maxBytes} bytes, received more.`);

function explain(error: unknown, { signal, milliseconds }: OutgoingLimits): unknown {
  if (isAppError(error)) return error;
  if (signal?.aborted) return signal.reason;
  const { name, message, code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EEXIST' || code === 'ENOENT' || code === 'EACCES') {
    return new AppError('OUTPUT_FAILED', `What was downloaded cannot be kept: ${code}.`, { cause: error });
  }
  const isLate = name === 'TimeoutError' || name === 'AbortError';
  return new AppError(
    'REMOTE_FAILED',
    isLate ? `No whole answer within ${milliseconds} ms.` : `No answer: ${message}.`,
    {
      cause: error,
      retryable: true,
    },
  );
}
