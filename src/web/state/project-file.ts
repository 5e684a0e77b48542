/** A project as one file: what it says, and which media it is about by their hashes. The media stay where they are. Pure. */
import type { MissingFile, ProjectDocument } from './document.ts';
import { reviveDocument } from './revive-document.ts';

const FORMAT = 'facefusion-project';
/** Raised when an older page could not make sense of a file. */
const VERSION = 1;
export const PROJECT_ENDING = '.facefusion.json';

export interface ProjectFile {
  readonly document: ProjectDocument;
  readonly media: readonly MissingFile[];
}

/** Ids of the assets that a document names, each once. */
export const assetsOf = ({ sources, target, moreTargets }: ProjectDocument): readonly string[] => [
  ...new Set([...sources.flatMap(({ assets }) => assets), ...(target === undefined ? [] : [target]), ...moreTargets]),
];

/** The document with other assets in the place of those that it names. */
export function withAssets(document: ProjectDocument, ids: ReadonlyMap<string, string>): ProjectDocument {
  const other = (id: string): string => ids.get(id) ?? id;
  return {
    ...document,
    sources: document.sources.map((source) => ({ ...source, assets: source.assets.map(other) })),
    target: document.target === undefined ? undefined : other(document.target),
    moreTargets: document.moreTargets.map(other),
    missing: document.missing.filter(({ asset }) => !ids.has(asset)),
  };
}

/**
 * Who agreed is not in it: that was said to the service that the file comes from.
 * @param media of each asset that is known
 */
export const toProjectFile = (document: ProjectDocument, media: readonly MissingFile[]): string =>
  `${JSON.stringify(
    { format: FORMAT, version: VERSION, document: { ...document, consent: undefined, missing: [] }, media },
    undefined,
    2,
  )}\n`;

/** @returns undefined for what is no project, or one of a later version */
export function parseProjectFile(content: string): ProjectFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.format !== FORMAT || value.version !== VERSION) return undefined;
  const document = reviveDocument(value.document);
  const media = Array.isArray(value.media) ? value.media.filter(isMedia) : [];
  return { document: { ...document, consent: undefined, missing: [] }, media };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMedia = (value: unknown): value is MissingFile =>
  isRecord(value) && [value.asset, value.fileName, value.sha256].every((one) => typeof one === 'string');
