/** One handler for everything that is thrown, and one for addresses where there is nothing. */
import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AppError, type ErrorCode, isAppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import { PROBLEM_TYPE, type Problem, statusOf, toProblem } from './problem.ts';
import type { App } from './server-context.ts';

/** Seconds after which something that may pass is worth another try. */
const RETRY_AFTER_SECONDS = 5;

/** What Fastify and its plugins throw, by status; anything else of theirs is REQUEST_INVALID. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  404: 'NOT_FOUND',
  413: 'INPUT_TOO_LARGE',
  415: 'INPUT_UNSUPPORTED',
  416: 'RANGE_INVALID',
  429: 'RATE_LIMITED',
};

/** Sends an error as problem details. @param errors every mistake of a request */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  error: AppError,
  errors?: Problem['errors'],
): FastifyReply {
  const problem = toProblem(error, request.id, errors);
  const { retryAfterSeconds } = error.details ?? {};
  const isLater = problem.status === 429 || problem.status === 503;
  if ((isLater || typeof retryAfterSeconds === 'number') && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', typeof retryAfterSeconds === 'number' ? retryAfterSeconds : RETRY_AFTER_SECONDS);
  }
  // A string: the schemas of a route's answers are not for its errors.
  return reply.code(problem.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** What was thrown, as one of our errors; with every mistake where a request did not meet its schema. */
export function explainError(thrown: unknown): { readonly error: AppError; readonly errors?: Problem['errors'] } {
  if (isAppError(thrown)) return { error: thrown };
  if (hasZodFastifySchemaValidationErrors(thrown)) {
    const part = thrown.validationContext ?? 'request';
    const errors = thrown.validation.map(({ instancePath, message }) => ({
      path: `${part}${instancePath === '/' ? '' : instancePath}`,
      message: message ?? 'is not as expected',
    }));
    const first = errors[0];
    const more = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
    const error = new AppError('REQUEST_INVALID', `${first?.path}: ${first?.message}${more}.`, {
      hint: 'See /openapi.json for what this address takes.',
    });
    return { error, errors };
  }
  const { statusCode, message } = thrown as { readonly statusCode?: number; readonly message?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { error: new AppError(CODE_OF_STATUS[statusCode] ?? 'REQUEST_INVALID', String(message), { cause: thrown }) };
  }
  return { error: new AppError('INTERNAL', String(message ?? thrown), { cause: thrown }) };
}

/** 5xx go to the log with the id of their request; 4xx are the caller's, and only in the access log. */
export function logFault(logger: Logger, request: FastifyRequest, error: AppError): void {
  if (statusOf(error) < 500) return;
  const { cause } = error;
  const stack = error.code === 'INTERNAL' ? ((cause instanceof Error ? cause : error).stack ?? '') : undefined;
  const fields = {
    requestId: request.id,
    route: request.routeOptions.url,
    code: error.code,
    reason: error.message,
    ...(stack === undefined ? {} : { stack }),
  };
  // Too much work and unknown hardware are no faults.
  const isFault = error.code !== 'OVERLOADED' && error.httpStatus !== 501;
  const log = isFault && logger.error ? logger.error : logger.warn;
  log.call(logger, 'request failed', fields);
}

export function handleErrors(app: App, logger: Logger): void {
  app.setErrorHandler((thrown, request, reply) => {
    const { error, errors } = explainError(thrown);
    logFault(logger, request, error);
    return sendProblem(request, reply, error, errors);
  });
}

export const noSuchAddress = (): AppError =>
  new AppError('NOT_FOUND', 'There is nothing at this address.', { hint: 'Addresses are listed at /docs.' });

/** What a connection is told that did not get as far as a request: malformed, too many headers, too slow. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, detail] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? (['408 Request Timeout', 'The request took too long to arrive.'] as const)
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? (['431 Request Header Fields Too Large', 'The headers are too large.'] as const)
        : (['400 Bad Request', 'This is no HTTP request.'] as const);
  const problem = toProblem(new AppError('REQUEST_INVALID', detail), undefined);
  const body = JSON.stringify({ ...problem, status: Number.parseInt(status, 10) });
  const head = [`HTTP/1.1 ${status}`, `Content-Type: ${PROBLEM_TYPE}`, `Content-Length: ${Buffer.byteLength(body)}`];
  socket.end(`${head.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`);
  socket.destroySoon();
}
