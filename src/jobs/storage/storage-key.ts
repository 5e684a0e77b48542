/** What may be a key of a stored object, for every adapter. */
import { AppError } from '../../core/errors.ts';

/** S3 takes no more, in bytes. */
const LONGEST_KEY = 1024;
/** Neither do file systems, for one name. */
const LONGEST_PART = 255;
const PART = /^[A-Za-z0-9._-]+$/;

/** @throws OPTION_INVALID for what is no key: `..`, an empty part, a letter that is not allowed */
export function checkKey(key: string): void {
  if (key.length > LONGEST_KEY || !key.split('/').every(isPart)) throw notAKey(key);
}

/** Keys can be asked for by their beginning: whole parts, or a part of one. The empty text is the beginning of all. */
export function checkPrefix(prefix: string): void {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
}

const isPart = (part: string): boolean =>
  part.length <= LONGEST_PART && PART.test(part) && part !== '.' && part !== '..';

const notAKey = (key: string): AppError =>
  new AppError(
    'OPTION_INVALID',
    `Expected names of letters, digits, ".", "_" and "-" with "/" between them as the key of an object, received ${JSON.stringify(key.slice(0, 80))}.`,
    {
      hint: `Use at most ${LONGEST_KEY} letters, ${LONGEST_PART} for each name, and neither "." nor ".." as a name.`,
    },
  );
