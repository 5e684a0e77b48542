import { AppError } from './errors.ts';

/** Throws `CANCELLED` when the signal has fired. Call it once a frame in anything that takes over 50 ms. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

/** The error of a cancelled run; keeps the signal's reason as the cause. */
export function cancelled(signal: AbortSignal): AppError {
  return new AppError('CANCELLED', 'The run was cancelled.', { cause: signal.reason });
}
