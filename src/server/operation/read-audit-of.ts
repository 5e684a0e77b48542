/** Entries of the audit log that somebody may see. */
import type { AuditLine } from '../../trust/audit/audit-entry.ts';
import { auditFolder } from '../../trust/audit/audit-log.ts';
import { readAudit } from '../../trust/audit/read-audit.ts';

export interface AuditQuestion {
  /** Whose entries; undefined: everybody's. */
  readonly tenant: string | undefined;
  /** A job of that tenant: by its id, and by what its invisible mark calls it. */
  readonly job?: { readonly id: string | undefined; readonly mark: string | undefined } | undefined;
  readonly kind?: string | undefined;
  /** ISO 8601. */
  readonly since?: string | undefined;
  /** The newest so many. */
  readonly limit: number;
}

/**
 * Entries in order, oldest first, without personal values. The whole log is read; memory is bounded by `limit`.
 * @throws AUDIT_BROKEN
 */
export async function readAuditOf({ tenant, job, kind, since, limit }: AuditQuestion): Promise<readonly AuditLine[]> {
  const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
  const found: AuditLine[] = [];
  for await (const { line } of readAudit(auditFolder())) {
    if (kind !== undefined && line.kind !== kind) continue;
    if (Date.parse(line.time) < from) continue;
    const { facts } = line;
    const isOfJob = job !== undefined && isAbout(facts, job);
    if (job !== undefined && !isOfJob) continue;
    // What is recorded of work names no tenant: it is theirs whose job it is.
    if (tenant !== undefined && facts.tenant !== tenant && !(isOfJob && facts.tenant === undefined)) continue;
    found.push(line);
    if (found.length > limit) found.shift();
  }
  return found;
}

const isAbout = (facts: AuditLine['facts'], { id, mark }: NonNullable<AuditQuestion['job']>): boolean =>
  (id !== undefined && facts.subject === id) || (mark !== undefined && facts.job === mark);
