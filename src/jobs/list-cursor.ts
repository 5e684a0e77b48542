/** Where a list goes on, as a text that says nothing to its reader. */
import { AppError } from '../core/errors.ts';

export const toCursor = (sequence: number): string => Buffer.from(String(sequence)).toString('base64url');

/** @throws REQUEST_INVALID */
export function parseCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError('REQUEST_INVALID', 'Expected a cursor that an earlier list gave.', {
    hint: 'Leave it out to begin with the newest.',
    details: { parameter: 'cursor' },
  });
}
