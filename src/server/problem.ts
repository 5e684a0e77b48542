/** Errors as the API tells them: RFC 9457 problem details, made from `AppError` and the table of `core/errors.ts`. */
import { z } from 'zod';
import { errorFactsOf, errorFactsSchema } from '../core/error-facts.ts';
import { type AppError, ERRORS, type ErrorCode } from '../core/errors.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

export const problemSchema = z
  .object({
    type: z.string().describe('`urn:facefusion:error:` and the code.'),
    title: z.string().describe('What the code means, always the same.'),
    status: z.number().int(),
    code: z.string().describe('Stable; see docs/errors.md.'),
    detail: z.string().describe('What was expected, and what came.'),
    hint: z.string().optional().describe('What to do next.'),
    requestId: z.string().optional().describe('As in the header `x-request-id` and in the logs of the service.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('Every mistake of a request, with where it is.'),
    facts: errorFactsSchema.optional(),
  })
  .meta({ id: 'Problem', description: 'An error, as RFC 9457 describes it.' });
export type Problem = Readonly<z.infer<typeof problemSchema>>;

/** Of these the message is for the caller although the service is at fault; of others it is for the log only. */
const TOLD: readonly ErrorCode[] = ['OVERLOADED', 'PROVIDER_UNAVAILABLE', 'ENCODER_UNAVAILABLE', 'MEMORY_LIMIT'];

/** An absolute path of two parts or more, but for those of the API itself. */
const PATHS = /(?<![\w:/.\\])(?:\/(?!v1\/|docs\/)(?:[^\s/:'"]+\/)+|[A-Za-z]:\\(?:[^\s\\:'"]+\\)+)([^\s/\\:'"]*)/g;

/** Messages of errors name files as this machine knows them; callers get the last part only. */
export const withoutFolders = (text: string): string => text.replace(PATHS, '$1');

/** A file that the caller has sent may be what is wrong: that is no fault of the service. */
export const statusOf = ({ code, details }: AppError): number =>
  details?.isOfCaller === true ? Math.min(ERRORS[code].http, UNPROCESSABLE) : ERRORS[code].http;
const UNPROCESSABLE = 422;

/** @param errors every mistake of a request */
export function toProblem(error: AppError, requestId: string | undefined, errors?: Problem['errors']): Problem {
  const { meaning } = ERRORS[error.code];
  const status = statusOf(error);
  const isTold = status < 500 || TOLD.includes(error.code);
  const { option } = error.details ?? {};
  const facts = isTold ? errorFactsOf(error) : undefined;
  const mistakes = errors ?? (typeof option === 'string' ? [{ path: option, message: error.message }] : undefined);
  return {
    type: `urn:facefusion:error:${error.code}`,
    title: meaning,
    status,
    code: error.code,
    detail: isTold ? withoutFolders(error.message) : meaning,
    ...(isTold && error.hint !== undefined ? { hint: withoutFolders(error.hint) } : {}),
    ...(requestId === undefined ? {} : { requestId }),
    ...(mistakes === undefined
      ? {}
      : { errors: mistakes.map(({ path, message }) => ({ path, message: withoutFolders(message) })) }),
    ...(facts === undefined ? {} : { facts }),
  };
}
