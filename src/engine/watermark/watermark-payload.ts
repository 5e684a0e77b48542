/** What a mark says, and the tag that tells it from chance and from marks of others. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../../core/errors.ts';

/** 64 bits: who made the picture, and in which job. */
export interface WatermarkPayload {
  /** Eight hexadecimal digits. */
  readonly installation: string;
  readonly job: string;
}

const FIELD = /^[0-9a-f]{8}$/;
const PAYLOAD_BYTES = 8;
/** A chance decode has the right tag once in 4 billion. */
const TAG_BYTES = 4;
/** Bits of a message: payload and tag. */
export const MESSAGE_BITS = 8 * (PAYLOAD_BYTES + TAG_BYTES);

const tagOf = (key: Buffer, payload: Uint8Array): Buffer =>
  createHmac('sha256', key).update('watermark tag').update(payload).digest().subarray(0, TAG_BYTES);

/** The bits of a message, first bit of each byte first. @throws INTERNAL for other than eight hexadecimal digits */
export function toMessage({ installation, job }: WatermarkPayload, key: Buffer): Uint8Array {
  if (!FIELD.test(installation) || !FIELD.test(job)) {
    throw new AppError('INTERNAL', 'Expected eight hexadecimal digits each for installation and job.');
  }
  const payload = Buffer.from(installation + job, 'hex');
  const bytes = Buffer.concat([payload, tagOf(key, payload)]);
  return Uint8Array.from({ length: MESSAGE_BITS }, (_, at) => (bytes[at >> 3]! >> (7 - (at & 7))) & 1);
}

/** The payload of a message, or undefined where its tag is not that of the key. */
export function fromMessage(bits: ArrayLike<number>, key: Buffer): WatermarkPayload | undefined {
  const bytes = Buffer.alloc(MESSAGE_BITS / 8);
  for (let at = 0; at < MESSAGE_BITS; at++) bytes[at >> 3]! |= bits[at]! << (7 - (at & 7));
  const payload = bytes.subarray(0, PAYLOAD_BYTES);
  if (!timingSafeEqual(tagOf(key, payload), bytes.subarray(PAYLOAD_BYTES))) return undefined;
  const text = payload.toString('hex');
  return { installation: text.slice(0, 8), job: text.slice(8) };
}
