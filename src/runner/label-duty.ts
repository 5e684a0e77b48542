/**
 * Outputs without the visible label that the policy asks for: only for somebody who has said with their name that they
 * will label them themselves. The audit log is where that stands.
 * @see Measures for Labelling AI-Generated Synthetic Content, article 9
 */
import { AppError } from '../core/errors.ts';
import { auditFolder } from '../trust/audit/audit-log.ts';
import { readAudit } from '../trust/audit/read-audit.ts';
import { openInstallation } from './persons/installation.ts';

/** How long one may last: whoever goes on takes the duty again. */
const MOST_DAYS = 366;
const DAY_MS = 86_400_000;

export interface LabelDuty {
  /** Number of the audit entry. */
  readonly entry: number;
  readonly until: string;
}

/**
 * Records that an operator takes the duty to label.
 * @param until the last day, such as 2027-03-31
 * @throws OPTION_INVALID for no name, no reason, or a day that is past, no day, or more than a year away; KEYS_UNUSABLE,
 *   AUDIT_BROKEN
 */
export async function acceptLabelDuty(
  { by, reason, until }: { readonly by: string; readonly reason: string; readonly until: string },
  now: Date = new Date(),
): Promise<LabelDuty> {
  for (const [name, text] of Object.entries({ by, reason })) {
    if (text.trim() === '') throw new AppError('OPTION_INVALID', `Expected a text for --${name}, received nothing.`);
  }
  const end = /^\d{4}-\d{2}-\d{2}$/.test(until) ? endOf(until) : Number.NaN;
  if (!(end >= now.getTime() && end <= now.getTime() + MOST_DAYS * DAY_MS)) {
    throw new AppError(
      'OPTION_INVALID',
      `Expected a day within a year, such as 2027-03-31, for --until, received ${until}.`,
    );
  }
  const { audit } = await openInstallation();
  const { seq } = await audit.append({ kind: 'label.duty', facts: { until }, personal: { by, reason } });
  return { entry: seq, until };
}

/**
 * The duty that a run names.
 * @throws POLICY_FORBIDS where the entry is none, is over, or its name was erased
 */
export async function findLabelDuty(entry: number, now: Date = new Date()): Promise<LabelDuty> {
  for await (const { line, personal } of readAudit(auditFolder())) {
    if (line.seq !== entry) continue;
    const { until } = line.facts;
    if (line.kind !== 'label.duty' || typeof until !== 'string') break;
    if (endOf(until) < now.getTime()) throw forbids(`The label duty of entry ${entry} ended on ${until}.`);
    if (personal.by === undefined) throw forbids(`The name in entry ${entry} was erased: nobody stands for it.`);
    return { entry, until };
  }
  throw forbids(`Audit entry ${entry} is no label duty.`);
}

const endOf = (day: string): number => Date.parse(`${day}T23:59:59.999Z`);

const forbids = (message: string): AppError =>
  new AppError('POLICY_FORBIDS', message, { hint: 'facefusion label-duty --by NAME --reason TEXT --until DAY' });
