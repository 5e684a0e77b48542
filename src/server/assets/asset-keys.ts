/** What uploads are called, in the store and in the storage. */
import { createHash } from 'node:crypto';

/** As in `core/ids.ts`. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const LETTERS = 22;

/**
 * Id of an asset: the same for the same bytes of the same tenant, so that two uploads at once still make one. It tells
 * nothing: whoever could make it has the bytes.
 */
export function assetIdOf(tenant: string, sha256: string): string {
  const digest = createHash('sha256').update(`${tenant}\n${sha256}`).digest();
  return `asset_${[...digest.subarray(0, LETTERS)].map((byte) => ALPHABET[byte % 32]).join('')}`;
}

/** Where its bytes are. */
export const assetKey = (tenant: string, sha256: string): string => `assets/${tenant}/${sha256}`;

/** Where a caller puts bytes by an address that was signed for it. */
export const incomingKey = (tenant: string, upload: string): string => `incoming/${tenant}/${upload}`;
