/** Uploads: list, look at, read, remove. */
import { z } from 'zod';
import { parseCursor, toCursor } from '../../jobs/list-cursor.ts';
import { createAssets } from '../assets/assets.ts';
import { assetAnswer, assetId, assetPage, assetQuery } from '../contracts/asset.ts';
import { binary } from '../contracts/binary.ts';
import { nextUrl } from '../contracts/paging.ts';
import type { AddRoutes } from '../server-context.ts';
import { isUnchanged } from '../serving/entity-tag.ts';
import { hashTag, REVALIDATE, serveObject } from '../serving/serve-object.ts';
import { toAssetAnswer } from './asset-answer.ts';

const tags = ['assets'];
const params = z.object({ id: assetId() });

/** Milliseconds between looks for what has expired. */
const SWEEP_MS = 15 * 60_000;

export const addAssetRoutes: AddRoutes = (app, { backend, options, logger }) => {
  const assets = createAssets(backend, options.uploads);
  const sweep = setInterval(() => {
    assets.sweep().catch((error: unknown) => logger.warn('uploads were not swept', { reason: String(error) }));
  }, SWEEP_MS).unref();
  app.addHook('onClose', async () => clearInterval(sweep));

  app.get(
    '/v1/assets',
    {
      config: { scope: 'assets:read' },
      schema: {
        ...{ tags, operationId: 'listAssets', summary: 'List uploads', querystring: assetQuery },
        response: { 200: assetPage },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const page = await assets.list(request.caller.tenant, {
        limit,
        after: cursor === undefined ? undefined : parseCursor(cursor),
      });
      const next = page.next === undefined ? undefined : toCursor(page.next);
      return {
        assets: page.assets.map(toAssetAnswer),
        ...(next === undefined ? {} : { next, nextUrl: nextUrl(request.url, next) }),
      };
    },
  );

  app.get(
    '/v1/assets/:id',
    {
      config: { scope: 'assets:read' },
      schema: {
        ...{ tags, operationId: 'getAsset', summary: 'Look at an upload', params },
        response: { 200: assetAnswer, 304: z.null().describe('As `If-None-Match` says.') },
      },
    },
    async (request, reply) => {
      const answer = toAssetAnswer(await assets.get(request.caller.tenant, request.params.id));
      if (isUnchanged(request, reply, answer)) return reply.send(null);
      return answer;
    },
  );

  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/assets/:id/content',
    exposeHeadRoute: false,
    config: { scope: 'assets:read', audited: true },
    schema: {
      ...{ tags, operationId: 'getAssetContent', summary: 'Read the bytes of an upload', params },
      description: 'Takes `Range`, `If-Range` and `If-None-Match`. The ETag is the sha256.',
      querystring: z.object({ download: z.enum(['0', '1']).optional().describe('1: to save, not to show.') }),
      response: { 200: binary('The bytes.'), 206: binary('The bytes of the range.') },
    },
    handler: async (request, reply) => {
      const { key, bytes, contentType, sha256, fileName } = await assets.get(request.caller.tenant, request.params.id);
      return serveObject(request, reply, backend.storage, {
        ...{ key, bytes, contentType, fileName, etag: hashTag(sha256) },
        isDownload: request.query.download === '1',
        cacheControl: REVALIDATE,
      });
    },
  });

  app.delete(
    '/v1/assets/:id',
    {
      config: { scope: 'assets:write' },
      schema: {
        ...{ tags, operationId: 'deleteAsset', summary: 'Remove an upload', params },
        description: 'Jobs that still need it fail.',
        response: { 204: z.null().describe('Removed.') },
      },
    },
    async (request, reply) => {
      await assets.remove(request.caller.tenant, request.params.id);
      return reply.code(204).send(null);
    },
  );
};
