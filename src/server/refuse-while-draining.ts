/** A service that stops shows what there is, and takes nothing new. */
import { AppError } from '../core/errors.ts';
import type { App } from './server-context.ts';

const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

export function refuseWhileDraining(app: App, draining: AbortSignal | undefined): void {
  app.addHook('onRequest', async ({ method }, reply) => {
    if (draining?.aborted !== true) return;
    // Whoever is behind a balancer gets to another one with his next request.
    reply.header('connection', 'close');
    if (READS.includes(method)) return;
    throw new AppError('OVERLOADED', 'The service is stopping.', { hint: 'Try again in a moment.', retryable: true });
  });
}
