/** Errors of a run as they leave the worker: without its paths, and with what is known of another try. */
import { AppError, type ErrorCode, toAppError } from '../../core/errors.ts';

/** Another worker, or this one later, may be better off: a full disk, a runner that was killed. */
const OF_THE_MACHINE: readonly ErrorCode[] = ['OUTPUT_FAILED', 'RUNNER_FAILED'];
/** The same input gives the same answer everywhere, however much of it was kept. */
const OF_THE_INPUT: readonly ErrorCode[] = [
  ...(['INPUT_NOT_FOUND', 'INPUT_NOT_A_FILE', 'INPUT_UNREADABLE', 'INPUT_UNSUPPORTED', 'INPUT_TOO_LARGE'] as const),
  ...(['VIDEO_TRUNCATED', 'SOURCE_NO_FACE', 'TARGET_NO_FACE', 'FACE_DEGENERATE', 'CONTENT_BLOCKED'] as const),
  ...(['OPTION_INVALID', 'OPTION_UNKNOWN', 'OPTION_MISSING', 'POLICY_FORBIDS', 'MEMORY_LIMIT'] as const),
];

/** What speaks of files beside an output: of the command line, and nobody else's business. */
const LOCAL_DETAILS = ['chunkFolder', 'partialPath', 'path', 'file'];

/**
 * @param folder of the task, whose name is taken out of all texts
 */
export function toTaskError(thrown: unknown, folder: string): AppError {
  const error = toAppError(thrown);
  const clean = (text: string): string => text.replaceAll(`${folder}/`, '').replaceAll(folder, 'the scratch folder');
  const details = Object.fromEntries(
    Object.entries(error.details ?? {})
      .filter(([name]) => !LOCAL_DETAILS.includes(name))
      .map(([name, value]) => [name, typeof value === 'string' ? clean(value) : value]),
  );
  return new AppError(error.code, clean(error.message), {
    ...(error.hint === undefined ? {} : { hint: clean(error.hint) }),
    ...(error.details === undefined ? {} : { details }),
    cause: error,
    retryable: !OF_THE_INPUT.includes(error.code) && (error.retryable || OF_THE_MACHINE.includes(error.code)),
  });
}
