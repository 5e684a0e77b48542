/** The work of `facefusion worker`. */
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createServiceLogger } from '../../jobs/logging/service-logger.ts';
import { collectGpus } from '../../jobs/metrics/collect-gpus.ts';
import { createServiceMetrics } from '../../jobs/metrics/service-metrics.ts';
import { jobsFolder, openBackend } from '../../jobs/open-backend.ts';
import { NO_TRACING, openTracing } from '../../jobs/tracing/tracing.ts';
import { productVersion } from '../../runner/product-version.ts';
import { serveHealth } from '../../worker/serve-health.ts';
import { startWorker } from '../../worker/start-worker.ts';
import type { Terminal } from '../terminal.ts';
import type { WorkerValues } from './worker-values.ts';

const GIGABYTE = 1e9;

/**
 * Works until the signal fires, and then until what is in hand is done or given back.
 * @throws OPTION_INVALID for addresses that are none; what `openBackend` and `startWorker` throw
 */
export async function runWorker(terminal: Terminal, signal: AbortSignal, values: WorkerValues): Promise<void> {
  const service = 'facefusion-worker';
  const logger =
    process.stderr.isTTY === true
      ? terminal.logger
      : createServiceLogger({ service, level: values.verbose ? 'debug' : 'info' });
  const { queue, storage, concurrency = 1, memoryLimit, leaseSeconds, drainSeconds, modelFolder, traces } = values;
  await using backend = await openBackend({ queue, storage, folder: jobsFolder(), leaseSeconds, logger });
  await using tracing = traces
    ? await openTracing({ endpoint: traces, service, version: productVersion() })
    : NO_TRACING;
  const metrics = createServiceMetrics();
  metrics.onScrape(collectGpus());
  await using worker = await startWorker({
    ...{ backend, concurrency, modelFolder, drainSeconds, logger, metrics, tracing },
    qualitySamples: values.qualitySamples,
    scratch: resolve(values.scratch ?? join(tmpdir(), 'facefusion-worker')),
    memoryBytes: memoryLimit === undefined ? undefined : memoryLimit * GIGABYTE,
  });
  const { healthPort, healthHost = '127.0.0.1' } = values;
  await using health =
    healthPort === undefined ? undefined : await serveHealth(worker, { host: healthHost, port: healthPort, metrics });
  terminal.say(`Worker ${worker.id} takes tasks. Ctrl-C lets it finish what it has in hand.`);
  if (terminal.json === 'lines') {
    terminal.data(JSON.stringify({ type: 'ready', worker: worker.id, ...(health ? { healthPort: health.port } : {}) }));
  }
  if (!signal.aborted) await once(signal, 'abort');
  await worker.close();
  terminal.result('worker', { worker: worker.id }, () => terminal.say('All tasks are done or given back.'));
}
