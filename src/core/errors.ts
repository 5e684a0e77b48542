/**
 * The one error class and the one table that maps a code to an exit code and an HTTP status.
 * `docs/errors.md` lists the same codes; `errors.test.ts` proves that both agree.
 */

/** Exit codes of the command line. 130 and 143 follow the shell's convention for SIGINT and SIGTERM. */
export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  input: 3,
  noFace: 4,
  model: 5,
  provider: 6,
  output: 7,
  policy: 8,
  partialBatch: 9,
  interrupted: 130,
  terminated: 143,
} as const;

interface ErrorRow {
  readonly exit: number;
  readonly http: number;
  /** One line for the table in the documentation. */
  readonly meaning: string;
}

const row = (exit: number, http: number, meaning: string): ErrorRow => ({ exit, http, meaning });

/** Every code the product can end with. Add a line here, in `docs/errors.md`, and nowhere else. */
export const ERRORS = {
  INTERNAL: row(EXIT.bug, 500, 'A fault in FaceFusion itself.'),
  OPTION_INVALID: row(EXIT.usage, 400, 'An option has a value outside its range or type.'),
  OPTION_UNKNOWN: row(EXIT.usage, 400, 'An option or command that does not exist.'),
  OPTION_MISSING: row(EXIT.usage, 400, 'A required option is absent.'),
  PATH_CONFLICT: row(EXIT.usage, 409, 'The output is the same file as a source or the target.'),
  INPUT_NOT_FOUND: row(EXIT.input, 404, 'An input file does not exist.'),
  INPUT_NOT_A_FILE: row(EXIT.input, 400, 'An input path is a folder or a device.'),
  INPUT_UNREADABLE: row(EXIT.input, 422, 'An input file is empty, truncated, damaged or may not be read.'),
  INPUT_UNSUPPORTED: row(EXIT.input, 415, 'An input file is of a kind this command does not take.'),
  INPUT_TOO_LARGE: row(EXIT.input, 413, 'An input exceeds the limit on pixels, bytes or seconds.'),
  VIDEO_TRUNCATED: row(EXIT.input, 422, 'A video ended before its container said it would.'),
  SOURCE_NO_FACE: row(EXIT.noFace, 422, 'No face was found in a source.'),
  TARGET_NO_FACE: row(EXIT.noFace, 422, 'No face to work on was found in the target.'),
  FACE_DEGENERATE: row(EXIT.noFace, 422, 'Landmarks are collinear; no transform exists.'),
  MODEL_NOT_FOUND: row(EXIT.model, 404, 'A model file or id is not there.'),
  MODEL_CORRUPT: row(EXIT.model, 500, 'A model file does not match its sha256.'),
  MODEL_IO_MISMATCH: row(EXIT.model, 500, "A model's tensors differ from its contract."),
  MODEL_UNREADABLE: row(EXIT.model, 500, 'ONNX Runtime refused a model file.'),
  LICENSE_FORBIDS_COMMERCIAL_USE: row(
    EXIT.policy,
    403,
    "A model's licence forbids or does not state commercial use, and the policy asks for it.",
  ),
  POLICY_INVALID: row(
    EXIT.policy,
    500,
    'The policy of this installation cannot be read or has a mistake; no run begins.',
  ),
  POLICY_FORBIDS: row(EXIT.policy, 403, 'The policy of this installation does not allow what the run asks for.'),
  CONTENT_BLOCKED: row(
    EXIT.policy,
    403,
    'A source, the target or the result shows what is not worked on: sexual content, or a face too young.',
  ),
  KEYS_UNUSABLE: row(EXIT.policy, 500, 'A key of this installation is damaged, missing or readable by others.'),
  CREDENTIALS_FAILED: row(EXIT.policy, 500, 'No Content Credentials can be made, and the policy asks for them.'),
  AUDIT_BROKEN: row(EXIT.policy, 500, 'The audit log is not as it was left, or cannot be written to.'),
  DOWNLOAD_FAILED: row(EXIT.model, 502, 'A model could not be downloaded whole.'),
  PROVIDER_UNAVAILABLE: row(EXIT.provider, 501, 'An execution provider that was asked for is not available here.'),
  INFERENCE_FAILED: row(EXIT.provider, 500, 'ONNX Runtime failed while running a model.'),
  NODE_TOO_OLD: row(EXIT.provider, 501, 'Node is not installed or older than 20.19.'),
  SETUP_FAILED: row(EXIT.provider, 500, 'The launcher could not bring what a clone lacks.'),
  FFMPEG_NOT_FOUND: row(EXIT.provider, 501, 'ffmpeg or ffprobe is not installed or not on the path.'),
  FFMPEG_TOO_OLD: row(EXIT.provider, 501, 'ffmpeg is older than 5.1.'),
  FFMPEG_FAILED: row(EXIT.output, 500, 'ffmpeg ended with an error or was killed.'),
  ENCODER_UNAVAILABLE: row(EXIT.provider, 501, 'This ffmpeg lacks the encoder that was asked for.'),
  OUTPUT_EXISTS: row(EXIT.output, 409, 'The output exists and may not be overwritten.'),
  OUTPUT_FOLDER_MISSING: row(EXIT.output, 404, 'The folder of the output does not exist.'),
  OUTPUT_UNSUPPORTED: row(EXIT.usage, 415, 'The output cannot have this format.'),
  OUTPUT_FAILED: row(EXIT.output, 507, 'The output could not be written: disk full, no permission.'),
  RESUME_MISMATCH: row(EXIT.usage, 409, 'There is no interrupted run with these inputs and options to go on with.'),
  RUNNER_FAILED: row(
    EXIT.bug,
    500,
    'The process that did the work ended unexpectedly: killed, crashed, out of memory.',
  ),
  MEMORY_LIMIT: row(EXIT.provider, 507, 'The run needs more memory than the limit that was set allows.'),
  CANCELLED: row(EXIT.interrupted, 499, 'The run was cancelled.'),
  JOB_NOT_FOUND: row(EXIT.usage, 404, 'There is no such job, or it belongs to somebody else.'),
  JOB_STATE: row(EXIT.usage, 409, 'The job is not in a state that allows this.'),
  JOB_KEPT_FAILING: row(EXIT.bug, 500, 'A task took every worker down that began it, and was given up.'),
  MARK_LOST: row(EXIT.policy, 422, 'Post-processing would leave a file without its invisible mark or its labels.'),
  STORE_FAILED: row(EXIT.output, 503, 'The store of jobs cannot be read or written.'),
  STORAGE_FAILED: row(EXIT.output, 503, 'Media could not be read from or written to the storage.'),
  QUEUE_UNAVAILABLE: row(EXIT.provider, 503, 'The queue cannot be reached.'),
  OVERLOADED: row(EXIT.provider, 503, 'Too much is waiting, or the service is stopping: try again later.'),
  REQUEST_INVALID: row(EXIT.usage, 400, 'A request is not as the API describes it.'),
  NOT_FOUND: row(EXIT.usage, 404, 'There is nothing at this address, or it belongs to somebody else.'),
  UNAUTHENTICATED: row(EXIT.policy, 401, 'The request carries no valid key or token.'),
  FORBIDDEN: row(EXIT.policy, 403, 'The key or token does not allow this.'),
  RATE_LIMITED: row(EXIT.policy, 429, 'Too many requests in a short time.'),
  QUOTA_EXCEEDED: row(EXIT.policy, 429, 'A quota of jobs, minutes or bytes is used up.'),
  IDEMPOTENCY_CONFLICT: row(EXIT.usage, 422, 'An Idempotency-Key was used before with another request.'),
  IDEMPOTENCY_PENDING: row(EXIT.usage, 409, 'The first request with this Idempotency-Key has not been answered yet.'),
  UPLOAD_CONFLICT: row(EXIT.usage, 409, 'An upload has come further, or less far, than the request says.'),
  PRECONDITION_FAILED: row(EXIT.usage, 412, 'What was to be changed has changed meanwhile.'),
  RANGE_INVALID: row(EXIT.usage, 416, 'The file has no such range of bytes.'),
  ADDRESS_FORBIDDEN: row(EXIT.policy, 403, 'An address may not be connected to: private, not allowed, or not http(s).'),
  REMOTE_FAILED: row(EXIT.input, 502, 'A server elsewhere could not be reached, or did not answer as it should.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export interface AppErrorOptions {
  /** What to type or click next. */
  readonly hint?: string;
  /** Structured facts for logs and machines; never pixels, embeddings or secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** True where the same call may succeed later unchanged. */
  readonly retryable?: boolean;
}

/** The serialised form that crosses processes and HTTP. */
export interface AppErrorJson {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryable: boolean;
}

const BRAND = Symbol.for('facefusion.AppError');

/**
 * The error of every public function. `message` says what was expected, for which field, and what came;
 * `hint` says what to do next.
 */
export class AppError extends Error {
  readonly [BRAND] = true;
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
    this.retryable = options.retryable ?? false;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }

  get httpStatus(): number {
    return ERRORS[this.code].http;
  }

  toJSON(): AppErrorJson {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.details === undefined ? {} : { details: this.details }),
      retryable: this.retryable,
    };
  }
}

/** Makes an error that came from another process or thread. */
export function errorFromJson({ code, message, hint, details, retryable }: AppErrorJson): AppError {
  return new AppError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
    retryable,
  });
}

/** The same error with more details. */
export function withDetails(error: AppError, details: Readonly<Record<string, unknown>>): AppError {
  return new AppError(error.code, error.message, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: { ...error.details, ...details },
    cause: error,
    retryable: error.retryable,
  });
}

/** Tells an AppError by its brand, so that errors of another copy of this package count too. */
export function isAppError(value: unknown): value is AppError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[BRAND] === true;
}

/** Wraps anything thrown into an AppError, keeping it as the cause. An AppError passes unchanged. */
export function toAppError(value: unknown, code: ErrorCode = 'INTERNAL'): AppError {
  if (isAppError(value)) return value;
  const message = value instanceof Error ? value.message : String(value);
  return new AppError(code, message, { cause: value });
}
