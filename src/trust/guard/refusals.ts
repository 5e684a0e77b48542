import type { ErrorFacts } from '../../core/error-facts.ts';
import { type AppError, type ErrorCode, isAppError, withDetails } from '../../core/errors.ts';
import type { PicturePlace } from '../trust-step.ts';

/** Codes with which moderation, a list or the policy ends a run: nothing of such a run is kept. */
export const REFUSALS: readonly ErrorCode[] = ['CONTENT_BLOCKED', 'POLICY_FORBIDS'];

export const isRefusal = (error: unknown): error is AppError => isAppError(error) && REFUSALS.includes(error.code);

/**
 * Does a part of a run. A refusal of it says of which run it is.
 * @param run as the invisible mark would call it
 */
export const namingRun = <T>(run: string, work: () => Promise<T>): Promise<T> => withFacts({ run }, work);

/** Looks at a picture. A refusal says which one it was. */
export const namingPlace = <T>({ frameIndex, timeSeconds }: PicturePlace, work: () => Promise<T>): Promise<T> =>
  withFacts({ frame: frameIndex, seconds: timeSeconds }, work);

async function withFacts<T>(facts: ErrorFacts, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isRefusal(error) ? withDetails(error, facts) : error;
  }
}
