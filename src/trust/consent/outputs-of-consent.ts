import type { Json } from '../audit/canonical-json.ts';
import { type AuditRecord, readAudit } from '../audit/read-audit.ts';

/**
 * Entries of outputs that were made with a consent, by its id, wherever in the facts it stands.
 * @throws AUDIT_BROKEN
 */
export async function outputsOfConsent(auditFolder: string, id: string): Promise<readonly AuditRecord[]> {
  const outputs: AuditRecord[] = [];
  for await (const record of readAudit(auditFolder)) {
    if (record.line.kind === 'output.published' && holds(record.line.facts, id)) outputs.push(record);
  }
  return outputs;
}

function holds(value: Json, id: string): boolean {
  if (typeof value !== 'object' || value === null) return value === id;
  return Object.values(value).some((inside) => holds(inside as Json, id));
}
