/** Uploads in one request: `multipart/form-data` with one file. */
import multipart from '@fastify/multipart';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { createAssets } from '../assets/assets.ts';
import { cleanFileName } from '../assets/clean-file-name.ts';
import { openIncoming, receiveStream, tooLarge } from '../assets/incoming-file.ts';
import { refuseForm } from '../assets/refuse-form.ts';
import { assetAnswer } from '../contracts/asset.ts';
import type { AddRoutes } from '../server-context.ts';
import { letGoOfBody } from '../serving/let-go-of-body.ts';
import { toAssetAnswer } from './asset-answer.ts';

/** Beside the file a form may have a few fields, which are not looked at. */
const MAX_FIELDS = 8;
const MAX_FIELD_BYTES = 4096;

export const addAssetUploadRoutes: AddRoutes = async (app, { backend, options }) => {
  const assets = createAssets(backend, options.uploads);
  const { maxBytes } = options.uploads;

  // In a scope of its own: forms are for this route only.
  await app.register(async (forms) => {
    await forms.register(multipart, {
      limits: { fileSize: maxBytes, files: 1, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES },
      throwFileSizeLimit: false,
    });
    (forms as typeof app).post(
      '/v1/assets',
      {
        bodyLimit: Number.MAX_SAFE_INTEGER,
        config: { scope: 'assets:write', streamsBody: true },
        onResponse: letGoOfBody,
        // The body is a stream; the schema is for the document.
        validatorCompiler: () => () => true,
        schema: {
          ...{ tags: ['assets'], operationId: 'uploadAsset', summary: 'Upload a photo, video or sound' },
          description:
            'What it is, is told by its content. The same bytes of the same tenant are kept once: they get the same id. For large files, or lines that break, see /v1/uploads.',
          consumes: ['multipart/form-data'],
          body: z.object({ file: z.file() }),
          response: {
            200: assetAnswer.describe('These bytes were there already.'),
            201: assetAnswer.describe('Kept.'),
          },
        },
      },
      async (request, reply) => {
        const aborted = new AbortController();
        request.raw.once('close', () => {
          if (!request.raw.complete) aborted.abort(new AppError('CANCELLED', 'The upload was broken off.'));
        });
        if (!request.isMultipart()) {
          throw new AppError('INPUT_UNSUPPORTED', 'Expected multipart/form-data, received another content type.', {
            hint: 'curl -F file=@party.mp4',
          });
        }
        const part = await request.file().catch(refuseForm);
        if (!part) {
          throw new AppError('REQUEST_INVALID', 'Expected a form with one file, received none.', {
            hint: 'curl -F file=@party.mp4',
          });
        }
        const fileName = cleanFileName(part.filename ?? '');
        const { signal } = aborted;
        await using incoming = await openIncoming(assets.folder, fileName);
        const file = await receiveStream(part.file, incoming.path, { maxBytes, signal }).catch(refuseForm);
        if (part.file.truncated) throw tooLarge(maxBytes);
        const { asset, isNew } = await assets.keep(request.caller, file, fileName, signal);
        reply.code(isNew ? 201 : 200).header('location', `/v1/assets/${asset.id}`);
        return toAssetAnswer(asset);
      },
    );
  });
};
