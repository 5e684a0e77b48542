/** A door for whatever watches over workers: is it alive, does it take work, what does it measure. Nothing can be changed. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../core/errors.ts';
import type { ServiceMetrics } from '../jobs/metrics/service-metrics.ts';
import { WORKER_EXPIRES_MS } from '../jobs/worker-document.ts';
import type { Worker } from './start-worker.ts';

/** The creator disposes it. */
export interface HealthServer extends AsyncDisposable {
  readonly port: number;
}

export interface HealthOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly metrics?: ServiceMetrics | undefined;
}

/**
 * - `/v1/health`: 200 while the process answers
 * - `/v1/ready`: 200 while it takes tasks and the store hears of it, else 503
 * - `/metrics`: for Prometheus
 * @throws OPTION_INVALID where the port cannot be had
 */
export async function serveHealth(
  worker: Pick<Worker, 'describe' | 'heardAt'>,
  { host, port, metrics }: HealthOptions,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    const asJson = (status: number, value: unknown): void => answer(status, 'application/json', JSON.stringify(value));
    const { state, version, tasks } = worker.describe();
    switch (request.method === 'GET' ? request.url : undefined) {
      case '/v1/health':
        return asJson(200, { status: 'ok', version });
      case '/v1/ready': {
        const isHeard = Date.now() - worker.heardAt < WORKER_EXPIRES_MS;
        const ready = state === 'ready' && isHeard;
        return asJson(ready ? 200 : 503, { ready, state, heard: isHeard, tasks: tasks.length });
      }
      case '/metrics':
        if (!metrics) break;
        metrics.registry.metrics().then(
          (text) => answer(200, metrics.registry.contentType, text),
          () => asJson(500, { error: 'metrics could not be collected' }),
        );
        return;
    }
    asJson(404, { error: 'Expected GET /v1/health, /v1/ready or /metrics.' });
  });
  // Probes are short: whoever holds a connection open is none.
  server.requestTimeout = 5000;
  server.headersTimeout = 5000;
  server.keepAliveTimeout = 1000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AppError('OPTION_INVALID', `Nothing can listen on port ${port} of ${host}: ${cause.message}.`, {
          hint: 'Choose another --health-port.',
          cause,
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
