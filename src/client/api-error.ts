/** An error as the service has answered it. */
import type { components } from './schema.ts';

export type Problem = components['schemas']['Problem'];

/** `code` is one of docs/errors.md and does not change between versions; `message` is for people. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  /** What to do next. */
  readonly hint: string | undefined;
  /** For whoever runs the service. */
  readonly requestId: string | undefined;
  /** Seconds after which to try again, where the service says so. */
  readonly retryAfterSeconds: number | undefined;
  /** What lies behind it. */
  readonly facts: Problem['facts'];

  constructor(
    problem: Pick<Problem, 'code' | 'status' | 'detail' | 'hint' | 'requestId' | 'facts'>,
    retryAfter?: number,
  ) {
    super(problem.detail);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.hint = problem.hint;
    this.requestId = problem.requestId;
    this.retryAfterSeconds = retryAfter;
    this.facts = problem.facts;
  }
}

/** Whether the same request may succeed later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof ApiError
    ? error.status === 429 || error.status === 502 || error.status === 503 || error.status === 504
    : // `fetch` throws this for a line that broke.
      error instanceof TypeError;

/** Passes an answer on that is none of an error. @throws ApiError */
export async function checkAnswer(response: Response): Promise<Response> {
  if (response.ok) return response;
  throw await toApiError(response);
}

export async function toApiError(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  const problem = await readProblem(response);
  return new ApiError(
    problem ?? { code: 'UNKNOWN', status, detail: `The service answered ${status} ${response.statusText}.` },
    Number.isFinite(retryAfter) ? retryAfter : undefined,
  );
}

/** A proxy in between answers as it likes. */
async function readProblem(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return undefined;
  return (await response.json()) as Problem;
}
