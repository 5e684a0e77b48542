/** Keeps runs within the memory that whoever runs the service gives to each of them. */
import { AppError, toAppError } from '../../core/errors.ts';

const GIGABYTE = 1e9;

type StepOptions = Readonly<Record<string, unknown>>;

/**
 * Options with the lower of two limits: their own, and that of the worker.
 * @param memoryBytes undefined: the worker sets none
 */
export function withMemoryLimit(options: StepOptions, memoryBytes: number | undefined): StepOptions {
  if (memoryBytes === undefined) return options;
  const limit = memoryBytes / GIGABYTE;
  return ownLimit(options) <= limit ? options : { ...options, systemMemoryLimit: limit };
}

/**
 * An error of a run under the limit of the worker, which no option of a job can raise.
 * @param options as they were given, without it
 */
export function toLimitError(thrown: unknown, options: StepOptions, memoryBytes: number | undefined): AppError {
  const error = toAppError(thrown);
  if (error.code !== 'MEMORY_LIMIT' || memoryBytes === undefined || ownLimit(options) <= memoryBytes / GIGABYTE) {
    return error;
  }
  return new AppError(error.code, error.message, {
    hint: 'Choose a faster preset or a smaller output, or have --memory-limit of the service raised.',
    details: error.details ?? {},
    cause: error,
  });
}

/** In gigabytes. */
function ownLimit({ systemMemoryLimit: limit }: StepOptions): number {
  return typeof limit === 'number' && limit > 0 ? limit : Number.POSITIVE_INFINITY;
}
