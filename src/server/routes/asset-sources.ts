/** Other ways in: from an address, and straight to the storage. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { createOutgoing } from '../../jobs/outgoing/safe-request.ts';
import { createAssets } from '../assets/assets.ts';
import { importAsset } from '../assets/import-asset.ts';
import { createPresignedUploads } from '../assets/presigned-uploads.ts';
import { createUploadDocuments } from '../assets/upload-documents.ts';
import { assetAnswer, idSchema, importRequest, presignAnswer, presignRequest } from '../contracts/asset.ts';
import { idempotencyHeader } from '../contracts/idempotency.ts';
import type { AddRoutes } from '../server-context.ts';
import { toAssetAnswer } from './asset-answer.ts';

const tags = ['assets'];
/** For how long bytes that were put to the storage may wait for `complete`. */
const KEEP_MS = 24 * 3_600_000;

const kept = {
  200: assetAnswer.describe('These bytes were there already.'),
  201: assetAnswer.describe('Kept.'),
};

export const addAssetSourceRoutes: AddRoutes = (app, { backend, options }) => {
  const assets = createAssets(backend, options.uploads);
  const { importHosts } = options.uploads;
  const outgoing = createOutgoing({ hosts: importHosts, allowNetworks: options.callbacks.allowNetworks });
  const presigned = createPresignedUploads(assets, createUploadDocuments(backend.store, KEEP_MS), backend.storage);

  app.post(
    '/v1/assets/import',
    {
      config: { scope: 'assets:write', idempotent: true },
      schema: {
        ...{ tags, operationId: 'importAsset', summary: 'Take in a file from an address' },
        description:
          'Only from hosts that whoever runs the service has named, and never from private networks. Answers when the file is there.',
        ...{ headers: idempotencyHeader, body: importRequest, response: kept },
      },
    },
    async (request, reply) => {
      const gone = new AbortController();
      reply.raw.once('close', () => gone.abort(new AppError('CANCELLED', 'The caller did not wait.')));
      const { asset, isNew } = await importAsset(assets, outgoing, request.caller, {
        ...request.body,
        signal: gone.signal,
      });
      reply.code(isNew ? 201 : 200).header('location', `/v1/assets/${asset.id}`);
      return toAssetAnswer(asset);
    },
  );

  app.post(
    '/v1/assets/presign',
    {
      config: { scope: 'assets:write' },
      schema: {
        ...{ tags, operationId: 'presignAsset', summary: 'Upload straight to the storage', body: presignRequest },
        description:
          'Gives an address of the storage for one PUT; then POST to `completeUrl`. 501 where the storage is a folder: use /v1/uploads there.',
        response: { 201: presignAnswer },
      },
    },
    async (request, reply) => {
      const { fileName, bytes } = request.body;
      const { id, method, url, headers, expiresAt } = await presigned.begin(request.caller, fileName, bytes);
      if (method !== 'PUT') throw new AppError('INTERNAL', `Expected an address for PUT, received one for ${method}.`);
      return reply.code(201).send({
        ...{ id, method, url, headers, expiresAt: new Date(expiresAt).toISOString() },
        completeUrl: `/v1/assets/${id}/complete`,
      });
    },
  );

  app.post(
    '/v1/assets/:id/complete',
    {
      config: { scope: 'assets:write' },
      schema: {
        ...{ tags, operationId: 'completeAsset', summary: 'Make an asset of what was put to the storage' },
        description: 'The answer is the asset; its id is another one. May be asked again.',
        params: z.object({ id: idSchema('the upload', 'upload_1k3c8x0v2m4q7r9t2w5y8z') }),
        response: kept,
      },
    },
    async (request, reply) => {
      const { asset, isNew } = await presigned.complete(request.caller, request.params.id);
      reply.code(isNew ? 201 : 200).header('location', `/v1/assets/${asset.id}`);
      return toAssetAnswer(asset);
    },
  );
};
