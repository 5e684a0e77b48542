/** What the audit log says of a job: read where the key may. */
import { ApiError, api, ask, type Schemas } from './api.ts';

export type AuditEntry = Schemas['AuditEntries']['entries'][number];

/** @returns entries, oldest first; `forbidden` where the key may not read the log. @throws ApiError */
export async function readAudit(job: string): Promise<readonly AuditEntry[] | 'forbidden'> {
  try {
    const { entries } = await ask(api().GET('/v1/audit', { params: { query: { job, limit: 50 } } }));
    return entries;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return 'forbidden';
    throw error;
  }
}

/** A fact of an entry as words; undefined where it is not one. */
export function factOf(entry: AuditEntry | undefined, name: string): string | undefined {
  const value = entry?.facts[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
