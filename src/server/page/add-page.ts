/** Serves the web page at `/`. It is a client of the API like any other: what it may do, its caller may do. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { noSuchAddress } from '../handle-errors.ts';
import type { App } from '../server-context.ts';
import { matchesTag } from '../serving/entity-tag.ts';
import { openPageFiles, type PageFile } from './page-files.ts';

/** Everything comes from the service itself; pictures and videos also from memory, where they were fetched with a key. */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The camera is for the live page. */
const PERMISSIONS = 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()';

/** Names of files in `assets/` change with their content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** @throws SETUP_FAILED where the page has not been built */
export function addPage(app: App): void {
  const files = openPageFiles();

  const send = (request: FastifyRequest, reply: FastifyReply, file: PageFile, cacheControl: string): FastifyReply => {
    const { bytes, gzipped, contentType, etag } = file;
    reply.headers({
      'cache-control': cacheControl,
      'content-security-policy': POLICY,
      'permissions-policy': PERMISSIONS,
      etag,
      vary: 'accept-encoding',
    });
    if (matchesTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
    reply.type(contentType);
    const isPacked = gzipped !== undefined && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (isPacked) reply.header('content-encoding', 'gzip');
    return reply.send(isPacked ? gzipped : bytes);
  };

  const isOpen = { config: { public: true }, schema: { hide: true } } as const;
  app.get('/', isOpen, async (request, reply) => {
    const file = await files.read('index.html');
    if (!file) throw noSuchAddress();
    return send(request, reply, file, 'no-cache');
  });
  app.get<{ Params: { name: string } }>('/assets/:name', isOpen, async (request, reply) => {
    const file = await files.read(`assets/${request.params.name}`);
    if (!file) throw noSuchAddress();
    return send(request, reply, file, FOR_EVER);
  });
}
