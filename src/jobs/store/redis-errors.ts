/** What Redis and the connection to it say, in our words. No address: it may hold a password. */
import { AppError, isAppError } from '../../core/errors.ts';

/** The server is there and cannot answer yet: it loads its data, changes roles or runs a long script. */
const NOT_YET = /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS)\b/;
const LOST =
  /Connection is (closed|not ready)|max retries per request|Stream isn't writeable|Command aborted|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND|Socket closed|read ECONN/;
const NOT_LET_IN = /^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR AUTH)/;

const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // Several addresses of one name fail together, without words of their own.
  const { code } = error as NodeJS.ErrnoException;
  return error.message || code || error.name;
};

/** Whether the same command may succeed in a moment. */
export const willPass = (error: unknown): boolean => {
  const text = textOf(error);
  return NOT_YET.test(text) || LOST.test(text) || LOST.test(String((error as NodeJS.ErrnoException).code));
};

/** @returns STORE_FAILED; an AppError as it is */
export function redisError(error: unknown): AppError {
  if (isAppError(error)) return error;
  const text = textOf(error);
  const { message, hint, retryable } = explain(text, error);
  return new AppError('STORE_FAILED', message, {
    hint,
    details: { reason: text.slice(0, 200) },
    cause: error,
    retryable,
  });
}

function explain(text: string, error: unknown): { message: string; hint: string; retryable: boolean } {
  if (NOT_LET_IN.test(text)) {
    const hint = 'Check user and password in the address, and which commands the user may use.';
    return { message: `Redis does not let us in (${text}).`, hint, retryable: false };
  }
  if (text.startsWith('OOM')) {
    return { message: 'Redis has no memory left.', hint: 'Raise its maxmemory, or remove old jobs.', retryable: true };
  }
  if (text.startsWith('MISCONF')) {
    const hint = 'Free some space on its disk; its log says more.';
    return { message: 'Redis cannot write to its disk and takes no changes.', hint, retryable: true };
  }
  if (willPass(error) || text.includes('timed out')) {
    const hint = 'Check that it runs and that its address is right; then try again.';
    return { message: `Redis cannot be reached (${text}).`, hint, retryable: true };
  }
  return { message: `Redis has failed (${text}).`, hint: 'Look into its log.', retryable: false };
}
