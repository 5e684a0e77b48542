/** What is written of each call: to the audit log where it changed or took something, and to the access log always. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../core/errors.ts';
import type { Json } from '../trust/audit/canonical-json.ts';
import type { CallAudit } from './call-audit.ts';
import { createFirstInHour } from './first-in-hour.ts';
import type { App, ServerContext } from './server-context.ts';

const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

const isAudited = ({ method, routeOptions, caller }: FastifyRequest): boolean =>
  // Nobody whom we do not know fills the log.
  Boolean(caller) && (!READS.includes(method) || (routeOptions.config.audited !== undefined && method === 'GET'));

/** The same of one caller and one thing. */
const kindOf = ({ caller, routeOptions, params }: FastifyRequest): string =>
  JSON.stringify([caller.kind, caller.tenant, caller.owner, routeOptions.url, Object(params).id]);

export function recordCalls(app: App, { logger, options, metrics }: ServerContext, audit: CallAudit): void {
  const isFirstInHour = createFirstInHour();
  const isDue = (request: FastifyRequest): boolean =>
    isAudited(request) && (request.routeOptions.config.audited !== 'hourly' || isFirstInHour(kindOf(request)));

  app.addHook('preParsing', async (request) => {
    if (!audit.isFull || !isAudited(request)) return;
    throw new AppError('AUDIT_BROKEN', 'The audit log has not been written for long: no more calls are taken.');
  });
  app.addHook('onResponse', async (request, reply) => {
    if (isDue(request)) audit.record(toEntry(request, reply));
    const { method, routeOptions, caller } = request;
    metrics.request(routeOptions.url ?? 'none', method, reply.statusCode, reply.elapsedTime / 1000);
    // No addresses of things or people: the route, not the path; no query; ids of keys, not names.
    logger.info('request', {
      requestId: request.id,
      method,
      route: routeOptions.url ?? 'none',
      status: reply.statusCode,
      milliseconds: Math.round(reply.elapsedTime),
      ...(caller ? { tenant: caller.tenant } : {}),
      ...(caller?.kind === 'key' ? { key: caller.owner } : {}),
      ...(options.logAddresses ? { address: request.ip } : {}),
    });
  });
}

function toEntry(request: FastifyRequest, reply: FastifyReply): Parameters<CallAudit['record']>[0] {
  const { id, method, routeOptions, caller, params } = request;
  const facts: Record<string, Json> = {
    request: id,
    method,
    route: routeOptions.url ?? 'none',
    status: reply.statusCode,
    tenant: caller.tenant,
    by: caller.kind,
    ...(caller.kind === 'key' ? { key: caller.owner } : {}),
    ...subjectOf(params, reply),
  };
  // The subject of a token says who somebody is.
  return { kind: 'api.call', facts, ...(caller.kind === 'token' ? { personal: { operator: caller.owner } } : {}) };
}

/** The id of what was changed, taken or created. */
function subjectOf(params: unknown, reply: FastifyReply): Record<string, Json> {
  const { id } = Object(params) as { readonly id?: unknown };
  if (typeof id === 'string') return { subject: id.slice(0, 64) };
  const location = reply.getHeader('location');
  const created =
    typeof location === 'string' ? /^\/v1\/[a-z-]+\/([A-Za-z0-9_-]{1,64})$/.exec(location)?.[1] : undefined;
  return created === undefined ? {} : { subject: created };
}
