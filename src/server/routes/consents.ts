/** Who agreed: what is said of a project, and the consents that jobs may name. */
import { listConsents } from '../../runner/persons/consent.ts';
import { openInstallation } from '../../runner/persons/installation.ts';
import type { AuditLog } from '../../trust/audit/audit-log.ts';
import { readPolicy } from '../../trust/policy/read-policy.ts';
import { consentsAnswer, statementAnswer, statementRequest } from '../contracts/consent.ts';
import { createProjects } from '../projects/projects.ts';
import type { AddRoutes } from '../server-context.ts';

const tags = ['projects'];

export const addConsentRoutes: AddRoutes = (app, { backend, options }) => {
  const projects = createProjects(backend.store, options.uploads.keepHours);
  let log: Promise<AuditLog> | undefined;
  const openLog = (): Promise<AuditLog> => {
    log ??= openInstallation().then(({ audit }) => audit);
    log.catch(() => {
      log = undefined;
    });
    return log;
  };

  app.post(
    '/v1/consents/statements',
    {
      config: { scope: 'jobs:write' },
      schema: {
        ...{ tags, operationId: 'stateConsent', summary: 'Say who agreed to a project' },
        description:
          'Written to the audit log before it is answered. It takes the place of no consent: where the policy asks for one, jobs still need it.',
        ...{ body: statementRequest, response: { 201: statementAnswer } },
      },
    },
    async ({ caller, body: { project: id, kind, note } }, reply) => {
      const project = await projects.get(caller.tenant, id);
      const personal = {
        ...(note === undefined ? {} : { note }),
        // The subject of a token says who somebody is.
        ...(caller.kind === 'token' ? { operator: caller.owner } : {}),
      };
      const audit = await openLog();
      const { seq, time } = await audit.append({
        kind: 'consent.stated',
        facts: {
          ...{ statement: kind, project: project.id, tenant: caller.tenant, by: caller.kind },
          ...(caller.kind === 'key' ? { key: caller.owner } : {}),
        },
        ...(Object.keys(personal).length === 0 ? {} : { personal }),
      });
      return reply.code(201).send({ entry: seq, at: time });
    },
  );

  app.get(
    '/v1/consents',
    {
      config: { scope: 'jobs:read' },
      schema: {
        ...{ tags, operationId: 'listConsents', summary: 'List consents that jobs may name' },
        description: 'They are entered by `facefusion consent add`.',
        response: { 200: consentsAnswer },
      },
    },
    async () => {
      const [consents, { policy }] = await Promise.all([listConsents(), readPolicy()]);
      return {
        isRequired: policy.consent === 'required',
        consents: consents.map(({ id, state, uses, until }) => ({
          // By its own uses it is never for another one.
          ...{ id, state: state === 'other-use' ? ('valid' as const) : state, uses: [...uses], until },
        })),
      };
    },
  );
};
