/** What S3 and the way to it say, in our words. */
import { AppError, isAppError } from '../../core/errors.ts';

/** The parts of an error of the SDK that are looked at. */
interface S3Failure extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

export const isMissing = (error: unknown): boolean => {
  const { name, $metadata } = error as S3Failure;
  return (
    name === 'NoSuchKey' ||
    name === 'NotFound' ||
    (name !== 'NoSuchBucket' && name !== 'NoSuchUpload' && $metadata?.httpStatusCode === 404)
  );
};

export const hasName = (error: unknown, name: string): boolean => (error as Error).name === name;

/** The object is another one than a moment ago. */
export const isChanged = (error: unknown): boolean => (error as S3Failure).$metadata?.httpStatusCode === 412;

export const isBadRange = (error: unknown): boolean => (error as S3Failure).$metadata?.httpStatusCode === 416;

/** Came whole, and is not what was stored. Words of the SDK's checksum stream. */
export const isDamaged = (error: unknown): boolean => /checksum mismatch/i.test((error as Error).message);

/**
 * @param name of the storage, for the message
 * @returns STORAGE_FAILED; an AppError as it is
 */
export function s3Error(name: string, error: unknown): AppError {
  if (isAppError(error)) return error;
  const failure = error as S3Failure;
  const status = failure.$metadata?.httpStatusCode;
  const reason = failure.code ?? failure.name;
  const { hint, retryable } = explain(failure, status);
  return new AppError(
    'STORAGE_FAILED',
    `The storage ${name} has failed (${[reason, status].filter(Boolean).join(' ')}).`,
    {
      hint,
      details: { reason, status, attempts: failure.$metadata?.attempts },
      cause: error,
      retryable,
    },
  );
}

function explain(
  { name }: S3Failure,
  status: number | undefined,
): { readonly hint: string; readonly retryable: boolean } {
  switch (name) {
    case 'CredentialsProviderError':
      return { hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or a role.', retryable: false };
    case 'NoSuchBucket':
      return { hint: 'Make the bucket, or check its name and the endpoint.', retryable: false };
    case 'PermanentRedirect':
    case 'AuthorizationHeaderMalformed':
      return { hint: 'Check the region in the address.', retryable: false };
    case 'RequestTimeTooSkewed':
      return { hint: 'Set the clock of this machine.', retryable: false };
    case 'EntityTooLarge':
      return { hint: 'Make the file smaller: S3 takes no larger one.', retryable: false };
  }
  if (status === 401 || status === 403) {
    return {
      hint: 'Check the credentials, and what they allow: get, put, list and delete in this bucket.',
      retryable: false,
    };
  }
  if (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return { hint: 'Check bucket, region and options in the address of the storage.', retryable: false };
  }
  return { hint: 'Check that the service runs and can be reached; then try again.', retryable: true };
}
