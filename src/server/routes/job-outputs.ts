/** What a job has made, and its log. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { latestFrameKey } from '../../jobs/execute/keys.ts';
import { isEnded, type Job, type JobOutput, jobStream } from '../../jobs/job.ts';
import { binary } from '../contracts/binary.ts';
import { jobId, logAnswer, outputsAnswer } from '../contracts/job.ts';
import { MAX_PAGE } from '../contracts/paging.ts';
import { withoutFolders } from '../problem.ts';
import type { AddRoutes } from '../server-context.ts';
import { hashTag, IMMUTABLE, REVALIDATE, serveObject } from '../serving/serve-object.ts';
import { hashedName, toOutputAnswer } from './job-answer.ts';
import { parseJobEvent } from './job-event.ts';

const tags = ['jobs'];
const params = z.object({ id: jobId() });
/** Long enough to begin a download, too short to pass the address on. */
const REDIRECT_SECONDS = 300;

export const addJobOutputRoutes: AddRoutes = (app, { backend, jobs }) => {
  const { storage, store } = backend;

  app.get(
    '/v1/jobs/:id/outputs',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags, operationId: 'listOutputs', summary: 'List the outputs of a job', params },
        response: { 200: outputsAnswer },
      },
    },
    async (request) => {
      const job = await jobs.get(request.caller.tenant, request.params.id);
      return { outputs: storedOutputs(job).map((output) => toOutputAnswer(job.id, output)) };
    },
  );

  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/jobs/:id/outputs/*',
    exposeHeadRoute: false,
    config: { scope: 'jobs:read', audited: true },
    schema: {
      ...{ tags, operationId: 'getOutput', summary: 'Read an output' },
      description:
        'Takes `Range`, `If-Range` and `If-None-Match`. The ETag is the sha256. Under its `immutableUrl` it may be cached for ever.',
      params: params.extend({
        '*': z.string().min(1).max(300).describe('Name of the output; may have folders in it.'),
      }),
      querystring: z.object({
        download: z.enum(['0', '1']).optional().describe('1: to save, not to show.'),
        redirect: z
          .enum(['0', '1'])
          .optional()
          .describe(
            '1: where the storage can be reached by the caller, 302 to an address there, good for five minutes.',
          ),
      }),
      response: {
        200: binary('The bytes.'),
        206: binary('The bytes of the range.'),
        302: z.null().describe('`location` is where the bytes are.'),
        304: z.null().describe('As `If-None-Match` says.'),
      },
    },
    handler: async (request, reply) => {
      const { id, '*': name } = request.params;
      const job = await jobs.get(request.caller.tenant, id);
      const output = storedOutputs(job).find((one) => one.name === name || hashedName(one) === name);
      if (!output) {
        throw new AppError('NOT_FOUND', `The job has no output of this name.`, {
          hint: isEnded(job.state) ? `See which it has: /v1/jobs/${job.id}/outputs` : 'It has not ended yet.',
        });
      }
      const { key, bytes, sha256, contentType } = output;
      const fileName = output.name.split('/').at(-1) ?? output.name;
      const { download, redirect } = request.query;
      if (redirect === '1') {
        const presigned = await storage.presign(key, {
          ...{ method: 'GET', expiresSeconds: REDIRECT_SECONDS, contentType },
          ...(download === '1' ? { fileName } : {}),
        });
        if (presigned) return reply.header('cache-control', 'no-store').redirect(presigned.url, 302);
      }
      return serveObject(request, reply, storage, {
        ...{ key, bytes, contentType, fileName, etag: hashTag(sha256) },
        isDownload: download === '1',
        cacheControl: name === output.name && output.role !== 'segment' ? REVALIDATE : IMMUTABLE,
      });
    },
  });

  app.route({
    method: ['GET', 'HEAD'],
    url: '/v1/jobs/:id/latest-frame',
    exposeHeadRoute: false,
    config: { scope: 'jobs:read' },
    schema: {
      ...{ tags, operationId: 'getLatestFrame', summary: 'Look at the latest frame of a running job', params },
      description:
        'A small JPEG of the frame that was finished last, made anew once a second at most, with the invisible mark; only of videos, only while one worker does the whole of it, and not where the policy asks for Content Credentials. `progress.pictured` says that there is one.',
      querystring: z.object({ at: z.string().max(20).optional().describe('Anything, so that caches ask again.') }),
      response: {
        200: binary('The picture.', 'image/jpeg'),
        206: binary('The bytes of the range.', 'image/jpeg'),
        304: z.null().describe('As `If-None-Match` says.'),
      },
    },
    handler: async (request, reply) => {
      const { id } = await jobs.get(request.caller.tenant, request.params.id);
      const key = latestFrameKey(id);
      const object = await storage.head(key);
      if (!object) throw new AppError('NOT_FOUND', 'There is no picture of this job now.');
      const { bytes, contentType, etag } = object;
      return serveObject(request, reply, storage, {
        ...{ key, bytes, contentType, etag, fileName: 'latest.jpg', isDownload: false, cacheControl: REVALIDATE },
      });
    },
  });

  app.get(
    '/v1/jobs/:id/log',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags, operationId: 'getJobLog', summary: 'Read the log of a job', params },
        querystring: z.object({
          after: z.coerce
            .number()
            .int()
            .min(0)
            .max(Number.MAX_SAFE_INTEGER)
            .default(0)
            .describe('Number of the last entry that you have.'),
        }),
        response: { 200: logAnswer },
      },
    },
    async (request) => {
      const { id } = await jobs.get(request.caller.tenant, request.params.id);
      const events = await store.events(jobStream(id), request.query.after, MAX_PAGE);
      const last = events.at(-1);
      return {
        entries: events.flatMap(({ number, value }) => {
          const event = parseJobEvent(value);
          return event?.type === 'log'
            ? [{ number, at: event.at, level: event.level, message: withoutFolders(event.message) }]
            : [];
        }),
        ...(events.length === MAX_PAGE && last ? { next: last.number } : {}),
      };
    },
  );
};

const storedOutputs = ({ outputs }: Job): readonly (JobOutput & { readonly key: string })[] =>
  outputs.flatMap((output) => (output.key === undefined ? [] : [{ ...output, key: output.key }]));
