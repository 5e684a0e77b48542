/** Jobs: create, list, look at, end, begin again, remove. */
import { z } from 'zod';
import { createAssets } from '../assets/assets.ts';
import { idempotencyHeader } from '../contracts/idempotency.ts';
import { jobAnswer, jobId, jobPage, jobQuery } from '../contracts/job.ts';
import { jobRequest } from '../contracts/job-request.ts';
import { nextUrl } from '../contracts/paging.ts';
import { spendQuota } from '../quotas.ts';
import type { AddRoutes } from '../server-context.ts';
import { isUnchanged } from '../serving/entity-tag.ts';
import { toJobAnswer } from './job-answer.ts';
import { readStalled } from './stalled-answer.ts';
import { toNewJob } from './to-new-job.ts';

const tags = ['jobs'];
const params = z.object({ id: jobId() });

export const addJobRoutes: AddRoutes = (app, { backend, jobs, options }) => {
  const assets = createAssets(backend, options.uploads);

  app.post(
    '/v1/jobs',
    {
      config: { scope: 'jobs:write', idempotent: true },
      schema: {
        ...{ tags, operationId: 'createJob', summary: 'Create a job', body: jobRequest, headers: idempotencyHeader },
        description:
          'It waits for a worker at once. The same work of the same tenant is done once: its job is the answer then, with 200.',
        response: {
          200: jobAnswer.describe('The same work was asked for before.'),
          201: jobAnswer.describe('Created.'),
        },
      },
    },
    async (request, reply) => {
      const { caller, body } = request;
      const target = await assets.get(caller.tenant, body.target);
      const minutes = (target.media.durationSeconds ?? 0) / 60;
      const giveBack = await spendQuota(backend.store, caller, { jobs: 1, minutes });
      const { job, isNew } = await jobs.create(toNewJob(body, target, caller)).catch(async (error: unknown) => {
        await giveBack();
        throw error;
      });
      if (!isNew) await giveBack();
      reply.code(isNew ? 201 : 200).header('location', `/v1/jobs/${job.id}`);
      return toJobAnswer(job);
    },
  );

  app.get(
    '/v1/jobs',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags, operationId: 'listJobs', summary: 'List jobs', querystring: jobQuery },
        response: { 200: jobPage },
      },
    },
    async (request) => {
      const { limit, cursor, state: states } = request.query;
      const { jobs: page, next } = await jobs.list(request.caller.tenant, { states, limit, cursor });
      return {
        jobs: page.map(toJobAnswer),
        ...(next === undefined ? {} : { next, nextUrl: nextUrl(request.url, next) }),
      };
    },
  );

  app.get(
    '/v1/jobs/:id',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags, operationId: 'getJob', summary: 'Look at a job', params },
        description:
          'Its ETag changes with anything in it: ask with `If-None-Match`. To be told instead: /v1/jobs/{id}/events.',
        response: { 200: jobAnswer, 304: z.null().describe('As `If-None-Match` says.') },
      },
    },
    async (request, reply) => {
      const { caller, params } = request;
      const job = await jobs.get(caller.tenant, params.id);
      const answer = { ...toJobAnswer(job), ...(job.state === 'queued' ? await readStalled(backend, caller) : {}) };
      if (isUnchanged(request, reply, answer)) return reply.send(null);
      return answer;
    },
  );

  app.post(
    '/v1/jobs/:id/cancel',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'cancelJob', summary: 'End a job', params },
        description: 'Reaches every worker within 2 s. A job that has ended stays as it is.',
        response: { 200: jobAnswer },
      },
    },
    async (request) => toJobAnswer(await jobs.cancel(request.caller.tenant, request.params.id)),
  );

  app.post(
    '/v1/jobs/:id/retry',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'retryJob', summary: 'Begin a job again', params },
        description:
          'For a job that failed or was cancelled. It goes on with what it had done: of a video whole chunks, which a cancelled job keeps for an hour. Any other is JOB_STATE.',
        response: { 200: jobAnswer },
      },
    },
    async (request) => toJobAnswer(await jobs.retry(request.caller.tenant, request.params.id)),
  );

  app.post(
    '/v1/jobs/:id/keep',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'keepJob', summary: 'Keep what a job had done', params },
        description:
          'For the job of a video that failed or was cancelled: it is queued for an output of its whole chunks from the first frame on, marked and logged as any other, with the note `partial`. A cancelled job has them for an hour. Where none is whole, the job fails with RESUME_MISMATCH. A job that has not ended, or is for a photo, is JOB_STATE.',
        response: { 200: jobAnswer },
      },
    },
    async (request) => toJobAnswer(await jobs.keep(request.caller.tenant, request.params.id)),
  );

  app.delete(
    '/v1/jobs/:id',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'deleteJob', summary: 'Remove a job and its outputs', params },
        description: 'Only one that has ended; any other is JOB_STATE. What the audit log says of it stays.',
        response: { 204: z.null().describe('Removed.') },
      },
    },
    async (request, reply) => {
      await jobs.remove(request.caller.tenant, request.params.id);
      return reply.code(204).send(null);
    },
  );
};
