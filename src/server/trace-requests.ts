/** A span for each request: what is done for it, here and by workers, belongs to it. */
import { NO_TRACING, type Tracing } from '../jobs/tracing/tracing.ts';
import type { App } from './server-context.ts';

export function traceRequests(app: App, tracing: Tracing | undefined): void {
  if (tracing === undefined || tracing === NO_TRACING) return;
  app.addHook('onRequest', (request, reply, done) => {
    const { traceparent } = request.headers;
    const facts = { method: request.method, route: request.routeOptions.url ?? 'none', request: request.id };
    const work = (): Promise<void> =>
      new Promise((resolve) => {
        reply.raw.once('close', resolve);
        // What follows runs inside of the span.
        done();
      });
    void tracing.span('request', facts, work, typeof traceparent === 'string' ? traceparent : undefined);
  });
}
