/** Resumable uploads: the tus protocol, version 1.0. */

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { createAssets } from '../assets/assets.ts';
import { createResumableUploads, UPLOADS_PATH } from '../assets/resumable-uploads.ts';
import { createUploadDocuments } from '../assets/upload-documents.ts';
import { idSchema } from '../contracts/asset.ts';
import type { AddRoutes, App } from '../server-context.ts';
import { letGoOfBody } from '../serving/let-go-of-body.ts';

/** For how long an upload may be continued. */
const KEEP_MS = 24 * 3_600_000;
const SWEEP_MS = 15 * 60_000;
const EXTENSIONS = 'creation,creation-with-upload,creation-defer-length,termination,expiration';

/** What the protocol's statuses are called here. 410 is 404: what is gone was never there for anybody else. */
const CODES: Readonly<Record<number, ErrorCode>> = {
  404: 'NOT_FOUND',
  409: 'UPLOAD_CONFLICT',
  410: 'NOT_FOUND',
  412: 'PRECONDITION_FAILED',
  413: 'INPUT_TOO_LARGE',
  500: 'OUTPUT_FAILED',
};

const tags = ['uploads'];
const params = z.object({ id: idSchema('an upload', 'upload_1k3c8x0v2m4q7r9t2w5y8z') });
const tusHeaders = z.looseObject({
  'tus-resumable': z
    .string()
    .optional()
    .meta({ description: '1.0.0', examples: ['1.0.0'] }),
});

