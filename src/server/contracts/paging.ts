/** Lists in pages. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';

export const MAX_PAGE = 200;
const DEFAULT_PAGE = 50;

/** Query of a list. */
export const pageQuery = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PAGE)
    .default(DEFAULT_PAGE)
    .describe(`Entries of a page, at most ${MAX_PAGE}.`),
  cursor: z.string().min(1).max(200).optional().describe('`next` of the page before, as it came.'),
} as const;

/** What a page has beside its entries. */
export const pageFields = {
  next: z.string().optional().describe('Cursor of the next page; absent on the last one.'),
  nextUrl: z.string().optional().describe('Address of the next page, with the same filters.'),
} as const;

export const NEWEST_FIRST = 'Newest first.';

/** A cursor for lists of the store, which go on behind a sequence number. */
export const toCursor = (sequence: number): string => Buffer.from(`s${sequence}`).toString('base64url');

/** @throws REQUEST_INVALID for what no list has given */
export function fromCursor(cursor: string): number {
  const match = /^s(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match) return Number(match[1]);
  throw new AppError('REQUEST_INVALID', 'Expected `next` of an earlier page as cursor, received something else.', {
    hint: 'Leave `cursor` out to begin with the first page.',
    details: { field: 'cursor' },
  });
}

/** Address of the next page: the same query with another cursor. */
export function nextUrl(url: string, next: string): string {
  const { pathname, searchParams } = new URL(url, 'http://api');
  searchParams.set('cursor', next);
  return `${pathname}?${searchParams}`;
}
