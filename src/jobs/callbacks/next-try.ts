/** When a delivery is tried again, and whether. Pure. */
import type { CallbackState } from './delivery.ts';

/** Milliseconds: the second try is soon, the last ones are hours apart; 8 tries take about 10 hours. */
const FIRST_WAIT = 10_000;
const GROWTH = 4;
export const LONGEST_WAIT = 6 * 3_600_000;
/** Share by which a wait is longer or shorter: receivers that come back are not met by all at once. */
const JITTER = 0.2;

/** What came of a try. */
export interface TryOutcome {
  /** Of the answer; undefined where there was none. */
  readonly status?: number | undefined;
  /** Of what went wrong where there was no answer. */
  readonly error?: string | undefined;
  /** What the receiver asked for, in seconds. */
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * @param tries    done, with this one
 * @param random   0..1
 * @returns waitMilliseconds only where it is to be tried again
 */
export function nextTry(
  { status, error, retryAfterSeconds }: TryOutcome,
  tries: number,
  maxAttempts: number,
  random: number,
): { readonly state: CallbackState; readonly waitMilliseconds: number } {
  if (status !== undefined && status >= 200 && status < 300) return { state: 'delivered', waitMilliseconds: 0 };
  // Gone: the receiver wants no more. Forbidden: it will not be allowed later.
  const isFinal = status === 410 || error === 'ADDRESS_FORBIDDEN';
  if (isFinal || tries >= maxAttempts) return { state: 'dead', waitMilliseconds: 0 };
  const grown = Math.min(LONGEST_WAIT, FIRST_WAIT * GROWTH ** (tries - 1));
  const asked = Math.min(LONGEST_WAIT, (retryAfterSeconds ?? 0) * 1000);
  return { state: 'waiting', waitMilliseconds: Math.max(asked, Math.round(grown * (1 + JITTER * (2 * random - 1)))) };
}
