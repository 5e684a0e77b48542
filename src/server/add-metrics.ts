/** Metrics for Prometheus, of this process and of what all processes share. */
import { z } from 'zod';
import { collectState } from '../jobs/metrics/collect-state.ts';
import type { App, ServerContext } from './server-context.ts';

/** Adds `/metrics`, at the address that Prometheus asks for by itself. */
export function addMetrics(app: App, { backend, metrics, logger }: ServerContext): void {
  metrics.onScrape(collectState(backend, logger));
  app.get(
    '/metrics',
    {
      config: { scope: 'metrics:read' },
      schema: {
        tags: ['service'],
        summary: 'Metrics in the text format of Prometheus',
        response: { 200: z.string().meta({ description: 'Names and units: docs/operation.md.' }) },
      },
    },
    async (_request, reply) => {
      const text = await metrics.registry.metrics();
      return reply.header('content-type', metrics.registry.contentType).send(text);
    },
  );
}
