/** Errors that every storage has in common. */
import { AppError } from '../../core/errors.ts';
import type { ByteRange } from './storage.ts';

export const noSuchObject = (key: string): AppError =>
  new AppError('NOT_FOUND', `There is no object ${key} in the storage.`, {
    hint: 'It may have expired and been removed; upload or make it again.',
  });

/**
 * The part of an object that a range asks for.
 * @returns `[start, end)`, ending with the object
 * @throws RANGE_INVALID where nothing of it is in the object
 */
export function clipRange(range: ByteRange, bytes: number): ByteRange {
  const { start, end } = range;
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start < bytes && end > start) {
    return { start, end: Math.min(end, bytes) };
  }
  throw new AppError('RANGE_INVALID', `Expected a range within 0..${bytes} bytes, received ${start}..${end}.`, {
    hint: 'Ask for the size of the object first.',
    details: { bytes },
  });
}
