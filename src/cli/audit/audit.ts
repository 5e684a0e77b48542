/** What `facefusion audit` prints. */
import { AppError } from '../../core/errors.ts';
import {
  type AuditFilter,
  eraseExpired,
  eraseValues,
  exportAudit,
  listAudit,
  showEntry,
  signNow,
  verifyLog,
  writeProof,
} from '../../runner/audit-log.ts';
import type { AuditRecord } from '../../trust/audit/read-audit.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export async function list(terminal: Terminal, filter: AuditFilter): Promise<void> {
  const entries = await listAudit(filter);
  terminal.result('audit list', { entries: entries.map(toJson) }, () => {
    if (entries.length === 0) terminal.say('There is no such entry.');
    else for (const line of formatTable([HEAD, ...entries.map(toRow)])) terminal.data(line);
  });
}

export async function show(terminal: Terminal, seq: number): Promise<void> {
  const entry = await showEntry(seq);
  terminal.result('audit show', toJson(entry), () => terminal.data(JSON.stringify(toJson(entry), null, 2)));
}

/** @throws AUDIT_BROKEN, after the faults have been printed */
export async function verify(terminal: Terminal): Promise<void> {
  const { faults, ...verdict } = await verifyLog();
  terminal.result('audit verify', { ...verdict, faults }, () => {
    for (const { seq, offset, message } of faults) {
      const where = [seq === undefined ? '' : `entry ${seq}`, offset === undefined ? '' : `byte ${offset}`];
      terminal.data([...where.filter((part) => part !== ''), message].join(': '));
    }
    if (!verdict.ok) return;
    terminal.say(`All ${verdict.lines} entries are as they were written.`);
    terminal.say(`${verdict.checkpoints} signed checkpoints cover the first ${verdict.covered}.`);
    if (verdict.erased > 0) terminal.say(`Personal values of ${verdict.erased} were erased, as the log says.`);
  });
  if (!verdict.ok) {
    throw new AppError('AUDIT_BROKEN', `The audit log is not as it was written: ${faults[0]?.message ?? 'unknown'}`, {
      hint: 'Restore it from a copy, and find out who can write to its folder.',
    });
  }
}

export async function prove(terminal: Terminal, seq: number, file: string): Promise<void> {
  const { size, root } = await writeProof(seq, file);
  terminal.result('audit prove', { seq, file, size, root }, () => {
    terminal.data(file);
    terminal.say(`Whoever has the checkpoint in it can see that entry ${seq} is among the first ${size}.`);
  });
}

export async function exportTo(terminal: Terminal, file: string, personal: boolean): Promise<void> {
  const entries = await exportAudit(file, personal);
  terminal.result('audit export', { file, entries }, () => terminal.say(`Wrote ${entries} entries to ${file}.`));
}

export async function checkpoint(terminal: Terminal): Promise<void> {
  const text = await signNow();
  terminal.result('audit checkpoint', { checkpoint: text }, () => terminal.data(text.trimEnd()));
}

export async function erase(terminal: Terminal, name: string, value: string, by: string): Promise<void> {
  const entries = await eraseValues(name, value, by);
  terminal.result('audit erase', { entries }, () =>
    terminal.say(`Erased the personal values of ${entries} ${entries === 1 ? 'entry' : 'entries'}.`),
  );
}

export async function expire(terminal: Terminal, by: string): Promise<void> {
  const entries = await eraseExpired(by);
  terminal.result('audit expire', { entries }, () =>
    terminal.say(`Erased the personal values of ${entries} ${entries === 1 ? 'entry' : 'entries'}.`),
  );
}

const HEAD = ['ENTRY', 'TIME', 'KIND', 'JOB', 'WHAT', 'WHO'];

function toRow({ line: { seq, time, kind, facts }, personal }: AuditRecord): string[] {
  const what =
    facts.code ?? (Array.isArray(facts.processors) ? facts.processors.join(' ') : (facts.person ?? facts.consent));
  const who = personal.output ?? personal.target ?? personal.name ?? personal.subject;
  return [String(seq), time.slice(0, 19), kind, String(facts.job ?? '-'), String(what ?? '-'), who ?? '-'];
}

const toJson = ({ line, personal }: AuditRecord): Readonly<Record<string, unknown>> => ({ ...line, values: personal });
