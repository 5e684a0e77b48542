/** A running service: everything that one process of a gateway is made of, opened in order and closed in the other. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { Logger } from '../core/logger.ts';
import type { Backend } from '../jobs/backend.ts';
import { createCallbackSender } from '../jobs/callbacks/callback-sender.ts';
import { createJobService } from '../jobs/create-job-service.ts';
import { createLookService } from '../jobs/create-look-service.ts';
import { createLiveService } from '../jobs/live/create-live-service.ts';
import { countEnds } from '../jobs/metrics/count-ends.ts';
import { createServiceMetrics, type ServiceMetrics } from '../jobs/metrics/service-metrics.ts';
import { jobsFolder, openBackend } from '../jobs/open-backend.ts';
import { createOutgoing } from '../jobs/outgoing/safe-request.ts';
import { superviseJobs } from '../jobs/supervise.ts';
import { NO_TRACING, openTracing, type Tracing } from '../jobs/tracing/tracing.ts';
import { productVersion } from '../runner/product-version.ts';
import { isUsable, listApiKeys } from './auth/api-keys.ts';
import { isLoopback } from './auth/local-caller.ts';
import { createApp } from './create-app.ts';
import { toJobAnswer } from './routes/job-answer.ts';
import type { App, ServerContext } from './server-context.ts';
import type { ServerOptions } from './server-options.ts';

/** Milliseconds for answers that are under way when the service closes. */
const LAST_ANSWERS_MILLISECONDS = 2_000;

/** At once: each keeps about one core busy, and the browser that shows it another where it is on this machine. */
const LIVE_SESSIONS = Math.max(1, Math.floor(availableParallelism() / 2));

/** What workers in this process are lent. */
export interface WorkerParts {
  readonly backend: Backend;
  readonly metrics: ServiceMetrics;
  readonly tracing: Tracing;
}

export interface ServeParts {
  readonly logger: Logger;
  /** Starts the workers of this process; closing them waits until what they have in hand is done or given back. */
  readonly startWorkers?: ((parts: WorkerParts) => Promise<AsyncDisposable>) | undefined;
}

/** The creator closes it. */
export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:7861` */
  readonly url: string;
  readonly port: number;
  /** Whether callers of this machine need no key. */
  readonly isOpenHere: boolean;
  /** Is no longer ready, takes nothing new, lets workers finish, and closes all. */
  close(): Promise<void>;
}

/**
 * Starts the service.
 * @throws OPTION_MISSING where others could connect and no key or issuer lets them in; OPTION_INVALID for an address that
 *   cannot be listened on; what `openBackend`, `createApp` and the workers throw
 */
export async function startServer(
  options: ServerOptions,
  { logger, startWorkers }: ServeParts,
): Promise<RunningServer> {
  const opened: AsyncDisposable[] = [];
  const closeAll = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part[Symbol.asyncDispose]();
  };
  const keep = <T extends AsyncDisposable>(part: T): T => {
    opened.push(part);
    return part;
  };
  try {
    const { queue, storage, traces } = options;
    const metrics = createServiceMetrics();
    const backend = countEnds(keep(await openBackend({ queue, storage, folder: jobsFolder(), logger })), metrics);
    await checkDoors(options, backend);
    const service = 'facefusion-gateway';
    const tracing = traces
      ? keep(await openTracing({ endpoint: traces, service, version: productVersion() }))
      : NO_TRACING;
    keep(superviseJobs(backend, logger));
    const live = startWorkers
      ? keep(await createLiveService({ backend, logger, folder: join(jobsFolder(), 'live'), most: LIVE_SESSIONS }))
      : undefined;
    const started = new AbortController();
    const draining = new AbortController();
    const context: ServerContext = {
      ...{ backend, options, logger, metrics, tracing, started: started.signal, draining: draining.signal },
      jobs: createJobService({ backend, options, logger, trace: () => tracing.carried() }),
      looks: createLookService({ backend }),
      live,
    };
    const app = await createApp(context);
    keep({ [Symbol.asyncDispose]: () => closeApp(app) });
    const { allowNetworks, ports, maxAttempts } = options.callbacks;
    const outgoing = createOutgoing({ allowNetworks, ports, userAgent: `facefusion/${productVersion()}` });
    keep(createCallbackSender(backend, { outgoing, maxAttempts, describe: toJobAnswer, logger, metrics }));
    const port = await listen(app, options);
    if (startWorkers) keep(await startWorkers({ backend, metrics, tracing }));
    started.abort();
    const close = async (): Promise<void> => {
      draining.abort();
      await closeAll();
    };
    return {
      url: urlOf(options.host, port),
      port,
      isOpenHere: isLoopback(options.host) && !options.auth.required,
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Nobody is let in from elsewhere without saying who he is. */
async function checkDoors({ host, auth }: ServerOptions, { store }: Backend): Promise<void> {
  if (isLoopback(host) || auth.issuer !== undefined) return;
  if ((await listApiKeys(store)).some((key) => isUsable(key))) return;
  throw new AppError(
    'OPTION_MISSING',
    `Others could connect to ${host}, and there is no key or issuer that lets them in.`,
    {
      hint: 'Make a key: facefusion keys api create --name first --scopes admin – or configure auth.issuer, or listen on 127.0.0.1.',
      details: { option: 'host' },
    },
  );
}

async function listen(app: App, { host, port }: ServerOptions): Promise<number> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? `port ${port} is in use` : `${code ?? String(cause)}`;
    throw new AppError('OPTION_INVALID', `${host}:${port} cannot be listened on: ${why}.`, {
      hint: 'Choose another with --port or --host; --port 0 takes a free one.',
      cause,
      details: { option: 'port' },
    });
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function urlOf(host: string, port: number): string {
  const bare = host.replace(/^\[|\]$/g, '');
  return `http://${bare.includes(':') ? `[${bare}]` : bare}:${port}`;
}

/** Lets answers that are under way come to their end, but not for ever: a stream may have none. */
async function closeApp(app: App): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), LAST_ANSWERS_MILLISECONDS);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}
