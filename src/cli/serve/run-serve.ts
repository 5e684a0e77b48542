/** The work of `facefusion serve` and `facefusion ui`. */
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { toAppError } from '../../core/errors.ts';
import { createServiceLogger } from '../../jobs/logging/service-logger.ts';
import { collectGpus } from '../../jobs/metrics/collect-gpus.ts';
import { jobsFolder } from '../../jobs/open-backend.ts';
import { readServerOptions } from '../../server/read-server-options.ts';
import { startServer, type WorkerParts } from '../../server/serve.ts';
import { startWorker } from '../../worker/start-worker.ts';
import type { CommonValues } from '../session.ts';
import type { Terminal } from '../terminal.ts';
import { openBrowser } from './open-browser.ts';

/** The flags, as commander hands them over. */
export interface ServeValues extends CommonValues {
  readonly config?: string;
  readonly host?: string;
  readonly port?: number;
  readonly queue?: string;
  readonly storage?: string;
  readonly workers?: number;
  readonly corsOrigins?: readonly string[];
  readonly requestsPerMinute?: number;
  readonly maxWaiting?: number;
  readonly keepDays?: number;
  readonly traces?: string;
  readonly drainSeconds: number;
  readonly memoryLimit?: number;
  readonly modelFolder?: string;
  readonly scratch?: string;
  readonly page?: boolean;
  readonly open?: boolean;
}

/** What tells the commands apart that serve. */
export interface ServeCommand {
  readonly command: 'serve' | 'ui';
  /** Options where neither a flag nor the file says otherwise. */
  readonly defaults: { readonly port: number; readonly page?: boolean };
}

const GIGABYTE = 1e9;

/**
 * Serves until the signal fires, and then until runs are done or have been stopped.
 * @throws what `readServerOptions` and `startServer` throw
 */
export async function runServe(
  terminal: Terminal,
  signal: AbortSignal,
  values: ServeValues,
  { command, defaults }: ServeCommand,
): Promise<void> {
  const { config, host, port, queue, storage, workers, corsOrigins, requestsPerMinute, maxWaiting } = values;
  const { page, keepDays, traces, drainSeconds, memoryLimit, modelFolder, scratch, verbose } = values;
  const limits = { requestsPerMinute, maxWaiting, keepDays };
  const flags = { host, port, page, queue, storage, workers, corsOrigins, traces, ...limits };
  const options = await readServerOptions(flags, config, defaults);
  const logger =
    process.stderr.isTTY === true
      ? terminal.logger
      : createServiceLogger({ service: 'facefusion-gateway', level: verbose ? 'debug' : 'info' });

  const startWorkers = async ({ backend, metrics, tracing }: WorkerParts): Promise<AsyncDisposable> => {
    metrics.onScrape(collectGpus());
    return startWorker({
      ...{ backend, logger, metrics, tracing, modelFolder, drainSeconds },
      concurrency: options.workers,
      // Alone on its machine it answers also while a run goes on.
      lookHands: backend.isShared ? 0 : 1,
      qualitySamples: options.qualitySamples,
      scratch: resolve(scratch ?? join(jobsFolder(), 'scratch')),
      memoryBytes: memoryLimit === undefined ? undefined : memoryLimit * GIGABYTE,
    });
  };
  await using server = await startServer(options, {
    logger,
    ...(options.workers > 0 ? { startWorkers } : {}),
  });
  const { url } = server;
  const isLocal = server.isOpenHere;
  terminal.say(
    `FaceFusion ${options.page ? 'shows its page at' : 'listens on'} ${url} (reference: ${url}/docs). ${isLocal ? 'On this machine no key is needed; others get one' : 'Keys are made'} by: facefusion keys api create`,
  );
  if (terminal.json === 'lines') terminal.data(JSON.stringify({ type: 'ready', url, port: server.port }));
  if (values.open) {
    await openBrowser(url).catch((error: unknown) => {
      const { message, hint } = toAppError(error);
      terminal.note({ code: 'no-browser', message, ...(hint === undefined ? {} : { hint }) });
    });
  }
  if (!signal.aborted) await once(signal, 'abort');
  await server.close();
  terminal.result(command, { url }, () => terminal.say('Stopped: runs are done, or go on with the next start.'));
}
