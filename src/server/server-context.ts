/** What every route is given. */
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from '../core/logger.ts';
import type { Backend } from '../jobs/backend.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { LiveService } from '../jobs/live/live-service.ts';
import type { LookService } from '../jobs/look-service.ts';
import type { ServiceMetrics } from '../jobs/metrics/service-metrics.ts';
import type { Tracing } from '../jobs/tracing/tracing.ts';
import type { ServerOptions } from './server-options.ts';

/** Lent to every route. */
export interface ServerContext {
  readonly backend: Backend;
  readonly jobs: JobService;
  readonly looks: LookService;
  /** Left out: this process does no work itself. */
  readonly live?: LiveService | undefined;
  readonly metrics: ServiceMetrics;
  /** Left out: no traces. */
  readonly tracing?: Tracing | undefined;
  readonly options: ServerOptions;
  readonly logger: Logger;
  /** Fires when the process takes requests, its own workers included. Left out: it does from the beginning. */
  readonly started?: AbortSignal | undefined;
  /** Fires when the process begins to stop: it is no longer ready, and streams of events end. */
  readonly draining?: AbortSignal | undefined;
}

/** The app, with zod schemas for requests and responses. */
export type App = FastifyInstance<
  import('node:http').Server,
  import('node:http').IncomingMessage,
  import('node:http').ServerResponse,
  import('fastify').FastifyBaseLogger,
  ZodTypeProvider
>;

/** One file a resource in `routes/`, one line each in `routes/index.ts`. */
export type AddRoutes = (app: App, context: ServerContext) => void | Promise<void>;
