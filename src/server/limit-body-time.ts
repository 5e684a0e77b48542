/** Bodies that trickle in keep a connection and memory: they get a limited time to arrive. */
import { refuseConnection } from './handle-errors.ts';
import type { App } from './server-context.ts';

/** Milliseconds; 1 MB takes less on any line that is of use. Uploads are streams, and are cut only where nothing comes. */
const BODY_MILLISECONDS = 20_000;

export function limitBodyTime(app: App, milliseconds: number = BODY_MILLISECONDS): void {
  app.addHook('preParsing', async ({ raw, headers, routeOptions }, reply, payload) => {
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
    if (!hasBody || routeOptions.config.streamsBody) return payload;
    const timer = setTimeout(() => {
      refuseConnection(Object.assign(new Error('slow body'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), raw.socket);
      raw.destroy();
    }, milliseconds);
    const stop = (): void => clearTimeout(timer);
    raw.once('end', stop).once('close', stop);
    reply.raw.once('finish', stop);
    return payload;
  });
}
