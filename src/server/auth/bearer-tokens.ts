/** Tokens of an issuer (OIDC or any other that signs JWTs), checked with its public keys. */
import { readFile } from 'node:fs/promises';
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { AppError, isAppError } from '../../core/errors.ts';
import { LOCAL_TENANT } from '../../jobs/job.ts';
import { createOutgoing, WEB_PORTS } from '../../jobs/outgoing/safe-request.ts';
import type { ServerOptions } from '../server-options.ts';
import { type Caller, TENANT_NAME } from './caller.ts';
import { isScope } from './scopes.ts';

/** Signatures that only the issuer can make: with a shared secret whoever checks could sign, too. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
/** Seconds that clocks may differ by. */
const CLOCK_SKEW_SECONDS = 60;
const SUBJECT_LETTERS = 200;
/** Bytes and milliseconds for the keys of an issuer. */
const JWKS_BYTES = 256 * 1024;
const JWKS_MILLISECONDS = 5_000;

/** @throws UNAUTHENTICATED saying what is wrong; OVERLOADED, retryable, where the issuer's keys cannot be had */
export type TokenCheck = (text: string) => Promise<Caller>;

type AuthOptions = ServerOptions['auth'];

/**
 * Creates a check, or none where no issuer is configured.
 * @throws OPTION_MISSING, OPTION_INVALID for options that do not go together; INPUT_UNREADABLE for a file without keys
 */
export async function createTokenCheck(auth: AuthOptions): Promise<TokenCheck | undefined> {
  const { issuer, audience, jwks, tenantClaim } = auth;
  if (issuer === undefined && jwks === undefined) return undefined;
  if (issuer === undefined || jwks === undefined || audience === undefined) {
    throw new AppError('OPTION_MISSING', 'Expected auth.issuer, auth.jwks and auth.audience together.', {
      hint: 'A token of another service of the same issuer would be taken otherwise.',
      details: { option: 'auth' },
    });
  }
  const keys = await openKeys(jwks, auth.allowNetworks);
  return async (text) => {
    const { payload } = await verify(text, keys, { issuer, audience });
    const tenant = payload[tenantClaim];
    if (typeof tenant !== 'string' || !TENANT_NAME.test(tenant) || tenant === LOCAL_TENANT) {
      throw refused(`its claim ${tenantClaim} names no tenant`);
    }
    const { sub: owner } = payload;
    if (owner === undefined || owner === '' || owner.length > SUBJECT_LETTERS) throw refused('it has no subject');
    return { tenant, owner, scopes: scopesOf(payload).filter(isScope), limits: {}, kind: 'token' };
  };
}

/** `scope` of RFC 8693, or `scp` of others: words in a text, or a list. */
function scopesOf({ scope, scp }: Readonly<Record<string, unknown>>): readonly string[] {
  const given = scope ?? scp;
  if (typeof given === 'string') return given.split(' ');
  return Array.isArray(given) ? given.filter((word) => typeof word === 'string') : [];
}

async function verify(
  text: string,
  keys: JWTVerifyGetKey,
  expected: { readonly issuer: string; readonly audience: string },
): Promise<{ readonly payload: Readonly<Record<string, unknown>> & { readonly sub?: string } }> {
  try {
    return await jwtVerify(text, keys, {
      ...expected,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: ['exp', 'sub'],
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isOfIssuer = isAppError(error) || code === 'ERR_JWKS_TIMEOUT' || code === 'ERR_JWKS_INVALID';
    if (error instanceof errors.JOSEError && !isOfIssuer && code !== 'ERR_JOSE_GENERIC') {
      throw refused(explain(error));
    }
    throw new AppError('OVERLOADED', 'Tokens cannot be checked now: the keys of the issuer cannot be had.', {
      cause: error,
      retryable: true,
    });
  }
}

/** jose says what is wrong without repeating the token. */
const explain = (error: errors.JOSEError): string =>
  error.code === 'ERR_JWT_EXPIRED' ? 'it has expired' : error.message.replace(/\.$/, '');

const refused = (why: string): AppError =>
  new AppError('UNAUTHENTICATED', `The token is not taken: ${why}.`, { hint: 'Get another one from the issuer.' });

async function openKeys(jwks: string, allowNetworks: readonly string[]): Promise<JWTVerifyGetKey> {
  if (/^https?:/i.test(jwks)) return remoteKeys(jwks, allowNetworks);
  let keys = await readKeys(jwks);
  let readAt = Date.now();
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      const isUnknown = error instanceof errors.JWKSNoMatchingKey;
      if (!isUnknown || Date.now() - readAt < FILE_AGAIN_MILLISECONDS) throw error;
      // The issuer may have changed its keys since.
      readAt = Date.now();
      keys = await readKeys(jwks);
      return keys(header, token);
    }
  };
}

/** Milliseconds after which a file is read again for a key that it does not have. */
const FILE_AGAIN_MILLISECONDS = 10_000;

async function readKeys(file: string): Promise<JWTVerifyGetKey> {
  try {
    return createLocalJWKSet(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new AppError('INPUT_UNREADABLE', 'Expected a JSON Web Key Set in the file that auth.jwks names.', {
      hint: '{"keys": [...]}, as the issuer publishes it.',
      cause,
      details: { option: 'auth.jwks' },
    });
  }
}

function remoteKeys(address: string, allowNetworks: readonly string[]): JWTVerifyGetKey {
  const url = new URL(address);
  const port = Number(url.port);
  // Whoever runs the service has named this address: its port is wanted.
  const outgoing = createOutgoing({ allowNetworks, ports: port === 0 ? WEB_PORTS : [port, ...WEB_PORTS] });
  return createRemoteJWKSet(url, {
    timeoutDuration: JWKS_MILLISECONDS,
    [customFetch]: async (target, { headers, signal }) => {
      const { status, body } = await outgoing.request(target, {
        method: 'GET',
        headers: Object.fromEntries(headers),
        maxBytes: JWKS_BYTES,
        milliseconds: JWKS_MILLISECONDS,
        signal,
      });
      return new Response(new Uint8Array(body), { status });
    },
  });
}
