/** Who agreed, as the project and the audit log keep it. */

import { api, ask, ownError, type Schemas } from './api.ts';
import { project } from './document.ts';
import { keptId } from './projects.ts';

export type ConsentKind = Schemas['StatementRequest']['kind'];

/**
 * Writes the answer to the audit log, and keeps its entry in the project.
 * @param reference number of a release or a contract; may be empty
 * @throws ApiError
 */
export async function stateConsent(kind: ConsentKind, reference: string): Promise<void> {
  const id = await keptId();
  if (id === undefined) throw ownError('OFFLINE');
  const body = { project: id, kind, ...(reference === '' ? {} : { note: reference }) };
  const { entry, at } = await ask(api().POST('/v1/consents/statements', { body }));
  project.change('change.consent', (document) => ({ ...document, consent: { kind, at, entry } }));
}
