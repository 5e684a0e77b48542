/** Signatures as COSE wants them. */
import { constants, type KeyObject, sign } from 'node:crypto';
import type { Policy } from '../policy/policy-schema.ts';

export type SigningAlgorithm = Policy['signing']['algorithm'];

/** Bytes of one of the two numbers of an ECDSA signature; undefined for other kinds. */
const NUMBER_BYTES: Partial<Record<SigningAlgorithm, number>> = { es256: 32, es384: 48, es512: 66 };

/** Name of the hash that is signed; Ed25519 hashes by itself. */
export const hashOf = (algorithm: SigningAlgorithm): `sha${string}` | null =>
  algorithm === 'ed25519' ? null : `sha${algorithm.slice(2)}`;

/** @see RFC 9053, 2.1 and RFC 8230, 2 */
export function signWith(key: KeyObject, algorithm: SigningAlgorithm, bytes: Buffer): Buffer {
  const hash = hashOf(algorithm);
  if (algorithm.startsWith('es')) return sign(hash, bytes, { key, dsaEncoding: 'ieee-p1363' });
  if (!algorithm.startsWith('ps')) return sign(hash, bytes, key);
  return sign(hash, bytes, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

/** Brings an ECDSA signature in DER, as most programs write it, into the two numbers one behind the other. */
export function toCoseSignature(signature: Buffer, algorithm: SigningAlgorithm): Buffer {
  const bytes = NUMBER_BYTES[algorithm];
  if (bytes === undefined || signature.length === 2 * bytes || signature[0] !== 0x30) return signature;
  // SEQUENCE, its length in one byte or behind 0x81, then twice INTEGER, length, number.
  let at = signature[1] === 0x81 ? 3 : 2;
  const out = Buffer.alloc(2 * bytes);
  for (const end of [bytes, 2 * bytes]) {
    const length = signature[at + 1] ?? 0;
    // A leading zero keeps a number positive.
    const number = signature.subarray(at + 2, at + 2 + length).subarray(Math.max(0, length - bytes));
    number.copy(out, end - number.length);
    at += 2 + length;
  }
  return out;
}
