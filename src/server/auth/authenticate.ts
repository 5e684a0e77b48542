/** Says of each request who makes it, and refuses what that caller may not do. */
// Declares `createRateLimit`.
import type {} from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, isAppError } from '../../core/errors.ts';
import type { App, ServerContext } from '../server-context.ts';
import { isKeyText } from './api-keys.ts';
import { createTokenCheck } from './bearer-tokens.ts';
import type { Caller } from './caller.ts';
import { createKeyCheck } from './key-check.ts';
import { isLoopback, localCaller } from './local-caller.ts';
import { allows } from './scopes.ts';

/** Failed tries a minute from one address, after which it is told to wait. */
const FAILURES_A_MINUTE = 60;
/** Letters of a header that could be a key or a token. */
const CREDENTIAL_LETTERS = 8192;

/**
 * Adds `request.caller`. Before the limits, which go by it.
 * @throws OPTION_MISSING, OPTION_INVALID, INPUT_UNREADABLE for options of the issuer
 */
export async function authenticate(app: App, { backend, options, logger }: ServerContext): Promise<void> {
  const { auth, corsOrigins, host } = options;
  const checkKey = createKeyCheck(backend.store, logger);
  const checkToken = await createTokenCheck(auth);
  const takesLocal = !auth.required && isLoopback(host);
  const countFailure = app.createRateLimit({
    max: FAILURES_A_MINUTE,
    timeWindow: 60_000,
    keyGenerator: (request) => `failure:${request.ip}`,
    allowList: () => false,
  });

  const identify = async (request: FastifyRequest): Promise<Caller> => {
    const credential = credentialOf(request);
    if (credential === undefined) {
      const caller = takesLocal ? localCaller(request, corsOrigins, portOf(app)) : undefined;
      if (caller !== undefined) return caller;
      throw new AppError('UNAUTHENTICATED', 'Expected an API key or a token, received none.', {
        hint: takesLocal
          ? 'Without one, call http://127.0.0.1 and its port directly, not by another name and not from another page.'
          : 'Authorization: Bearer ff_… – keys are made by: facefusion keys api create',
      });
    }
    if (!isKeyText(credential) && checkToken !== undefined) return checkToken(credential);
    const caller = await checkKey(credential);
    if (caller !== undefined) return caller;
    throw new AppError('UNAUTHENTICATED', 'The API key is unknown, has expired or was revoked.', {
      hint: 'facefusion keys api list',
    });
  };

  app.decorateRequest('caller');
  app.addHook('onRequest', async (request, reply) => {
    const { scope, anyCaller } = request.routeOptions.config;
    // Public, or no route at all.
    if (scope === undefined && anyCaller !== true) return;
    try {
      request.caller = await identify(request);
    } catch (error) {
      throw await explainRefusal(error, request, reply, countFailure);
    }
    if (scope !== undefined && !allows(request.caller.scopes, scope)) {
      throw new AppError('FORBIDDEN', `Expected the scope ${scope}, which the ${request.caller.kind} does not have.`, {
        details: { scope },
      });
    }
  });
}

/** `Authorization: Bearer …`, or `x-api-key: …`. @throws UNAUTHENTICATED for a header of another kind */
function credentialOf({ headers }: FastifyRequest): string | undefined {
  const { authorization, 'x-api-key': plain } = headers;
  const given = authorization === undefined ? plain : /^Bearer +([\x21-\x7e]+)$/i.exec(authorization)?.[1];
  if (authorization === undefined && plain === undefined) return undefined;
  if (typeof given === 'string' && given.length <= CREDENTIAL_LETTERS) return given;
  throw new AppError('UNAUTHENTICATED', 'Expected the header Authorization: Bearer and a key or token.');
}

type CountFailure = ReturnType<App['createRateLimit']>;

async function explainRefusal(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  countFailure: CountFailure,
): Promise<unknown> {
  if (!isAppError(error) || error.code !== 'UNAUTHENTICATED') return error;
  const isGiven = request.headers.authorization !== undefined || request.headers['x-api-key'] !== undefined;
  // RFC 6750: no error is named to whoever has not tried.
  reply.header('www-authenticate', `Bearer realm="facefusion"${isGiven ? ', error="invalid_token"' : ''}`);
  if (!isGiven) return error;
  const failures = await countFailure(request);
  if (failures.isAllowed || !failures.isExceeded) return error;
  return new AppError('RATE_LIMITED', 'Too many keys or tokens that are not taken came from this address.', {
    details: { retryAfterSeconds: failures.ttlInSeconds },
  });
}

function portOf(app: App): number | undefined {
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : undefined;
}
