/** Ids that sort by the time at which they were made. */
import { randomBytes } from 'node:crypto';

/** Crockford's alphabet: no letter that is taken for another. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LETTERS = 9;
const RANDOM_LETTERS = 13;

/**
 * A new id: `job_1k3c8x0v2` and 13 random letters (65 bits). Safe in paths, queues and addresses.
 * @param prefix says what it is of; letters
 */
export function newId(prefix: string, now: number = Date.now()): string {
  let time = '';
  for (let rest = now; time.length < TIME_LETTERS; rest = Math.floor(rest / 32)) time = ALPHABET[rest % 32] + time;
  const random = [...randomBytes(RANDOM_LETTERS)].map((byte) => ALPHABET[byte % 32]).join('');
  return `${prefix}_${time}${random}`;
}

/** Whether a text could be an id of this kind: before it is looked up. */
export const isId = (prefix: string, text: string): boolean =>
  text.startsWith(`${prefix}_`) && /^[0-9a-hjkmnp-tv-z]{22}$/.test(text.slice(prefix.length + 1));
