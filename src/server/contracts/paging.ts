/** Lists in pages. */
import { z } from 'zod';

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

/** Address of the next page: the same query with another cursor. */
export function nextUrl(url: string, next: string): string {
  const { pathname, searchParams } = new URL(url, 'http://api');
  searchParams.set('cursor', next);
  return `${pathname}?${searchParams}`;
}
