/** How often somebody may call: exact over all gateways where they share a Redis. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../core/errors.ts';
import { MemoryCounts } from './memory-counts.ts';
import type { App, ServerContext } from './server-context.ts';

const MINUTE = 60_000;
/** Pages that scrub through a video ask for ten frames a second and more. */
const FREQUENT_FACTOR = 10;

/** Requests a minute; 0: no limit. */
const limitOf = ({ caller, routeOptions }: FastifyRequest, standard: number): number =>
  caller.kind === 'local'
    ? 0
    : (caller.limits.requestsPerMinute ?? standard) * (routeOptions.config.frequent ? FREQUENT_FACTOR : 1);

/** Adds limits to every route that is not public. Before `authenticate`, whose hook runs first. */
export async function limitRates(app: App, { options }: Pick<ServerContext, 'options'>): Promise<void> {
  const redis = options.queue === undefined ? undefined : await connect(options.queue);
  await app.register(rateLimit, {
    ...(redis === undefined ? { store: MemoryCounts } : { redis, nameSpace: 'facefusion:rate:' }),
    timeWindow: MINUTE,
    max: (request) => limitOf(request, options.requestsPerMinute),
    allowList: (request) =>
      request.routeOptions.config.public === true || limitOf(request, options.requestsPerMinute) === 0,
    keyGenerator: ({ caller, ip, routeOptions }) =>
      caller
        ? `${caller.kind}:${caller.tenant}:${caller.owner}${routeOptions.config.frequent ? ':frequent' : ''}`
        : `address:${ip}`,
    // Without Redis nothing that matters works, and says so itself.
    skipOnError: true,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { max, ttl }) => {
      const retryAfterSeconds = Math.ceil(ttl / 1000);
      return new AppError('RATE_LIMITED', `Expected at most ${max} requests a minute.`, {
        hint: `Try again in ${retryAfterSeconds} s.`,
        details: { retryAfterSeconds },
        retryable: true,
      });
    },
  });
  if (redis !== undefined) app.addHook('onClose', async () => redis.disconnect());
}

/** A connection of its own: one that fails fast, and that nobody waits for. */
async function connect(url: string) {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 2_000 });
  // What fails is told by the store; without a listener it would end the process.
  redis.on('error', () => {});
  return redis;
}
