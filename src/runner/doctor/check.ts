import { type ErrorCode, isAppError, toAppError } from '../../core/errors.ts';

/** What a check found that did not fail, for pages that tell it in words of their own. */
export type CheckCode =
  | ('node' | 'ffmpeg' | 'encoders' | 'encoders-without-device' | 'encoders-absent' | 'models' | 'onnxruntime')
  | ('disk' | 'disk-low' | 'memory' | 'memory-low' | 'gpu' | 'gpu-none');

/** What is behind a message. Names of sizes in bytes end with `Bytes`; lists have commas. */
export type CheckFacts = Readonly<Record<string, string | number>>;

interface CheckLine {
  readonly name: string;
  readonly message: string;
  /** What to type to mend it. */
  readonly fix?: string;
  readonly facts?: CheckFacts;
}

/** One line of the doctor's report. It names no path, so that it can be shown to others. */
export type Check = CheckLine &
  (
    | { readonly status: 'OK' | 'WARN'; readonly code: CheckCode }
    /** The error with which work would end. */
    | { readonly status: 'FAIL'; readonly code: ErrorCode }
  );

export const ok = (name: string, code: CheckCode, message: string, facts: CheckFacts = {}): Check => ({
  ...{ name, status: 'OK', code, message, facts },
});

export const warn = (name: string, code: CheckCode, message: string, fix: string, facts: CheckFacts): Check => ({
  ...{ name, status: 'WARN', code, message, fix, facts },
});

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
