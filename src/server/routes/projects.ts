/** Projects: kept, changed by whoever has seen their newest state, copied, removed. */
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { parseCursor, toCursor } from '../../jobs/list-cursor.ts';
import { renewProjectAssets } from '../../jobs/project-assets.ts';
import { idempotencyHeader } from '../contracts/idempotency.ts';
import { nextUrl } from '../contracts/paging.ts';
import {
  duplicateRequest,
  type ProjectAnswer,
  projectAnswer,
  projectId,
  projectPage,
  projectQuery,
  projectRequest,
} from '../contracts/project.ts';
import { createProjects, type Project } from '../projects/projects.ts';
import type { AddRoutes } from '../server-context.ts';
import { matchesTag } from '../serving/entity-tag.ts';
import { REVALIDATE } from '../serving/serve-object.ts';

const tags = ['projects'];
const params = z.object({ id: projectId() });
/** Milliseconds between renewals of what projects hold. */
const RENEW_MS = 3_600_000;

const TAG = /^(?:W\/)?"(\d{1,15})"$/;
const tagOf = ({ version }: Project): string => `"${version}"`;

/** @returns undefined for any version @throws PRECONDITION_FAILED for none at all, and for what no version could be */
function versionOf(header: string | undefined): number | undefined {
  if (header?.trim() === '*') return undefined;
  const version = TAG.exec(header?.trim() ?? '')?.[1];
  if (version !== undefined) return Number(version);
  throw new AppError('PRECONDITION_FAILED', 'Expected If-Match with the ETag of the project as it was read.', {
    hint: 'If-Match: * changes it whatever it is by now.',
  });
}

export const addProjectRoutes: AddRoutes = (app, { backend, options, logger }) => {
  const projects = createProjects(backend.store, options.uploads.keepHours);
  const renew = setInterval(() => {
    renewProjectAssets(backend.store, Date.now()).catch((error: unknown) => {
      logger.warn('uploads of projects were not held', { reason: String(error) });
    });
  }, RENEW_MS).unref();
  app.addHook('onClose', async () => clearInterval(renew));

  const answer = (reply: FastifyReply, project: Project): ProjectAnswer => {
    reply.headers({ etag: tagOf(project), 'cache-control': REVALIDATE });
    const { version: _, ...rest } = project;
    return { ...rest, document: { ...project.document } };
  };

  app.post(
    '/v1/projects',
    {
      config: { scope: 'jobs:write', idempotent: true },
      schema: {
        ...{ tags, operationId: 'createProject', summary: 'Keep a project', headers: idempotencyHeader },
        ...{ body: projectRequest, response: { 201: projectAnswer } },
      },
    },
    async ({ caller, body }, reply) => {
      const project = await projects.create(caller.tenant, body);
      reply.code(201).header('location', `/v1/projects/${project.id}`);
      return answer(reply, project);
    },
  );

  app.get(
    '/v1/projects',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags, operationId: 'listProjects', summary: 'List projects', querystring: projectQuery },
        response: { 200: projectPage },
      },
    },
    async ({ caller, query: { limit, cursor }, url }) => {
      const page = await projects.list(caller.tenant, {
        limit,
        after: cursor === undefined ? undefined : parseCursor(cursor),
      });
      const next = page.next === undefined ? undefined : toCursor(page.next);
      return {
        projects: page.projects.map(({ document: _document, version: _version, ...rest }) => rest),
        ...(next === undefined ? {} : { next, nextUrl: nextUrl(url, next) }),
      };
    },
  );

  app.get(
    '/v1/projects/:id',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags, operationId: 'getProject', summary: 'Read a project', params },
        response: { 200: projectAnswer, 304: z.null().describe('As `If-None-Match` says.') },
      },
    },
    async ({ caller, params: { id }, headers }, reply) => {
      const project = await projects.get(caller.tenant, id);
      const body = answer(reply, project);
      if (matchesTag(headers['if-none-match'], tagOf(project))) return reply.code(304).send(null);
      return body;
    },
  );

  app.put(
    '/v1/projects/:id',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'changeProject', summary: 'Change a project', params, body: projectRequest },
        description:
          'Needs `If-Match` with the ETag that it was read or written with: where somebody else has changed it since, PRECONDITION_FAILED and nothing is lost. `If-Match: *` changes it in any case.',
        headers: z.looseObject({ 'if-match': z.string().max(100).optional() }),
        response: { 200: projectAnswer },
      },
    },
    async ({ caller, params: { id }, body, headers }, reply) =>
      answer(reply, await projects.change(caller.tenant, id, body, versionOf(headers['if-match']))),
  );

  app.delete(
    '/v1/projects/:id',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'deleteProject', summary: 'Remove a project', params },
        description: 'Its jobs and their outputs stay; uploads that nothing else needs expire as usual.',
        response: { 204: z.null().describe('Removed.') },
      },
    },
    async ({ caller, params: { id } }, reply) => {
      await projects.remove(caller.tenant, id);
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/projects/:id/duplicate',
    {
      config: { scope: 'jobs:write', idempotent: true },
      schema: {
        ...{ tags, operationId: 'duplicateProject', summary: 'Copy a project', params, headers: idempotencyHeader },
        ...{ body: duplicateRequest, response: { 201: projectAnswer } },
      },
    },
    async ({ caller, params: { id }, body }, reply) => {
      const { document, thumbnail } = await projects.get(caller.tenant, id);
      const copy = await projects.create(caller.tenant, { name: body.name, document, thumbnail });
      reply.code(201).header('location', `/v1/projects/${copy.id}`);
      return answer(reply, copy);
    },
  );
};
