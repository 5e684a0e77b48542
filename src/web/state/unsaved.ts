/** What was changed right before the page went away: this tab keeps it until the service has it. */
import type { ProjectDocument } from './document.ts';
import { reviveDocument } from './revive-document.ts';

export interface Unsaved {
  /** Undefined: the service has never had it. */
  readonly id: string | undefined;
  /** That the changes were made to. */
  readonly version: string;
  readonly document: ProjectDocument;
}

/** Goes with the tab, as the key does: whoever comes next is shown nothing of it. */
const STORED = 'facefusion.unsaved';

export const putAside = (unsaved: Unsaved): void => sessionStorage.setItem(STORED, JSON.stringify(unsaved));

export const forgetUnsaved = (): void => sessionStorage.removeItem(STORED);

/** @returns undefined where nothing was put aside; also for what is none of ours */
export function readUnsaved(): Unsaved | undefined {
  const text = sessionStorage.getItem(STORED);
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('document' in value) || !('version' in value))
      return undefined;
    const id = 'id' in value && typeof value.id === 'string' ? value.id : undefined;
    return { id, version: String(value.version), document: reviveDocument(value.document) };
  } catch {
    // Cut off, as by a full storage: what the service has is shown.
    return undefined;
  }
}
