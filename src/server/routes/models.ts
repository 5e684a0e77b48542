/** Models of the user's own, added from this machine. */
import { join } from 'node:path';
import multipart from '@fastify/multipart';
import { dataFolder } from '../../core/data-folder.ts';
import { AppError, type ErrorCode, isAppError, withDetails } from '../../core/errors.ts';
import { userModelFolder } from '../../engine/models/user-models.ts';
import { addModelInChild } from '../../runner/runner-client.ts';
import { cleanFileName } from '../assets/clean-file-name.ts';
import { openIncoming, receiveStream, tooLarge } from '../assets/incoming-file.ts';
import { refuseForm } from '../assets/refuse-form.ts';
import { isLoopback } from '../auth/local-caller.ts';
import { addedModelAnswer, addModelQuery } from '../contracts/catalogue.ts';
import type { AddRoutes } from '../server-context.ts';
import { letGoOfBody } from '../serving/let-go-of-body.ts';

/** The largest file that protobuf, and so ONNX, can be. */
const MAX_MODEL_BYTES = 2 ** 31;

/** What is wrong with a file that was sent is the caller's to mend, not the service's. */
const OF_THE_FILE: readonly ErrorCode[] = ['MODEL_CORRUPT', 'MODEL_IO_MISMATCH', 'MODEL_UNREADABLE'];

export const addModelRoutes: AddRoutes = async (app, { options, logger }) => {
  const folder = join(dataFolder(), 'incoming');
  // In a scope of its own: forms of this size are for this route only.
  await app.register(async (forms) => {
    await forms.register(multipart, {
      limits: { fileSize: MAX_MODEL_BYTES, files: 1, fields: 0 },
      throwFileSizeLimit: false,
    });
    (forms as typeof app).post(
      '/v1/models',
      {
        bodyLimit: Number.MAX_SAFE_INTEGER,
        config: { scope: 'admin', streamsBody: true, audited: true },
        onResponse: letGoOfBody,
        schema: {
          ...{ tags: ['catalogue'], operationId: 'addModel', summary: 'Add a model file of your own' },
          description:
            'As `facefusion models add` does: the file is read, its inputs and outputs are compared with what the model must have, it is loaded once, and only then kept. Only a service that listens on this machine alone takes files.',
          consumes: ['multipart/form-data'],
          querystring: addModelQuery,
          response: { 201: addedModelAnswer },
        },
      },
      async (request, reply) => {
        const { id, like, licence, unverified } = request.query;
        if (!isLoopback(options.host)) {
          throw new AppError(
            'FORBIDDEN',
            'Model files are taken only by a service that listens on this machine alone.',
            {
              hint: `On the machine of the service: facefusion models add ${id} FILE`,
            },
          );
        }
        const part = request.isMultipart() ? await request.file().catch(refuseForm) : undefined;
        if (!part) {
          throw new AppError('REQUEST_INVALID', 'Expected a form with one file, received none.', {
            hint: 'curl -F file=@model.onnx',
          });
        }
        const aborted = new AbortController();
        request.raw.once('close', () => {
          if (!request.raw.complete) aborted.abort(new AppError('CANCELLED', 'The upload was broken off.'));
        });
        const { signal } = aborted;
        await using incoming = await openIncoming(folder, cleanFileName(part.filename ?? '', 'model.onnx'));
        const { path } = await receiveStream(part.file, incoming.path, { maxBytes: MAX_MODEL_BYTES, signal }).catch(
          refuseForm,
        );
        if (part.file.truncated) throw tooLarge(MAX_MODEL_BYTES);
        const model = { id, path, folder: userModelFolder(), like, licence, unverified };
        const added = await addModelInChild(model, { signal, logger }).catch(blameFile);
        reply.code(201);
        const { unverified: isUnverified, ...rest } = added;
        return { ...rest, isUnverified };
      },
    );
  });
};

function blameFile(error: unknown): never {
  throw isAppError(error) && OF_THE_FILE.includes(error.code) ? withDetails(error, { isOfCaller: true }) : error;
}
