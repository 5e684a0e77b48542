/** Where projects are kept. */
import { EMPTY_DOCUMENT, type ProjectDocument } from './document.ts';

export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly changedAt: string;
  /** An asset that stands for it. */
  readonly target: string | undefined;
}

export interface KeptProject {
  readonly document: ProjectDocument;
  /** Names this state of it: who saves says which one was seen last. */
  readonly version: string;
}

/** Somebody else has saved it since. */
export class ConflictError extends Error {}

export interface ProjectShelf {
  /** Newest first. */
  list(): Promise<readonly ProjectSummary[]>;
  /** @returns undefined where there is none (any more) */
  load(id: string): Promise<KeptProject | undefined>;
  /**
   * @param seen version that it was read or saved as; undefined: whatever is there is overwritten
   * @returns the new version
   * @throws ConflictError
   */
  save(id: string, document: ProjectDocument, seen: string | undefined): Promise<string>;
  remove(id: string): Promise<void>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A document as it was kept, with what newer ones have besides. */
export function reviveDocument(value: unknown): ProjectDocument {
  if (!isRecord(value)) return EMPTY_DOCUMENT;
  const known = Object.fromEntries(Object.entries(value).filter(([name]) => name in EMPTY_DOCUMENT));
  return { ...EMPTY_DOCUMENT, ...known };
}

interface Entry {
  readonly document: unknown;
  readonly version: string;
  readonly changedAt: string;
}

const PREFIX = 'facefusion.project.';

function read(id: string): Entry | undefined {
  const text = localStorage.getItem(PREFIX + id);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as Entry;
  } catch {
    // Cut off while it was written: none.
    return undefined;
  }
}

/** In this browser. Tabs see each other's changes. */
export const localShelf: ProjectShelf = {
  async list() {
    const ids = Object.keys(localStorage).flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : []));
    return ids
      .flatMap((id) => {
        const entry = read(id);
        if (!entry) return [];
        const { name, target } = reviveDocument(entry.document);
        return [{ id, name, changedAt: entry.changedAt, target }];
      })
      .sort((a, b) => (a.changedAt < b.changedAt ? 1 : -1));
  },
  async load(id) {
    const entry = read(id);
    return entry && { document: reviveDocument(entry.document), version: entry.version };
  },
  async save(id, document, seen) {
    const before = read(id);
    if (seen !== undefined && before && before.version !== seen) throw new ConflictError();
    const version = String(Number(before?.version ?? 0) + 1);
    const entry: Entry = { document, version, changedAt: new Date().toISOString() };
    localStorage.setItem(PREFIX + id, JSON.stringify(entry));
    return version;
  },
  async remove(id) {
    localStorage.removeItem(PREFIX + id);
  },
};
