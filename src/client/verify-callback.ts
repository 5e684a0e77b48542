/** Checks that a callback comes from the service: Standard Webhooks, by Web Crypto. */
import type { Job } from './job-events.ts';

/** Seconds by which the time of a callback may differ. */
const TOLERANCE_SECONDS = 300;
const PREFIX = 'whsec_';

/** What is sent when a job has ended. */
export interface Callback {
  /** The same for each try: what was seen before need not be done again. */
  readonly id: string;
  readonly type: 'job.completed' | 'job.failed' | 'job.cancelled';
  readonly createdAt: string;
  readonly job: Job;
}

/** Headers of a request, however they are kept. */
export type CallbackHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * @param secret `whsec_…`, from /v1/callbacks/secret
 * @param body   as it came, byte for byte: before anything parses it
 * @param now    milliseconds since 1970
 * @throws Error where it was not signed with the secret, or is too old
 */
export async function verifyCallback(
  secret: string,
  headers: CallbackHeaders,
  body: string,
  now: number = Date.now(),
): Promise<Callback> {
  const id = readHeader(headers, 'webhook-id');
  const timestamp = readHeader(headers, 'webhook-timestamp');
  const signatures = readHeader(headers, 'webhook-signature');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) {
    throw new Error(`Expected a callback of the last ${TOLERANCE_SECONDS} s: it is old, or a clock is wrong.`);
  }
  const raw = fromBase64(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret);
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  for (const signature of signatures.split(' ')) {
    const [version, mac] = signature.split(',');
    if (version !== 'v1' || mac === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(mac)) continue;
    // Compares in constant time.
    if (await crypto.subtle.verify('HMAC', key, fromBase64(mac), signed)) return JSON.parse(body) as Callback;
  }
  throw new Error('The signature of the callback does not fit: it comes from elsewhere, or the body was changed.');
}

function readHeader(headers: CallbackHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`Expected the header ${name}.`);
}

const fromBase64 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
