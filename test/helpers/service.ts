/** The whole service in this process, on an embedded backend in a folder of its own. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { silentLogger } from '../../src/core/logger.ts';
import { createJobService } from '../../src/jobs/create-job-service.ts';
import { createLookService } from '../../src/jobs/create-look-service.ts';
import { createServiceMetrics } from '../../src/jobs/metrics/service-metrics.ts';
import { openBackend } from '../../src/jobs/open-backend.ts';
import { createApiKey, type NewApiKey } from '../../src/server/auth/api-keys.ts';
import { createApp } from '../../src/server/create-app.ts';
import type { App, ServerContext } from '../../src/server/server-context.ts';
import { serverOptionsSchema } from '../../src/server/server-options.ts';
import { startWorker } from '../../src/worker/start-worker.ts';
import { openTestBackend } from './embedded-jobs.ts';

export interface TestService extends AsyncDisposable {
  readonly app: App;
  readonly context: ServerContext;
  /** Where it listens. */
  readonly url: string;
  /** Text of a new key; by default of the tenant `acme`, with every scope but `admin`. */
  key(key?: Partial<NewApiKey>): Promise<string>;
  /** A request with a key, of a path of this service. */
  call(key: string, path: string, init?: RequestInit): Promise<Response>;
}

/** For answers that are under way when the service closes. */
const LAST_ANSWERS_MS = 1000;

/** Everything but `admin`. */
export const ALL_SCOPES = [
  ...['assets:read', 'assets:write', 'jobs:read', 'jobs:write', 'looks', 'models:read', 'audit:read', 'usage:read'],
] as const;

export interface ServiceParts {
  readonly withWorker?: boolean;
  /** Of the worker. */
  readonly lookHands?: number;
  /** Of the worker, for all its tasks. */
  readonly memoryBytes?: number;
  /** Of the worker; by default in the folder of the backend. */
  readonly scratch?: string;
  readonly lookSeconds?: number;
}

/**
 * @param options as in the file of `facefusion serve --config`
 * @param withWorker starts a worker, too; without, what was submitted waits
 */
export async function openService(
  options: Readonly<Record<string, unknown>> = {},
  { withWorker = false, lookHands, lookSeconds, memoryBytes = 4e9, scratch }: ServiceParts = {},
): Promise<TestService> {
  const parsed = serverOptionsSchema.parse(options);
  const embedded = await openTestBackend();
  // With media elsewhere.
  const elsewhere = parsed.storage
    ? await openBackend({ folder: join(embedded.folder, 'own'), storage: parsed.storage })
    : undefined;
  const backend = { ...(elsewhere ?? embedded), folder: embedded.folder };
  const milliseconds = lookSeconds === undefined ? undefined : lookSeconds * 1000;
  const context: ServerContext = {
    backend,
    jobs: createJobService({ backend, options: parsed }),
    looks: createLookService({
      backend,
      ...(milliseconds === undefined
        ? {}
        : { timeouts: { faces: milliseconds, people: milliseconds, preview: milliseconds, verify: milliseconds } }),
    }),
    metrics: createServiceMetrics(),
    options: parsed,
    logger: silentLogger,
  };
  const app = await createApp(context);
  app.server.listen(0, '127.0.0.1');
  await once(app.server, 'listening');
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const worker = withWorker
    ? await startWorker({
        ...{
          backend,
          concurrency: 1,
          lookHands,
          scratch: scratch ?? join(backend.folder, 'scratch'),
          logger: silentLogger,
        },
        memoryBytes,
        tryProviders: async () => new Map(),
      })
    : undefined;
  return {
    ...{ app, context, url },
    async key(key = {}) {
      return (await createApiKey(backend.store, { tenant: 'acme', name: 'test', scopes: ALL_SCOPES, ...key })).text;
    },
    call: (key, path, init = {}) =>
      fetch(url + path, { ...init, headers: { ...Object(init.headers), authorization: `Bearer ${key}` } }),
    async [Symbol.asyncDispose]() {
      // As `serve` does: nobody waits for a line that is kept for later.
      const last = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MS);
      await app.close();
      clearTimeout(last);
      await worker?.close();
      await elsewhere?.[Symbol.asyncDispose]();
      await embedded[Symbol.asyncDispose]();
    },
  };
}
