/** The work of `facefusion audit`: looking at what was recorded, proving it, and erasing personal values. */
import { AppError } from '../core/errors.ts';
import { AUDIT_KINDS, type AuditKind } from '../trust/audit/audit-entry.ts';
import { auditFolder } from '../trust/audit/audit-log.ts';
import {
  type AuditRecord,
  eraseBefore,
  erasePersonal,
  type InclusionProof,
  proveEntry,
  readAudit,
} from '../trust/audit/read-audit.ts';
import { type AuditVerdict, verifyAudit } from '../trust/audit/verify-audit.ts';
import { readPolicy } from '../trust/policy/read-policy.ts';
import { writeNew } from './persons/blocklist.ts';
import { openInstallation } from './persons/installation.ts';

const DAY_MS = 86_400_000;

/** Which entries to show; all conditions must hold. */
export interface AuditFilter {
  readonly kind?: string | undefined;
  /** As the invisible mark says it: eight hexadecimal digits. */
  readonly job?: string | undefined;
  /** A day or a moment, ISO 8601: entries from then on. */
  readonly since?: string | undefined;
  /** The newest so many. */
  readonly limit?: number | undefined;
}

/**
 * Entries in order, oldest first. Memory is bounded by `limit` where there is one.
 * @throws OPTION_INVALID for an unknown kind or a date that is none; AUDIT_BROKEN
 */
export async function listAudit({ kind, job, since, limit }: AuditFilter): Promise<readonly AuditRecord[]> {
  if (kind !== undefined && !(AUDIT_KINDS as readonly string[]).includes(kind)) {
    throw new AppError('OPTION_INVALID', `Expected ${AUDIT_KINDS.join(', ')} for --kind, received ${kind}.`);
  }
  const from = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
  if (Number.isNaN(from)) {
    throw new AppError('OPTION_INVALID', `Expected a date such as 2026-11-24 for --since, received ${since}.`);
  }
  const found: AuditRecord[] = [];
  for await (const record of readAudit(auditFolder())) {
    const { line } = record;
    if (kind !== undefined && line.kind !== (kind as AuditKind)) continue;
    if (job !== undefined && line.facts.job !== job) continue;
    if (Date.parse(line.time) < from) continue;
    found.push(record);
    if (limit !== undefined && found.length > limit) found.shift();
  }
  return found;
}

/** @throws OPTION_INVALID where there is no such entry; AUDIT_BROKEN */
export async function showEntry(seq: number): Promise<AuditRecord> {
  let count = 0;
  for await (const record of readAudit(auditFolder())) {
    if (record.line.seq === seq) return record;
    count++;
  }
  throw new AppError('OPTION_INVALID', `Expected an entry below ${count}, received ${seq}.`);
}

/** Compares every line with the chain, the tree and the signed checkpoints. @throws KEYS_UNUSABLE */
export async function verifyLog(): Promise<AuditVerdict> {
  const { keys } = await openInstallation();
  return verifyAudit(auditFolder(), keys.audit);
}

/** Writes the proof that an entry is in the log as it is now. @throws OPTION_INVALID, OUTPUT_EXISTS, OUTPUT_FAILED */
export async function writeProof(seq: number, file: string): Promise<InclusionProof> {
  const { audit } = await openInstallation();
  const checkpoint = await audit.checkpoint();
  const proof = await proveEntry(auditFolder(), seq);
  await writeNew(file, `${JSON.stringify({ ...proof, checkpoint }, null, 2)}\n`);
  return proof;
}

/**
 * Writes the log as JSON, one entry a line.
 * @param personal also the values that say who somebody is
 * @returns number of entries
 */
export async function exportAudit(file: string, personal: boolean): Promise<number> {
  const lines: string[] = [];
  for await (const record of readAudit(auditFolder())) {
    lines.push(JSON.stringify(personal ? { ...record.line, values: record.personal } : record.line));
  }
  await writeNew(file, lines.map((line) => `${line}\n`).join(''));
  return lines.length;
}

/** Signs the log as it is now. @returns five lines of text, to be kept where nobody of this machine can write */
export async function signNow(): Promise<string> {
  return (await openInstallation()).audit.checkpoint();
}

/**
 * Erases personal values for good; the chain stays whole and says that it was done.
 * @param name of the value: `operator`, `target`, `sources`, `output`, `subject`, `name`
 * @returns number of entries that held it
 */
export async function eraseValues(name: string, value: string, operator: string): Promise<number> {
  return erasePersonal((await openInstallation()).audit, name, value, operator);
}

/**
 * Erases personal values that are older than the policy keeps them.
 * @returns number of entries
 * @throws POLICY_INVALID, KEYS_UNUSABLE, AUDIT_BROKEN
 */
export async function eraseExpired(operator: string, now: Date = new Date()): Promise<number> {
  const { policy } = await readPolicy();
  const moment = new Date(now.getTime() - policy.audit.retentionDays * DAY_MS);
  return eraseBefore((await openInstallation()).audit, moment, operator);
}
