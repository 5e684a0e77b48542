import { type AppError, type ErrorCode, isAppError, withDetails } from '../../core/errors.ts';

/** Codes with which moderation, a list or the policy ends a run: nothing of such a run is kept. */
export const REFUSALS: readonly ErrorCode[] = ['CONTENT_BLOCKED', 'POLICY_FORBIDS'];

export const isRefusal = (error: unknown): error is AppError => isAppError(error) && REFUSALS.includes(error.code);

/**
 * Does a part of a run. A refusal of it says of which run it is.
 * @param run as the invisible mark would call it
 */
export async function namingRun<T>(run: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isRefusal(error) ? withDetails(error, { run }) : error;
  }
}
