/** A project out of what the audit log has recorded of a run: its settings, and its media by their hashes. Pure. */
import { EMPTY_DOCUMENT, type RangeSettings } from './document.ts';
import type { ProjectFile } from './project-file.ts';

/** What things are called whose names nobody has recorded. */
export interface NamesOfEntry {
  readonly person: string;
  readonly target: string;
  /** @param number from 1 */
  readonly source: (number: number) => string;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const words = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

function rangeOf(value: unknown, at: number): RangeSettings[] {
  if (!isRecord(value) || typeof value.start !== 'number' || typeof value.end !== 'number') return [];
  const { start, end, processors, options } = value;
  const own = { ...(isRecord(options) ? options : {}), ...(Array.isArray(processors) ? { processors } : {}) };
  return [{ id: `range${at + 1}`, start, end, off: value.off === true, options: own, mapping: {} }];
}

/**
 * All sources are one person: who became whom is not recorded, nor are the persons of ranges.
 * @param facts of an entry `output.published`
 */
export function projectOfEntry(facts: Readonly<Record<string, unknown>>, names: NamesOfEntry): ProjectFile {
  const recorded = isRecord(facts.options) ? facts.options : {};
  const { ranges, trimFrameStart: start, trimFrameEnd: end, processors: whole, ...options } = recorded;
  const target = typeof facts.target === 'string' ? facts.target : undefined;
  const sources = [...new Set(words(facts.sources))];
  // Where ranges have processors of their own, those of the whole run are told beside them.
  const processors = words(whole ?? facts.processors);
  return {
    document: {
      ...EMPTY_DOCUMENT,
      target,
      sources: sources.length === 0 ? [] : [{ id: 'A', name: names.person, assets: sources }],
      range: typeof start === 'number' && typeof end === 'number' ? { start, end } : undefined,
      ranges: Array.isArray(ranges) ? ranges.flatMap(rangeOf) : [],
      options: processors.length === 0 ? options : { ...options, processors },
    },
    media: [
      ...(target === undefined ? [] : [{ asset: target, fileName: names.target, sha256: target }]),
      ...sources.map((sha256, at) => ({ asset: sha256, fileName: names.source(at + 1), sha256 })),
    ],
  };
}
