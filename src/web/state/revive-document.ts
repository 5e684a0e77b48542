/** A document as it was kept, with what newer ones have besides. */
import { EMPTY_DOCUMENT, type ProjectDocument } from './document.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of what is no document at all: an empty one. JSON leaves out what is undefined, and so it is filled in here. */
export function reviveDocument(value: unknown): ProjectDocument {
  if (!isRecord(value)) return EMPTY_DOCUMENT;
  const known = Object.fromEntries(
    Object.entries(value).filter(([name, one]) => {
      if (!(name in EMPTY_DOCUMENT) || one === null) return false;
      const empty: unknown = EMPTY_DOCUMENT[name as keyof ProjectDocument];
      return empty === undefined || (Array.isArray(empty) === Array.isArray(one) && typeof empty === typeof one);
    }),
  );
  const document = { ...EMPTY_DOCUMENT, ...known };
  return { ...document, people: { ...EMPTY_DOCUMENT.people, ...document.people } };
}
