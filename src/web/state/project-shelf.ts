/** Projects as the service keeps them. */
import { LANGUAGES, t } from '../i18n/i18n.ts';
import { type ApiError, api, ask, askWhole, type Schemas, tell } from './api.ts';
import type { ProjectDocument } from './document.ts';
import { reviveDocument } from './revive-document.ts';

export type ProjectSummary = Schemas['ProjectSummary'];

export interface KeptProject {
  readonly id: string;
  readonly document: ProjectDocument;
  /** ETag of this state of it: who saves says which one was seen last. */
  readonly version: string;
}

/** Others that a page offers. */
const LISTED = 50;

/** What is changed right before the page is closed is still sent. */
const LAST_WORDS = { keepalive: true } as const;
/** Characters of a project that is; browsers take 64 KiB, and refuse the whole request beyond. */
const LONGEST_LAST_WORDS = 20_000;

const pathOf = (id: string): { readonly path: { readonly id: string } } => ({ path: { id } });

const bodyOf = (document: ProjectDocument): Schemas['ProjectRequest'] => ({
  name: document.name || t('project.untitled'),
  document: { ...document },
  ...(document.target === undefined ? {} : { thumbnail: document.target }),
});

const withLastWords = (body: Schemas['ProjectRequest']): { body: Schemas['ProjectRequest']; keepalive: boolean } => ({
  body,
  keepalive: JSON.stringify(body).length < LONGEST_LAST_WORDS,
});

const keptOf = ({
  data: { id, document },
  response,
}: {
  readonly data: Schemas['Project'];
  readonly response: Response;
}): KeptProject => ({ id, document: reviveDocument(document), version: response.headers.get('etag') ?? '*' });

/** What projects without a name are called, in whatever language they were kept. */
const UNTITLED: readonly string[] = Object.values(LANGUAGES).map((texts) => texts['project.untitled']);

/** Newest first. @throws ApiError */
export async function listProjects(): Promise<readonly ProjectSummary[]> {
  const { projects } = await ask(api().GET('/v1/projects', { params: { query: { limit: LISTED } } }));
  return projects.map((one) => (UNTITLED.includes(one.name) ? { ...one, name: t('project.untitled') } : one));
}

/** @returns undefined where there is none (any more) */
export async function loadProject(id: string): Promise<KeptProject | undefined> {
  try {
    return keptOf(await askWhole(api().GET('/v1/projects/{id}', { params: pathOf(id) })));
  } catch (error) {
    if (isCode(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

export const createProject = async (document: ProjectDocument): Promise<KeptProject> =>
  keptOf(await askWhole(api().POST('/v1/projects', withLastWords(bodyOf(document)))));

/**
 * @param seen version that it was read or saved as; `*`: whatever is there is overwritten
 * @throws ApiError PRECONDITION_FAILED where somebody else has saved it since
 */
export async function saveProject(id: string, document: ProjectDocument, seen: string): Promise<KeptProject> {
  const params = { ...pathOf(id), header: { 'if-match': seen } };
  return keptOf(await askWhole(api().PUT('/v1/projects/{id}', { params, ...withLastWords(bodyOf(document)) })));
}

export const deleteProject = (id: string): Promise<void> =>
  tell(api().DELETE('/v1/projects/{id}', { params: pathOf(id), ...LAST_WORDS }));

export const isCode = (error: unknown, code: ApiError['code']): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
