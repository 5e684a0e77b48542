/** The HTTP app on an embedded backend, with a few routes of its own where a test wants to see what is around routes. */
import { z } from 'zod';
import { type Logger, silentLogger } from '../../src/core/logger.ts';
import { createJobService } from '../../src/jobs/create-job-service.ts';
import type { LookService } from '../../src/jobs/look-service.ts';
import { createServiceMetrics } from '../../src/jobs/metrics/service-metrics.ts';
import { createApiKey, type NewApiKey } from '../../src/server/auth/api-keys.ts';
import { type AppOptions, createApp } from '../../src/server/create-app.ts';
import type { AddRoutes, App, ServerContext } from '../../src/server/server-context.ts';
import { serverOptionsSchema } from '../../src/server/server-options.ts';
import { openTestBackend } from './embedded-jobs.ts';

export interface Gateway extends AsyncDisposable {
  readonly app: App;
  readonly context: ServerContext;
  /** Text of a new key. */
  key(key?: Partial<NewApiKey>): Promise<string>;
}

/** Nobody works here: what waits for an answer waits. */
const noLooks: LookService = { look: () => new Promise(() => {}) };

/** @param options as in the file of `facefusion serve --config` */
export async function openGateway(
  options: Readonly<Record<string, unknown>> = {},
  { logger = silentLogger, ...appOptions }: AppOptions & { readonly logger?: Logger } = {},
): Promise<Gateway> {
  const backend = await openTestBackend();
  const parsed = serverOptionsSchema.parse(options);
  const jobs = createJobService({ backend, options: parsed });
  const context: ServerContext = {
    backend,
    jobs,
    looks: noLooks,
    metrics: createServiceMetrics(),
    options: parsed,
    logger,
  };
  const app = await createApp(context, appOptions);
  return {
    app,
    context,
    async key(key = {}) {
      const given = { tenant: 'acme', name: 'test', scopes: ['jobs:read', 'jobs:write'], ...key };
      return (await createApiKey(backend.store, given)).text;
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await backend[Symbol.asyncDispose]();
    },
  };
}

/** Calls of `work` on a probe: what it returns is the answer. */
export interface Probe {
  readonly routes: readonly AddRoutes[];
  readonly calls: unknown[];
  work: (body: unknown) => Promise<unknown>;
}

/** A route for each way in which one can be declared. */
export function probeRoutes(): Probe {
  const probe: Probe = {
    calls: [],
    work: async (body) => ({ body }),
    routes: [
      (app) => {
        const body = z.object({ name: z.string(), count: z.number().int().optional() });
        app.post(
          '/v1/probes',
          { config: { scope: 'jobs:write', idempotent: true }, schema: { body } },
          async (request, reply) => {
            probe.calls.push(request.body);
            const answer = await probe.work(request.body);
            reply.code(201).header('location', `/v1/probes/${probe.calls.length}`);
            return answer;
          },
        );
        app.get('/v1/probes/:id', { config: { scope: 'jobs:read' } }, async ({ caller, params }) => ({
          caller,
          params,
        }));
        app.get('/v1/probes/:id/bytes', { config: { scope: 'jobs:read', audited: true } }, async () => 'bytes');
      },
    ],
  };
  return probe;
}
