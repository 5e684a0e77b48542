/** Pictures of uploads: frames to look at, and the film strip of a timeline. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { ASSET_KIND } from '../../jobs/hold-assets.ts';
import { createAssets, type ReadyAsset } from '../assets/assets.ts';
import { assetId } from '../contracts/asset.ts';
import { binary } from '../contracts/binary.ts';
import { createAssetPictures, PICTURES_VERSION } from '../pictures/asset-pictures.ts';
import type { AddRoutes } from '../server-context.ts';
import { matchesTag } from '../serving/entity-tag.ts';
import { IMMUTABLE } from '../serving/serve-object.ts';

const tags = ['assets'];
const JPEG = 'image/jpeg';
/** Milliseconds between looks for pictures of uploads that are gone. */
const SWEEP_MS = 15 * 60_000;

const MOST_CELLS = 200;
const HIGHEST_CELL = 240;
const LEAST_PIXELS = 16;
const MOST_PIXELS = 8192;

const response = { 200: binary('The picture.', JPEG), 304: z.null().describe('As `If-None-Match` says.') };
const KEPT = 'It is always the same: caches may keep it for ever.';

export const addAssetPictureRoutes: AddRoutes = (app, { backend, options, logger }) => {
  const assets = createAssets(backend, options.uploads);
  const pictures = createAssetPictures(backend.storage);
  const isThere = async (id: string): Promise<boolean> => (await backend.store.read(ASSET_KIND, id)) !== undefined;
  const sweep = setInterval(() => {
    pictures.sweep(isThere).catch((error: unknown) => {
      logger.warn('pictures of uploads were not swept', { reason: String(error) });
    });
  }, SWEEP_MS).unref();
  app.addHook('onClose', async () => clearInterval(sweep));

  /** Makes a picture for as long as the caller waits, unless it has it. */
  const send = async (
    request: FastifyRequest,
    reply: FastifyReply,
    asset: ReadyAsset,
    what: string,
    make: (signal: AbortSignal) => Promise<Buffer>,
  ): Promise<FastifyReply> => {
    const etag = `"${asset.sha256.slice(0, 32)}-${what}-v${PICTURES_VERSION}"`;
    if (matchesTag(request.headers['if-none-match'], etag)) {
      return reply.headers({ etag, 'cache-control': IMMUTABLE }).code(304).send();
    }
    const gone = new AbortController();
    const leave = (): void => gone.abort(new AppError('CANCELLED', 'The caller did not wait for the picture.'));
    reply.raw.once('close', leave);
    try {
      const picture = await make(gone.signal);
      // An error is not kept.
      return reply.headers({ etag, 'cache-control': IMMUTABLE }).type(JPEG).send(picture);
    } finally {
      reply.raw.off('close', leave);
    }
  };

  app.get(
    '/v1/assets/:id/frames/:frame',
    {
      config: { scope: 'assets:read', audited: 'hourly', frequent: true },
      schema: {
        ...{ tags, operationId: 'getAssetFrame', summary: 'Look at a frame of an upload' },
        description: `Upright, as a JPEG. A photo is its frame 0. ${KEPT}`,
        params: z.object({
          id: assetId(),
          frame: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).describe('From 0, as in a preview.'),
        }),
        querystring: z.object({
          width: z.coerce
            .number()
            .int()
            .min(LEAST_PIXELS)
            .max(MOST_PIXELS)
            .optional()
            .describe('In pixels; never wider than the upload. Default: as wide as it is.'),
        }),
        response,
      },
    },
    async (request, reply) => {
      const { id, frame } = request.params;
      const { width } = request.query;
      const asset = await assets.get(request.caller.tenant, id);
      return send(request, reply, asset, `${frame}-${width ?? 'own'}`, (signal) =>
        pictures.frame(asset, frame, width, signal),
      );
    },
  );

  app.get(
    '/v1/assets/:id/filmstrip',
    {
      config: { scope: 'assets:read', audited: 'hourly' },
      schema: {
        ...{
          tags,
          operationId: 'getFilmstrip',
          summary: 'Frames of a video side by side',
          params: z.object({ id: assetId() }),
        },
        description: `One JPEG of \`count\` cells of the same width. Cell i shows frame floor((i + 0.5) × frames / count). Where it would be wider than 16,384 pixels, cells are smaller than asked for. ${KEPT}`,
        querystring: z.object({
          count: z.coerce.number().int().min(1).max(MOST_CELLS).default(24).describe('Cells.'),
          height: z.coerce.number().int().min(LEAST_PIXELS).max(HIGHEST_CELL).default(44).describe('In pixels.'),
        }),
        response,
      },
    },
    async (request, reply) => {
      const { count, height } = request.query;
      const asset = await assets.get(request.caller.tenant, request.params.id);
      return send(request, reply, asset, `strip-${count}-${height}`, (signal) =>
        pictures.filmstrip(asset, count, height, signal),
      );
    },
  );

  // Nothing of what was removed is kept for longer.
  app.addHook('preHandler', async (request) => {
    const { method, routeOptions, params, caller } = request;
    if (method !== 'DELETE' || routeOptions.url !== '/v1/assets/:id') return;
    const { id } = Object(params) as { readonly id: string };
    const asset = await assets.get(caller.tenant, id).catch(() => undefined);
    if (asset) await pictures.forget(asset);
  });
};
