/** Answers that a caller waits for. They go ahead of jobs. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import type { LookAnswer, LookRequest } from '../../jobs/look-service.ts';
import { idSchema } from '../contracts/asset.ts';
import { binary } from '../contracts/binary.ts';
import * as contracts from '../contracts/looks.ts';
import { cropsOf, parseFaces, parsePeople, toFaces, toPeople, toPreview, toVerdict } from '../looks/look-answers.ts';
import { createPictures } from '../looks/pictures.ts';
import type { AddRoutes } from '../server-context.ts';
import { ANSWER_EVENTS, EVENT_STREAM, streamAnswer, wantsEvents } from '../serving/answer-stream.ts';
import { IMMUTABLE, sendWhole, serveObject } from '../serving/serve-object.ts';
import { toRange, toRun } from './to-new-job.ts';

const tags = ['looks'];
const SWEEP_MS = 15 * 60_000;
const PNG = 'image/png';

export const addLookRoutes: AddRoutes = (app, { backend, looks, logger }) => {
  const pictures = createPictures(backend.store);
  const sweep = setInterval(() => {
    pictures.sweep().catch((error: unknown) => logger.warn('pictures were not swept', { reason: String(error) }));
  }, SWEEP_MS).unref();
  app.addHook('onClose', async () => clearInterval(sweep));

  /** Asks, and takes the question back when the caller goes. */
  const look = async (reply: FastifyReply, request: LookRequest): Promise<LookAnswer> => {
    const gone = new AbortController();
    const leave = (): void => gone.abort(new AppError('CANCELLED', 'The caller did not wait for the answer.'));
    reply.raw.once('close', leave);
    try {
      return await looks.look({ ...request, signal: gone.signal });
    } finally {
      reply.raw.off('close', leave);
    }
  };

  app.post(
    '/v1/faces',
    {
      config: { scope: 'looks' },
      schema: {
        ...{ tags, operationId: 'findFaces', summary: 'Find the faces of a photo or a frame' },
        ...{ body: contracts.facesRequest, response: { 200: contracts.facesAnswer } },
      },
    },
    async ({ caller: { tenant }, body }, reply) => {
      const { value } = await look(reply, {
        ...{ tenant, what: 'faces', target: { kind: 'asset', id: body.target }, frameNumber: body.frameNumber },
        options: body.minimumScore === undefined ? {} : { faceDetectorScore: body.minimumScore },
      });
      const seen = parseFaces(value);
      return toFaces(seen, await pictures.keep(tenant, cropsOf(seen.faces)));
    },
  );

  app.post(
    '/v1/people',
    {
      config: { scope: 'looks' },
      schema: {
        ...{ tags, operationId: 'findPeople', summary: 'Tell who is seen in a photo or a video' },
        description: `A video is looked through as a whole: this takes a while. Persons are named as the map of a job wants them. ${ANSWER_EVENTS}`,
        body: contracts.peopleRequest,
        response: {
          200: {
            description: 'Who is seen.',
            content: {
              'application/json': { schema: contracts.peopleAnswer },
              [EVENT_STREAM]: binary('', EVENT_STREAM).content[EVENT_STREAM],
            },
          },
        },
      },
    },
    async ({ caller: { tenant }, body, headers }, reply) => {
      const find = async (onProgress?: LookRequest['onProgress']): Promise<z.output<typeof contracts.peopleAnswer>> => {
        const target = { kind: 'asset', id: body.target } as const;
        const { value } = await look(reply, { tenant, what: 'people', target, onProgress });
        const seen = parsePeople(value);
        return toPeople(seen, await pictures.keep(tenant, cropsOf(seen.persons)));
      };
      if (wantsEvents(headers.accept)) return streamAnswer(reply, logger, find);
      return reply.type('application/json').send(await find());
    },
  );

  app.post(
    '/v1/preview',
    {
      config: { scope: 'looks' },
      schema: {
        ...{ tags, operationId: 'makePreview', summary: 'Make one frame as a job would' },
        description: 'With `accept: image/png` the answer is the picture itself.',
        body: contracts.previewRequest,
        response: {
          200: {
            description: 'The frame.',
            content: { 'application/json': { schema: contracts.previewAnswer }, [PNG]: binary('', PNG).content[PNG] },
          },
        },
      },
    },
    async (request, reply) => {
      const { caller, body } = request;
      const { tenant } = caller;
      const { value, picture } = await look(reply, {
        ...{ tenant, what: 'preview', target: { kind: 'asset', id: body.target }, frameNumber: body.frameNumber },
        ...toRun(body, caller),
        ranges: body.ranges?.map(toRange),
      });
      if (picture === undefined) throw new AppError('INTERNAL', 'Expected a picture of the preview, received none.');
      const url = (await pictures.keep(tenant, [picture])).get(picture) ?? '';
      reply.header('content-location', url);
      if (wantsPicture(request.headers.accept)) {
        return sendWhole(reply.type(PNG), backend.storage, picture);
      }
      return reply.type('application/json').send(toPreview(value, url));
    },
  );

  app.post(
    '/v1/verify',
    {
      config: { scope: 'looks' },
      schema: {
        ...{ tags, operationId: 'verify', summary: 'Tell whether a file was made here' },
        description:
          'By the invisible mark, Content Credentials, labels and the audit log; works on copies that were shrunk or encoded anew.',
        ...{ body: contracts.verifyRequest, response: { 200: contracts.verdictAnswer } },
      },
    },
    async ({ caller: { tenant }, body }, reply) => {
      const { value } = await look(reply, { tenant, what: 'verify', target: { kind: 'asset', id: body.target } });
      return toVerdict(value);
    },
  );

  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/previews/:id/:name',
    exposeHeadRoute: false,
    config: { scope: 'looks', audited: true },
    schema: {
      ...{ tags, operationId: 'getPicture', summary: 'Read a picture of an answer' },
      params: z.object({
        id: idSchema('an answer', 'preview_1k3c8x0v2m4q7r9t2w5y8z'),
        name: z.string().min(1).max(200).describe('As in the `pictureUrl` of the answer.'),
      }),
      response: { 200: binary('The picture.', PNG), 206: binary('The bytes of the range.', PNG) },
    },
    handler: async (request, reply) => {
      const { id, name } = request.params;
      const key = await pictures.find(request.caller.tenant, id, name);
      const object = await backend.storage.head(key);
      if (!object) throw new AppError('NOT_FOUND', 'There is no such picture.', { hint: 'Ask again.' });
      const { bytes, contentType, etag } = object;
      return serveObject(request, reply, backend.storage, {
        ...{ key, bytes, contentType, etag, fileName: name, isDownload: false, cacheControl: IMMUTABLE },
      });
    },
  });
};

/** A picture is sent only to who names one and would not rather have JSON. */
function wantsPicture(accept = ''): boolean {
  const types = accept.split(',').map((type) => type.split(';')[0]?.trim().toLowerCase());
  const at = types.findIndex((type) => type === PNG || type === 'image/*');
  const json = types.indexOf('application/json');
  return at >= 0 && (json < 0 || at < json);
}
