/** What `facefusion consent` prints. */
import {
  addConsent,
  consentOutputs,
  exportConsents,
  listConsents,
  type NewConsent,
  revokeConsent,
} from '../../runner/persons/consent.ts';
import type { AuditRecord } from '../../trust/audit/read-audit.ts';
import { formatTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export async function add(terminal: Terminal, wanted: NewConsent, signal: AbortSignal): Promise<void> {
  const consent = await addConsent(wanted, signal);
  terminal.result('consent add', { consent }, () => {
    terminal.data(consent.id);
    terminal.say(`${consent.subject} agrees to ${consent.uses.join(', ')} until ${consent.until.slice(0, 10)}.`);
  });
}

export async function list(terminal: Terminal): Promise<void> {
  const consents = await listConsents();
  terminal.result('consent list', { consents }, () => {
    if (consents.length === 0) terminal.say('There is no consent.');
    else {
      const rows = consents.map((consent) => [
        ...[consent.id, consent.state, consent.until.slice(0, 10), consent.uses.join(' '), consent.enteredBy],
        consent.subject,
      ]);
      const head = ['ID', 'STATE', 'UNTIL', 'USES', 'ENTERED BY', 'SUBJECT'];
      for (const line of formatTable([head, ...rows])) terminal.data(line);
    }
  });
}

export async function revoke(terminal: Terminal, id: string, by: string): Promise<void> {
  const { consent, outputs } = await revokeConsent(id, by);
  terminal.result('consent revoke', { consent, outputs: outputs.map(toJson) }, () => {
    terminal.say(`Revoked ${id} of ${consent.subject}.`);
    showOutputs(terminal, outputs);
  });
}

export async function outputs(terminal: Terminal, id: string): Promise<void> {
  const found = await consentOutputs(id);
  terminal.result('consent outputs', { id, outputs: found.map(toJson) }, () => showOutputs(terminal, found));
}

export async function exportTo(terminal: Terminal, file: string): Promise<void> {
  const consents = await exportConsents(file);
  terminal.result('consent export', { file, consents }, () =>
    terminal.say(`Wrote ${consents} ${consents === 1 ? 'consent' : 'consents'} to ${file}.`),
  );
}

function showOutputs(terminal: Terminal, found: readonly AuditRecord[]): void {
  terminal.say(`${found.length} ${found.length === 1 ? 'output was' : 'outputs were'} made with it.`);
  for (const { line, personal } of found) {
    terminal.data([`entry ${line.seq}`, line.time, ...Object.values(personal)].join('  '));
  }
}

const toJson = ({ line, personal }: AuditRecord) => ({
  ...{ seq: line.seq, time: line.time, facts: line.facts, personal },
});
