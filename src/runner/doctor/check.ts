import { type ErrorCode, isAppError, toAppError } from '../../core/errors.ts';

/** One line of the doctor's report. It names no path, so that it can be shown to others. */
export interface Check {
  readonly name: string;
  readonly status: 'OK' | 'WARN' | 'FAIL';
  readonly message: string;
  /** What to type to mend it. */
  readonly fix?: string;
  /** The error with which work would end, for FAIL. */
  readonly code?: ErrorCode;
}

export const ok = (name: string, message: string): Check => ({ name, status: 'OK', message });

export const warn = (name: string, message: string, fix: string): Check => ({ name, status: 'WARN', message, fix });

/** Runs a check; what it throws becomes its FAIL line. Absolute paths in the message are cut to their last part. */
export async function attempt(name: string, run: () => Promise<Check>): Promise<Check> {
  try {
    return await run();
  } catch (thrown) {
    const error = isAppError(thrown) ? thrown : toAppError(thrown);
    const message = withoutPaths(error.message);
    const fix = error.hint === undefined ? {} : { fix: withoutPaths(error.hint) };
    return { name, status: 'FAIL', message, code: error.code, ...fix };
  }
}

/** Cuts `/home/me/x/model.onnx` to `model.onnx`. Web addresses stay. */
export const withoutPaths = (text: string): string =>
  text.replace(/(?<![\w:/.])(?:[A-Za-z]:)?[\\/](?:[^\s"'\\/,]+[\\/])+([^\s"'\\/,]+)/g, '$1');
