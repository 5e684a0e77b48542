/** Entries as somebody looks at them, proofs that an entry is in the log, and the erasure of personal values. */
import { AppError } from '../../core/errors.ts';
import { withFileLock } from '../../core/files/file-lock.ts';
import { type AuditLine, type PersonalRecord, personalHash } from './audit-entry.ts';
import { AUDIT_LOCK, type AuditLog, parseLine, replaceLog } from './audit-log.ts';
import { logFiles, readLines } from './log-files.ts';
import { inclusionProof, leafHash, rootFromProof, rootOf } from './merkle.ts';

/** An entry with the personal values that have not been erased. */
export interface AuditRecord {
  readonly line: AuditLine;
  readonly personal: Readonly<Record<string, string>>;
}

/**
 * Entries in order. Memory is bounded by the number of personal records.
 * @throws AUDIT_BROKEN at a line that cannot be read
 */
export async function* readAudit(folder: string): AsyncGenerator<AuditRecord, void, void> {
  const files = logFiles(folder);
  const personal = new Map<number, PersonalRecord>();
  for await (const { bytes, isWhole } of readLines(files.personal)) {
    if (!isWhole) break;
    const record = JSON.parse(bytes.toString('utf8')) as PersonalRecord;
    personal.set(record.seq, record);
  }
  for await (const { bytes, isWhole, offset } of readLines(files.log)) {
    if (!isWhole) return;
    const line = parseLine(bytes);
    if (!line) throw damaged(folder, offset);
    yield { line, personal: personal.get(line.seq)?.values ?? {} };
  }
}

/** That one entry is among the first `size` ones. */
export interface InclusionProof {
  readonly seq: number;
  readonly size: number;
  /** The line itself, as text. */
  readonly line: string;
  /** Hexadecimal. */
  readonly proof: readonly string[];
  readonly root: string;
}

/**
 * Proves to somebody who has a checkpoint, and nothing else of the log, that an entry was in it.
 * @param size of the checkpoint; default: all lines
 * @throws OPTION_INVALID where there is no such entry
 */
export async function proveEntry(folder: string, seq: number, size?: number): Promise<InclusionProof> {
  const leaves: Buffer[] = [];
  let text: string | undefined;
  for await (const { bytes, isWhole } of readLines(logFiles(folder).log)) {
    if (!isWhole || leaves.length === size) break;
    if (leaves.length === seq) text = bytes.toString('utf8');
    leaves.push(leafHash(bytes));
  }
  if (text === undefined || (size !== undefined && leaves.length < size)) {
    throw new AppError('OPTION_INVALID', `Expected an entry below ${leaves.length}, received ${seq}.`);
  }
  return {
    ...{ seq, size: leaves.length, line: text },
    proof: inclusionProof(leaves, seq, leaves.length).map((hash) => hash.toString('hex')),
    root: rootOf(leaves).toString('hex'),
  };
}

/** Whether a proof leads to its root; compare that with a checkpoint's. */
export function checkProof({ seq, size, line, proof, root }: InclusionProof): boolean {
  const hashes = proof.map((hash) => Buffer.from(hash, 'hex'));
  return rootFromProof(leafHash(Buffer.from(line)), seq, size, hashes)?.toString('hex') === root;
}

/**
 * Erases every personal value of a subject: those of the entries in which `name` has this value. The chain stays whole;
 * an entry says how many were erased, and by whom.
 * @returns number of entries whose personal values are gone
 */
export const erasePersonal = (log: AuditLog, name: string, value: string, operator: string): Promise<number> =>
  eraseWhere(log, { operator }, ({ salt, values }) => {
    const own = values[name];
    return own !== undefined && personalHash(salt, own) === personalHash(salt, value);
  });

/**
 * Erases the personal values of all entries that are older than a moment, as a policy's retention asks for.
 * @returns number of entries whose personal values are gone
 */
export async function eraseBefore(log: AuditLog, moment: Date, operator: string): Promise<number> {
  // Times never go back in a log.
  let firstKept = 0;
  for await (const { line } of readAudit(log.folder)) {
    if (Date.parse(line.time) >= moment.getTime()) break;
    firstKept = line.seq + 1;
  }
  return eraseWhere(log, { operator, before: moment.toISOString() }, ({ seq }) => seq < firstKept);
}

async function eraseWhere(
  log: AuditLog,
  facts: Readonly<Record<string, string>>,
  isErased: (record: PersonalRecord) => boolean,
): Promise<number> {
  const files = logFiles(log.folder);
  const entries: number[] = [];
  await withFileLock(files.lock, AUDIT_LOCK, async () => {
    const kept: string[] = [];
    for await (const { bytes } of readLines(files.personal)) {
      const text = bytes.toString('utf8');
      const record = JSON.parse(text) as PersonalRecord;
      if (isErased(record)) entries.push(record.seq);
      else kept.push(`${text}\n`);
    }
    if (entries.length > 0) await replaceLog(files.personal, kept.join(''));
  });
  if (entries.length > 0) await log.append({ kind: 'personal.erased', facts: { ...facts, entries } });
  return entries.length;
}

const damaged = (folder: string, offset: number): AppError =>
  new AppError('AUDIT_BROKEN', `The audit log in ${folder} is damaged at byte ${offset}.`, {
    hint: 'See what else: facefusion audit verify',
  });