export const addUploadRoutes: AddRoutes = async (app, { backend, options, logger }) => {
  const assets = createAssets(backend, options.uploads);
  const documents = createUploadDocuments(backend.store, KEEP_MS);
  const uploads = createResumableUploads(assets, documents, KEEP_MS, logger);
  const sweep = setInterval(() => {
    uploads
      .sweep()
      .catch((error: unknown) => logger.warn('unfinished uploads were not swept', { reason: String(error) }));
  }, SWEEP_MS).unref();
  app.addHook('onClose', async () => clearInterval(sweep));

  /** Passes a request on to the protocol, and its answer back. */
  const pass = async (request: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> => {
    const response = await uploads.handle(toWebRequest(request, id), { caller: request.caller, id });
    if (response.status >= 400) throw refusal(response.status, (await response.text()).trim());
    for (const [name, value] of response.headers) if (/^(tus|upload)-|^location$/.test(name)) reply.header(name, value);
    return reply.code(response.status).send(null);
  };

  await app.register(async (scope) => {
    const tus = scope as App;
    // The body goes to the protocol as it comes.
    tus.removeAllContentTypeParsers();
    tus.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

    tus.options(UPLOADS_PATH, { schema: { hide: true } }, async (_request, reply) =>
      reply
        .code(204)
        .headers({ 'tus-resumable': '1.0.0', 'tus-version': '1.0.0', 'tus-extension': EXTENSIONS })
        .header('tus-max-size', options.uploads.maxBytes)
        .send(null),
    );

    tus.post(
      UPLOADS_PATH,
      {
        bodyLimit: Number.MAX_SAFE_INTEGER,
        config: { scope: 'assets:write', streamsBody: true },
        onResponse: letGoOfBody,
        schema: {
          ...{ tags, operationId: 'createUpload', summary: 'Begin an upload that can be continued (tus)' },
          description: `tus 1.0 with ${EXTENSIONS}: any client of the protocol does it. \`Upload-Metadata\` may name a \`filename\`. \`location\` is where to go on; the answer to the last byte has the header \`Upload-Asset\`, the id of the asset.`,
          headers: tusHeaders.extend({
            'upload-length': z.string().optional().describe('Bytes of the file.'),
            'upload-metadata': z.string().optional().describe('`filename` and its base64.'),
          }),
          response: { 201: z.null().describe('Begun; finished where `Upload-Asset` is set.') },
        },
      },
      async (request, reply) => {
        const id = newId('upload');
        try {
          return await pass(request, reply, id);
        } catch (error) {
          await documents.remove(id);
          throw error;
        }
      },
    );

    tus.head(
      `${UPLOADS_PATH}/:id`,
      {
        config: { scope: 'assets:write', swagger: { exposeHeadRoute: true } },
        schema: {
          ...{
            tags,
            operationId: 'getUpload',
            summary: 'How far an upload has come (tus)',
            params,
            headers: tusHeaders,
          },
          response: { 200: z.null().describe('`Upload-Offset`, and `Upload-Asset` when it is finished.') },
        },
      },
      async (request, reply) => {
        const {
          caller,
          params: { id },
        } = request;
        const call = { caller, id };
        const { finished } = await documents.get(caller, id);
        if (!finished) {
          await pass(request, reply, id);
          // All bytes are there, but the process that should have looked at them is gone.
          if (reply.getHeader('upload-offset') === reply.getHeader('upload-length')) {
            reply.header('upload-asset', (await uploads.finish(call)).asset);
          }
          return reply;
        }
        return reply
          .headers({ 'tus-resumable': '1.0.0', 'upload-offset': finished.bytes, 'upload-length': finished.bytes })
          .header('upload-asset', finished.asset)
          .send(null);
      },
    );

    tus.patch(
      `${UPLOADS_PATH}/:id`,
      {
        bodyLimit: Number.MAX_SAFE_INTEGER,
        config: { scope: 'assets:write', streamsBody: true },
        onResponse: letGoOfBody,
        schema: {
          ...{ tags, operationId: 'continueUpload', summary: 'Send more of an upload (tus)', params },
          headers: tusHeaders.extend({
            'upload-offset': z.string().optional().describe('Where these bytes begin.'),
          }),
          response: {
            204: z
              .null()
              .describe('`Upload-Offset` is how far it has come; `Upload-Asset` the id when it is finished.'),
          },
        },
      },
      async (request, reply) => {
        const {
          caller,
          params: { id },
        } = request;
        const { finished } = await documents.get(caller, id);
        if (finished) throw new AppError('UPLOAD_CONFLICT', `The upload is finished: it is ${finished.asset}.`);
        return pass(request, reply, id);
      },
    );

    tus.delete(
      `${UPLOADS_PATH}/:id`,
      {
        config: { scope: 'assets:write' },
        schema: {
          ...{ tags, operationId: 'deleteUpload', summary: 'Give an upload up (tus)', params, headers: tusHeaders },
          response: { 204: z.null().describe('Nothing of it is kept. An asset that it has become stays.') },
        },
      },
      async (request, reply) => {
        const {
          caller,
          params: { id },
        } = request;
        const { finished } = await documents.get(caller, id);
        if (!finished) await pass(request, reply, id);
        await documents.remove(id);
        return finished ? reply.code(204).header('tus-resumable', '1.0.0').send(null) : reply;
      },
    );
  });
};

/** Headers that mean something to the protocol. A method in a header would go past the scopes of the routes. */
const TUS_HEADERS = /^(tus-|upload-)|^content-(type|length)$/;

/** The request as the protocol's server wants it. The id in its address has been looked up. */
function toWebRequest(request: FastifyRequest, id: string): Request {
  const { method, raw, body } = request;
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw.headers)) {
    if (!TUS_HEADERS.test(name) || typeof value !== 'string') continue;
    if (!/^[\x20-\x7e]*$/.test(value)) {
      throw new AppError('REQUEST_INVALID', `Expected plain letters in the header ${name}.`, {
        hint: 'Names of files in Upload-Metadata are sent as base64.',
      });
    }
    headers.set(name, value);
  }
  return new Request(`http://gateway${method === 'POST' ? UPLOADS_PATH : `${UPLOADS_PATH}/${id}`}`, {
    ...{ method, headers },
    ...(body instanceof Readable ? { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' } : {}),
  });
}

const refusal = (status: number, reason: string): AppError =>
  new AppError(
    CODES[status] ?? 'REQUEST_INVALID',
    `The upload was refused: ${reason.replaceAll(/\s+/g, ' ') || status}.`,
    {
      hint: status === 409 ? 'Ask with HEAD how far it has come.' : 'See https://tus.io/protocols/resumable-upload',
    },
  );
