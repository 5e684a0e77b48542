/** What the parser of forms says is about the request, whatever it throws. */
import { AppError, isAppError } from '../../core/errors.ts';

/** @throws REQUEST_INVALID for what the parser says; what has a code or a status already as it is */
export function refuseForm(error: unknown): never {
  const { statusCode } = Object(error) as { readonly statusCode?: unknown };
  if (isAppError(error) || statusCode !== undefined || !(error instanceof Error)) throw error;
  throw new AppError('REQUEST_INVALID', `The form cannot be read: ${error.message.slice(0, 200)}.`, {
    hint: 'Send multipart/form-data with a boundary and one file: curl -F file=@party.mp4',
    cause: error,
  });
}
