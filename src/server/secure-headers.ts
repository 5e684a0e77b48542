/** Headers that keep browsers from doing more with an answer than they should, and which pages may call. */
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { AppError } from '../core/errors.ts';
import type { App } from './server-context.ts';

/** Headers of answers that pages of other origins may read. */
const EXPOSED = [
  'x-request-id',
  'etag',
  'location',
  'retry-after',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'content-range',
  'content-disposition',
  'idempotency-replayed',
  'tus-resumable',
  'tus-version',
  'tus-extension',
  'tus-max-size',
  'upload-offset',
  'upload-length',
  'upload-expires',
  'upload-metadata',
];

/** Seconds for which a browser need not ask again. */
const PREFLIGHT_SECONDS = 600;

/** @throws OPTION_INVALID where one is no origin */
export function checkOrigins(origins: readonly string[]): void {
  for (const origin of origins) {
    if (!origin.includes('*') && URL.canParse(origin) && new URL(origin).origin === origin) continue;
    throw new AppError('OPTION_INVALID', `Expected an origin such as https://example.com, received ${origin}.`, {
      hint: 'Scheme, host and port, nothing behind them. Any origin (*) cannot be allowed.',
      details: { option: 'corsOrigins' },
    });
  }
}

/** @param origins of pages that may call the API, beside its own */
export async function addSecureHeaders(app: App, origins: readonly string[]): Promise<void> {
  checkOrigins(origins);
  await app.register(helmet, {
    // Answers are data: nothing in them is run or shown as a page. The reference page has a policy of its own.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // For whoever ends TLS in front of the service to say.
    strictTransportSecurity: false,
  });
  await app.register(cors, {
    origin: origins.length === 0 ? false : [...origins],
    // Keys come in a header that no browser adds by itself; cookies are not used.
    credentials: false,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: EXPOSED,
    maxAge: PREFLIGHT_SECONDS,
    strictPreflight: true,
  });
  app.addHook('onRequest', async (request, reply) => {
    // Routes whose answers may be kept say so themselves.
    reply.header('cache-control', 'no-store');
    reply.header('x-request-id', request.id);
  });
}
