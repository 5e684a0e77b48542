/** Projects as the service keeps them. */

import { toApiError } from '../../client/api-error.ts';
import { t } from '../i18n/i18n.ts';
import { type ApiError, authorization, isOnline, needsKey } from './api.ts';
import type { ProjectDocument } from './document.ts';
import { reviveDocument } from './revive-document.ts';

export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly updatedAt: string;
  /** An asset that stands for it. */
  readonly thumbnail?: string;
}

export interface KeptProject {
  readonly id: string;
  readonly document: ProjectDocument;
  /** ETag of this state of it: who saves says which one was seen last. */
  readonly version: string;
}

/** Others that a page offers. */
const LISTED = 50;

/** Bytes that browsers send for a page that is gone are 64 KiB; letters may take three. */
const LONGEST_LATE = 20_000;

/** @throws ApiError; a TypeError where the service does not answer */
async function call(
  path: string,
  method: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  const content = body ? JSON.stringify(body) : '';
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        ...authorization(),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      // What is changed right before the page is closed is still sent.
      keepalive: method !== 'GET' && content.length < LONGEST_LATE,
      ...(body ? { body: content } : {}),
    });
  } catch (error) {
    isOnline.value = false;
    throw error;
  }
  isOnline.value = true;
  if (response.status === 401) needsKey.value = true;
  if (!response.ok) throw await toApiError(response);
  return response;
}

const addressOf = (id: string): string => `/v1/projects/${encodeURIComponent(id)}`;

const bodyOf = (document: ProjectDocument): object => ({
  name: document.name || t('project.untitled'),
  document,
  ...(document.target === undefined ? {} : { thumbnail: document.target }),
});

async function keptOf(response: Response): Promise<KeptProject> {
  const { id, document } = (await response.json()) as { readonly id: string; readonly document: unknown };
  return { id, document: reviveDocument(document), version: response.headers.get('etag') ?? '*' };
}

/** Newest first. */
export async function listProjects(): Promise<readonly ProjectSummary[]> {
  const response = await call(`/v1/projects?limit=${LISTED}`, 'GET');
  return ((await response.json()) as { readonly projects: readonly ProjectSummary[] }).projects;
}

/** @returns undefined where there is none (any more) */
export async function loadProject(id: string): Promise<KeptProject | undefined> {
  try {
    return await keptOf(await call(addressOf(id), 'GET'));
  } catch (error) {
    if (isCode(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

export const createProject = async (document: ProjectDocument): Promise<KeptProject> =>
  keptOf(await call('/v1/projects', 'POST', bodyOf(document)));

/**
 * @param seen version that it was read or saved as; `*`: whatever is there is overwritten
 * @throws ApiError PRECONDITION_FAILED where somebody else has saved it since
 */
export const saveProject = async (id: string, document: ProjectDocument, seen: string): Promise<KeptProject> =>
  keptOf(await call(addressOf(id), 'PUT', bodyOf(document), { 'if-match': seen }));

export async function deleteProject(id: string): Promise<void> {
  await call(addressOf(id), 'DELETE');
}

export const isCode = (error: unknown, code: ApiError['code']): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
