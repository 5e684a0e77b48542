/** The HTTP app: everything around the routes. */
import websocket from '@fastify/websocket';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { AppError } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { LIVE_MOST_BYTES } from '../core/live-frame.ts';
import { addHealth } from './add-health.ts';
import { addMetrics } from './add-metrics.ts';
import { authenticate } from './auth/authenticate.ts';
import { createCallAudit } from './call-audit.ts';
import { checkRoutes } from './check-routes.ts';
import { describeApi } from './describe-api.ts';
import { handleErrors, noSuchAddress, refuseConnection, sendProblem } from './handle-errors.ts';
import { addIdempotency } from './idempotency.ts';
import { limitBodyTime } from './limit-body-time.ts';
import { limitRates } from './limit-rates.ts';
import { addPage } from './page/add-page.ts';
import { recordCalls } from './record-calls.ts';
import { refuseWhileDraining } from './refuse-while-draining.ts';
import './route-config.ts';
import { ROUTES } from './routes/index.ts';
import { addSecureHeaders } from './secure-headers.ts';
import type { AddRoutes, App, ServerContext } from './server-context.ts';
import { traceRequests } from './trace-requests.ts';

/** Bytes of a body of JSON. */
const BODY_BYTES = 1024 ** 2;
/** Milliseconds in which the headers of a request must have come. */
const HEADERS_MILLISECONDS = 10_000;
/** Milliseconds without a byte in either direction, after which a connection is closed; streams of events beat faster. */
const IDLE_MILLISECONDS = 120_000;
/** Letters of one part of an address: longer than any id or name of an output. */
const PARAMETER_LETTERS = 300;

export interface AppOptions {
  readonly routes?: readonly AddRoutes[] | undefined;
  /** Milliseconds for tests of slow clients. */
  readonly headersMilliseconds?: number | undefined;
  readonly bodyMilliseconds?: number | undefined;
  /** For which a second request with the same Idempotency-Key waits. */
  readonly patienceMilliseconds?: number | undefined;
}

/**
 * Makes the app, ready to listen or to be injected into. The caller closes it; the backend is lent.
 * @throws OPTION_INVALID for options that cannot be; SETUP_FAILED where the page is to be served and is not there; any
 *   mistake in a route
 */
export async function createApp(context: ServerContext, options: AppOptions = {}): Promise<App> {
  const { trustProxies } = context.options;
  const headersTimeout = options.headersMilliseconds ?? HEADERS_MILLISECONDS;
  const app: App = Fastify({
    bodyLimit: BODY_BYTES,
    routerOptions: { maxParamLength: PARAMETER_LETTERS },
    // Uploads may take hours: `limitBodyTime` is for everything else.
    requestTimeout: 0,
    connectionTimeout: IDLE_MILLISECONDS,
    http: { headersTimeout, connectionsCheckingInterval: Math.min(headersTimeout, 5_000) },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket),
    genReqId: () => newId('req'),
    trustProxy: trustProxies.length === 0 ? false : [...trustProxies],
    // A caller's own id would be trusted in logs.
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) =>
      void sendProblem(
        request,
        reply,
        new AppError('REQUEST_INVALID', `The address cannot be read: ${error.message}.`),
      ),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  handleErrors(app, context.logger);
  checkRoutes(app);
  await addSecureHeaders(app, context.options.corsOrigins);
  traceRequests(app, context.tracing);
  refuseWhileDraining(app, context.draining);
  await limitRates(app, context);
  await authenticate(app, context);
  const audit = createCallAudit(context.logger);
  app.addHook('onClose', () => audit[Symbol.asyncDispose]());
  recordCalls(app, context, audit);
  addIdempotency(app, context.backend.store, context.logger, options.patienceMilliseconds);
  limitBodyTime(app, options.bodyMilliseconds);
  await app.register(websocket, { options: { maxPayload: LIVE_MOST_BYTES, perMessageDeflate: false } });
  await describeApi(app);
  addHealth(app, context, audit);
  addMetrics(app, context);
  for (const addRoutes of options.routes ?? ROUTES) await addRoutes(app, context);
  if (context.options.page) addPage(app);
  app.setNotFoundHandler((request, reply) => sendProblem(request, reply, noSuchAddress()));
  await app.ready();
  return app;
}
