/** Audit, usage, and what the service stands on. */
import { errorFactsOf } from '../../core/error-facts.ts';
import { isId } from '../../core/ids.ts';
import { clearTemporaryFiles } from '../../jobs/temporary-files.ts';
import { readUsage, sumUsage } from '../../jobs/usage.ts';
import { listWorkers } from '../../jobs/worker-document.ts';
import { productVersion } from '../../runner/product-version.ts';
import type { AuditLine } from '../../trust/audit/audit-entry.ts';
import { allows } from '../auth/scopes.ts';
import {
  auditAnswer,
  auditQuery,
  clearedAnswer,
  systemAnswer,
  usageAnswer,
  usageQuery,
} from '../contracts/operation.ts';
import { createMachineReport } from '../operation/machine-report.ts';
import { readAuditOf } from '../operation/read-audit-of.ts';
import { readResources } from '../operation/resources.ts';
import type { AddRoutes } from '../server-context.ts';
import { auditRunOf } from './job-answer.ts';

const tags = ['operation'];
const DAY_MS = 86_400_000;
const USAGE_DAYS = 30;

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Why a run was refused, as its error says it: how alike somebody is to a listed person is for the keeper of the list. */
function withoutLikeness({ details, ...facts }: AuditLine['facts']): Readonly<Record<string, unknown>> {
  if (typeof details !== 'object' || details === null) return facts;
  return { ...facts, details: errorFactsOf({ details: { ...details } }) ?? {} };
}

export const addOperationRoutes: AddRoutes = (app, { backend, jobs }) => {
  const readMachine = createMachineReport();

  app.get(
    '/v1/audit',
    {
      config: { scope: 'audit:read', audited: true },
      schema: {
        ...{ tags, operationId: 'listAudit', summary: 'Read the audit log' },
        description:
          'The calls of your tenant, and with `job` also what was recorded of its work. With the scope admin: everything.',
        ...{ querystring: auditQuery, response: { 200: auditAnswer } },
      },
    },
    async ({ caller, query }) => {
      const isAdmin = allows(caller.scopes, 'admin');
      const { job: asked, ...filter } = query;
      // Whose it is comes first: an id of others is not found, as one that never was.
      const isMark = isAdmin && asked !== undefined && !isId('job', asked);
      const job = asked === undefined || isMark ? undefined : await jobs.get(caller.tenant, asked);
      const entries = await readAuditOf({
        ...filter,
        tenant: isAdmin ? undefined : caller.tenant,
        ...(job
          ? { job: { id: job.id, mark: auditRunOf(job) } }
          : isMark
            ? { job: { id: undefined, mark: asked } }
            : {}),
      });
      return {
        entries: entries.map(({ seq, time, kind, facts }) => ({
          ...{ seq, time, kind, facts: isAdmin ? facts : withoutLikeness(facts) },
        })),
      };
    },
  );

  app.get(
    '/v1/usage',
    {
      config: { scope: 'usage:read' },
      schema: {
        ...{ tags, operationId: 'getUsage', summary: 'What your tenant has used' },
        ...{ querystring: usageQuery, response: { 200: usageAnswer } },
      },
    },
    async ({ caller, query }) => {
      const now = Date.now();
      const { from = dayOf(now - USAGE_DAYS * DAY_MS), to = dayOf(now) } = query;
      const days = await readUsage(backend.store, caller.tenant, { from, to });
      return { from, to, total: sumUsage(days), days: [...days].sort((a, b) => a.day.localeCompare(b.day)) };
    },
  );

  app.get(
    '/v1/system',
    {
      config: { scope: 'admin' },
      schema: {
        ...{ tags, operationId: 'getSystem', summary: 'What the service stands on' },
        description: 'As `facefusion doctor` says it; looked at again after ten minutes, but for `resources`.',
        response: { 200: systemAnswer },
      },
    },
    async () => {
      const [machine, workers, queue, isPaused] = await Promise.all([
        readMachine(),
        listWorkers(backend),
        backend.queue.stats(),
        backend.queue.isPaused(),
      ]);
      return {
        ...{ version: productVersion(), isCluster: backend.isShared, ...machine, isPaused },
        resources: await readResources(backend, workers),
        workers: workers.map(({ id, state, version, providers, models, memoryBytes, concurrency, tasks, seenAt }) => ({
          ...{ id, state, version, providers, models, memoryBytes, concurrency, busy: tasks.length, seenAt },
        })),
        queue: [...queue],
      };
    },
  );

  app.post(
    '/v1/system/clear-temporary-files',
    {
      config: { scope: 'admin', audited: true },
      schema: {
        ...{ tags, operationId: 'clearTemporaryFiles', summary: 'Clear the temporary files of all workers' },
        description:
          'Copies of media that no task has in hand. Jobs that run are not touched, and what a failed or cancelled job goes on with stays.',
        response: { 200: clearedAnswer },
      },
    },
    () => clearTemporaryFiles(backend),
  );
};
