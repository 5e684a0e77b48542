/**
 * Signatures of callbacks, as Standard Webhooks has them: whoever verifies others can verify ours.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../core/errors.ts';

/** Seconds by which a timestamp may differ: what was recorded by somebody cannot be sent again later. */
export const TOLERANCE_SECONDS = 300;
const PREFIX = 'whsec_';
const VERSION = 'v1';

export interface SignedCallback {
  /** `webhook-id`: the same for each try of a delivery. */
  readonly id: string;
  /** `webhook-timestamp`: seconds since 1970, of this try. */
  readonly timestamp: number;
  /** As it was sent, byte for byte. */
  readonly body: string;
}

const macOf = (secret: string, { id, timestamp, body }: SignedCallback): Buffer =>
  createHmac('sha256', Buffer.from(secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret, 'base64'))
    .update(`${id}.${timestamp}.${body}`)
    .digest();

/**
 * Value of `webhook-signature`: one signature for each secret, the newest first.
 * @param secrets `whsec_` and base64
 */
export const signCallback = (secrets: readonly string[], callback: SignedCallback): string =>
  secrets.map((secret) => `${VERSION},${macOf(secret, callback).toString('base64')}`).join(' ');

/**
 * Checks what a receiver was sent.
 * @param headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, in lower case
 * @param now     milliseconds since 1970
 * @throws UNAUTHENTICATED for a header that lacks, a time that is too far off or a signature that does not fit
 */
export function verifyCallback(
  secret: string,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  body: string,
  now: number = Date.now(),
): void {
  const [id, sentAt, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => {
    const value = headers[name];
    if (typeof value === 'string' && value !== '') return value;
    throw new AppError('UNAUTHENTICATED', `Expected the header ${name}.`);
  }) as [string, string, string];
  const timestamp = /^\d{1,12}$/.test(sentAt) ? Number(sentAt) : Number.NaN;
  if (!(Math.abs(now / 1000 - timestamp) <= TOLERANCE_SECONDS)) {
    throw new AppError('UNAUTHENTICATED', `Expected a callback of the last ${TOLERANCE_SECONDS} s.`);
  }
  const expected = macOf(secret, { id, timestamp, body });
  const fits = signatures.split(' ').some((signature) => {
    const [version, mac] = signature.split(',');
    if (version !== VERSION || mac === undefined) return false;
    const given = Buffer.from(mac, 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!fits) throw new AppError('UNAUTHENTICATED', 'The signature of the callback does not fit.');
}
