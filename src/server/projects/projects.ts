/** What pages keep of their work: a document of their own a project, changed only by whoever has seen its newest state. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { isId, newId } from '../../core/ids.ts';
import { assetsIn, dropProjectAssets, holdProjectAssets, releaseProjectAssets } from '../../jobs/project-assets.ts';
import type { Store, StoredDocument } from '../../jobs/store/store.ts';

const KIND = 'project';
/** Bytes of a document as JSON. */
const MOST_BYTES = 256 * 1024;
/** Of a tenant. */
const MOST_PROJECTS = 1000;

const valueSchema = z.object({
  name: z.string(),
  document: z.record(z.string(), z.unknown()),
  thumbnail: z.string().optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

/** What its owner writes. */
export interface ProjectContent {
  readonly name: string;
  readonly document: Readonly<Record<string, unknown>>;
  readonly thumbnail?: string | undefined;
}

export interface Project extends ProjectContent {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Rises with each change. */
  readonly version: number;
}

/** Everything of another tenant is not found, as what never was. */
export interface Projects {
  /** @throws INPUT_TOO_LARGE, QUOTA_EXCEEDED */
  create(tenant: string, content: ProjectContent): Promise<Project>;
  /** @throws NOT_FOUND */
  get(tenant: string, id: string): Promise<Project>;
  list(
    tenant: string,
    page: { readonly limit: number; readonly after?: number | undefined },
  ): Promise<{ readonly projects: readonly Project[]; readonly next?: number }>;
  /**
   * @param seen version that the change was made from; undefined: any
   * @throws NOT_FOUND; PRECONDITION_FAILED where it has changed since; INPUT_TOO_LARGE
   */
  change(tenant: string, id: string, content: ProjectContent, seen: number | undefined): Promise<Project>;
  /** @throws NOT_FOUND */
  remove(tenant: string, id: string): Promise<void>;
}

/** @param keepHours for which an upload that nobody needs is kept */
export function createProjects(store: Store, keepHours: number): Projects {
  const keepMs = keepHours === 0 ? Number.POSITIVE_INFINITY : keepHours * 3_600_000;

  const read = async (tenant: string, id: string): Promise<Project> => {
    const document = isId(KIND, id) ? await store.read(KIND, id) : undefined;
    if (document?.tenant !== tenant) throw noProject(id);
    return toProject(document);
  };

  const release = (tenant: string, before: ProjectContent): Promise<void> =>
    releaseProjectAssets(store, tenant, assetsOf(before), { now: Date.now(), keepMs });

  return {
    get: read,

    async create(tenant, content) {
      checkSize(content);
      const counts = Object.values(await store.count(KIND, tenant));
      if (counts.reduce((sum, count) => sum + count, 0) >= MOST_PROJECTS) {
        throw new AppError('QUOTA_EXCEEDED', `Expected at most ${MOST_PROJECTS} projects.`, {
          hint: 'Remove some that are not needed any more.',
        });
      }
      const id = newId(KIND);
      const at = new Date().toISOString();
      await holdProjectAssets(store, { project: id, tenant, assets: assetsOf(content) }, Date.now());
      await store.create(KIND, {
        ...{ id, tenant, state: 'kept' },
        value: { ...content, createdAt: at, updatedAt: at },
      });
      return read(tenant, id);
    },

    async list(tenant, { limit, after }) {
      const documents = await store.list(KIND, {
        ...{ tenant, limit: limit + 1, newestFirst: true },
        ...(after === undefined ? {} : { after }),
      });
      const page = documents.slice(0, limit);
      const last = page.at(-1);
      return {
        projects: page.map(toProject),
        ...(documents.length > limit && last ? { next: last.sequence } : {}),
      };
    },

    async change(tenant, id, content, seen) {
      checkSize(content);
      const before = await read(tenant, id);
      if (seen !== undefined && before.version !== seen) throw stale(id);
      // Both what was and what will be: whichever of two writers wins, nothing that it names is missing.
      const assets = [...new Set([...assetsOf(before), ...assetsOf(content)])];
      await holdProjectAssets(store, { project: id, tenant, assets }, Date.now());
      let isStale = false;
      const changed = await store.update(KIND, id, (current) => {
        isStale = seen !== undefined && current.version !== seen;
        if (isStale) return undefined;
        const { createdAt } = valueSchema.parse(current.value);
        return { state: 'kept', value: { ...content, createdAt, updatedAt: new Date().toISOString() } };
      });
      if (!changed) throw noProject(id);
      const project = toProject(changed);
      await holdProjectAssets(store, { project: id, tenant, assets: assetsOf(project) }, Date.now());
      if (isStale) throw stale(id);
      await release(tenant, before);
      return project;
    },

    async remove(tenant, id) {
      const project = await read(tenant, id);
      await store.remove(KIND, id);
      await dropProjectAssets(store, id);
      await release(tenant, project);
    },
  };
}

const toProject = ({ id, version, value }: StoredDocument): Project => ({ id, version, ...valueSchema.parse(value) });

const assetsOf = ({ document, thumbnail }: ProjectContent): string[] => assetsIn([document, thumbnail]);

function checkSize({ document }: ProjectContent): void {
  const bytes = Buffer.byteLength(JSON.stringify(document));
  if (bytes <= MOST_BYTES) return;
  throw new AppError('INPUT_TOO_LARGE', `Expected at most ${MOST_BYTES} bytes for the document, received ${bytes}.`, {
    hint: 'Pictures belong into assets.',
    details: { bytes, most: MOST_BYTES },
  });
}

const noProject = (id: string): AppError =>
  new AppError('NOT_FOUND', `There is no project ${id.slice(0, 40)}.`, { hint: 'It may have been removed.' });

const stale = (id: string): AppError =>
  new AppError('PRECONDITION_FAILED', `The project ${id} has changed since it was read.`, {
    hint: 'Read it again and put your change on top, keep yours as a copy, or send If-Match: *.',
    details: { project: id },
  });
