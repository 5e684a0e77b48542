/** A signed statement that the log had a number of lines, and their root: whoever keeps one can prove a later change. */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { AppError } from '../../core/errors.ts';

export interface Checkpoint {
  /** Which log: `facefusion-audit/` and the key's id. */
  readonly origin: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly root: string;
  readonly time: string;
}

/** What is signed, and the first lines of a checkpoint as text. */
const bodyOf = ({ origin, size, root, time }: Checkpoint): string => `${origin}\n${size}\n${root}\n${time}\n`;

/** Text of five lines: origin, size, root, time, and the signature in base64. */
export function signCheckpoint(checkpoint: Checkpoint, privateKey: KeyObject): string {
  const body = bodyOf(checkpoint);
  return `${body}${sign(null, Buffer.from(body), privateKey).toString('base64')}\n`;
}

/**
 * Reads a checkpoint.
 * @returns undefined where it is damaged or the signature is not that of the key
 */
export function openCheckpoint(text: string, publicKey: KeyObject): Checkpoint | undefined {
  const [origin, size, root, time, signature, rest] = text.split('\n');
  if (origin === undefined || root === undefined || time === undefined || signature === undefined || rest !== '') {
    return undefined;
  }
  if (!/^\d{1,15}$/.test(size ?? '') || !/^[0-9a-f]{64}$/.test(root)) return undefined;
  const checkpoint = { origin, size: Number(size), root, time };
  const bytes = Buffer.from(signature, 'base64');
  // Base64 has several spellings of the same bytes; one of them counts.
  if (bytes.toString('base64') !== signature) return undefined;
  return verify(null, Buffer.from(bodyOf(checkpoint)), publicKey, bytes) ? checkpoint : undefined;
}

/** The public half of a key. @throws INTERNAL for a key that is not Ed25519 */
export function publicHalf(privateKey: KeyObject): KeyObject {
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new AppError('INTERNAL', 'Expected an Ed25519 key.');
  return createPublicKey(privateKey);
}
