/** The work of `facefusion consent`. Every change is in the audit log before it is in the file. */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { PROCESSOR_IDS } from '../../core/processor-options/processor-options.ts';
import { closest } from '../../core/suggest.ts';
import type { AuditRecord } from '../../trust/audit/read-audit.ts';
import { ANY_USE, type Consent, type ConsentState, consentState } from '../../trust/consent/consent-record.ts';
import { type ConsentPlace, changeConsents, readConsents } from '../../trust/consent/consent-store.ts';
import { outputsOfConsent } from '../../trust/consent/outputs-of-consent.ts';
import { writeNew } from './blocklist.ts';
import { embedPersons, PERSON_RECOGNISER, sha256OfFile } from './embed-persons.ts';
import { type Installation, openInstallation } from './installation.ts';

/** A consent as it is shown: without embeddings. */
export type ShownConsent = Omit<Consent, 'embeddings'> & { readonly photos: number; readonly state: ConsentState };

function toShown(consent: Consent, now: Date): ShownConsent {
  const { embeddings, ...shown } = consent;
  // By what it covers it is for its own uses.
  return { ...shown, photos: embeddings.length, state: consentState(consent, consent.uses, now) };
}

export interface NewConsent {
  /** Pseudonym of the person. */
  readonly subject: string;
  readonly photos: readonly string[];
  /** Processors, purposes that begin with `x-`, or `any`. */
  readonly uses: readonly string[];
  /** A day, `2027-12-31`, to its end in UTC, or a moment in ISO 8601. */
  readonly until: string;
  /** File that shows the agreement. Only its hash is kept. */
  readonly evidence: string;
  readonly by: string;
}

/**
 * Enters a consent.
 * @throws OPTION_INVALID; INPUT_NOT_FOUND; as `embedPersons`; KEYS_UNUSABLE, MODEL_IO_MISMATCH, OUTPUT_FAILED, AUDIT_BROKEN
 */
export async function addConsent(
  wanted: NewConsent,
  signal?: AbortSignal,
  environment?: NodeJS.ProcessEnv,
): Promise<ShownConsent> {
  const now = new Date();
  const subject = checkText('a subject', wanted.subject);
  const enteredBy = checkText('--by', wanted.by);
  const uses = checkUses(wanted.uses);
  const until = parseUntil(wanted.until, now);
  const evidenceSha256 = await sha256OfFile(wanted.evidence);
  const embeddings = [...(await embedPersons(wanted.photos, signal))];
  const installation = await openInstallation(environment);
  const consent: Consent = {
    ...{ id: `c-${randomBytes(6).toString('hex')}`, subject, embeddings, uses, until, evidenceSha256 },
    ...{ enteredBy, enteredAt: now.toISOString() },
  };
  return changeConsents(placeOf(installation), async (consents) => {
    await installation.audit.append({
      kind: 'consent.added',
      facts: { consent: consent.id, uses, until, evidenceSha256, recogniser: PERSON_RECOGNISER },
      personal: { subject, operator: enteredBy },
    });
    return { consents: [...consents, consent], result: toShown(consent, now) };
  });
}

export async function listConsents(environment?: NodeJS.ProcessEnv): Promise<readonly ShownConsent[]> {
  const now = new Date();
  const { consents } = await readConsents(placeOf(await openInstallation(environment)));
  return consents.map((consent) => toShown(consent, now));
}

/**
 * Revokes a consent from now on.
 * @returns it, and every output that was made with it
 * @throws OPTION_INVALID for one that is not there or has been revoked; AUDIT_BROKEN
 */
export async function revokeConsent(
  id: string,
  by: string,
  environment?: NodeJS.ProcessEnv,
): Promise<{ readonly consent: ShownConsent; readonly outputs: readonly AuditRecord[] }> {
  const now = new Date();
  const operator = checkText('--by', by);
  const installation = await openInstallation(environment);
  const consent = await changeConsents(placeOf(installation), async (consents) => {
    const found = consents.find((one) => one.id === id);
    if (!found) throw unknownConsent(id, consents);
    if (found.revoked) {
      throw new AppError('OPTION_INVALID', `Consent ${id} was revoked at ${found.revoked.at}.`, {
        hint: `Outputs that were made with it: facefusion consent outputs ${id}`,
      });
    }
    await installation.audit.append({
      kind: 'consent.revoked',
      facts: { consent: id },
      personal: { subject: found.subject, operator },
    });
    const revoked: Consent = { ...found, revoked: { at: now.toISOString(), by: operator } };
    return {
      consents: consents.map((one) => (one.id === id ? revoked : one)),
      result: toShown(revoked, now),
    };
  });
  return { consent, outputs: await outputsOfConsent(installation.audit.folder, id) };
}

/** Outputs that were made with a consent. @throws OPTION_INVALID, AUDIT_BROKEN */
export async function consentOutputs(id: string, environment?: NodeJS.ProcessEnv): Promise<readonly AuditRecord[]> {
  const installation = await openInstallation(environment);
  const { consents } = await readConsents(placeOf(installation));
  if (!consents.some((consent) => consent.id === id)) throw unknownConsent(id, consents);
  return outputsOfConsent(installation.audit.folder, id);
}

/** Writes all consents as JSON, without embeddings. @throws OUTPUT_EXISTS, OUTPUT_FAILED */
export async function exportConsents(file: string, environment?: NodeJS.ProcessEnv): Promise<number> {
  const consents = await listConsents(environment);
  await writeNew(file, `${JSON.stringify({ format: 'facefusion-consents-1', consents }, null, 2)}\n`);
  return consents.length;
}

const placeOf = ({ keys, environment }: Installation): ConsentPlace => ({
  ...{ vault: keys.vault, recogniser: PERSON_RECOGNISER, environment },
});

function checkText(what: string, value: string): string {
  const text = value.trim();
  if (text !== '' && text.length <= 200) return text;
  throw new AppError('OPTION_INVALID', `Expected 1..200 letters for ${what}, received ${text.length}.`);
}

function checkUses(uses: readonly string[]): string[] {
  const known = [...PROCESSOR_IDS, ANY_USE] as readonly string[];
  for (const use of uses) {
    if (known.includes(use) || /^x-[a-z0-9][a-z0-9-]{0,60}$/.test(use)) continue;
    const near = closest(use, known);
    throw new AppError('OPTION_INVALID', `Expected a processor, x-PURPOSE or ${ANY_USE} for --use, received ${use}.`, {
      hint: near === undefined ? `Processors: ${PROCESSOR_IDS.join(', ')}` : `Did you mean ${near}?`,
    });
  }
  return [...new Set(uses)];
}

function parseUntil(text: string, now: Date): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  const moment = isDay || isMoment ? Date.parse(isDay ? `${text}T23:59:59.999Z` : text) : Number.NaN;
  if (Number.isNaN(moment) || (isDay && new Date(moment).toISOString().slice(0, 10) !== text)) {
    throw new AppError('OPTION_INVALID', `Expected a day such as 2027-12-31 for --until, received ${text}.`);
  }
  if (moment <= now.getTime()) {
    throw new AppError('OPTION_INVALID', `Expected a day to come for --until, received ${text}.`);
  }
  return new Date(moment).toISOString();
}

function unknownConsent(id: string, consents: readonly Consent[]): AppError {
  const near = closest(
    id,
    consents.map((consent) => consent.id),
  );
  return new AppError('OPTION_INVALID', `There is no consent ${id}.`, {
    hint: near === undefined ? 'See: facefusion consent list' : `Did you mean ${near}?`,
  });
}
