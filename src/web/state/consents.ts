/** Who agreed, as the project and the audit log keep it. */
import { project } from './document.ts';

/** All who are shown, in writing; only who asks; nobody who lives. */
export type ConsentKind = 'written' | 'self' | 'synthetic';

/**
 * Keeps the answer.
 * @param reference number of a release or a contract; may be empty
 * @throws ApiError
 */
export async function stateConsent(kind: ConsentKind, _reference: string): Promise<void> {
  project.change('change.consent', (document) => ({
    ...document,
    consent: { kind, at: new Date().toISOString(), entry: undefined },
  }));
}
