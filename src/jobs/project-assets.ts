/** Uploads that projects name: they stay for as long as one does. */
import { z } from 'zod';
import { isId } from '../core/ids.ts';
import { allOf } from './assets-of.ts';
import { moveExpiry } from './hold-assets.ts';
import type { Job, JobState } from './job.ts';
import { JOB_KIND, parseJob } from './job-documents.ts';
import type { Store } from './store/store.ts';

/** Kind of small documents beside those of the projects, whose ids they have: the assets that one names. */
const KIND = 'project-assets';

const DAY_MS = 86_400_000;
/** Holds are renewed: of a project that is gone, however that came, uploads are gone after this. */
const HELD_MS = 30 * DAY_MS;
const RENEWED_BELOW_MS = 15 * DAY_MS;
const PAGE = 500;
/** Jobs of a tenant that are looked at before uploads are left to their own expiry. */
const MOST_JOBS = 1000;

/** The last two may be begun again. */
const NEED_INPUTS: readonly JobState[] = ['queued', 'running', 'failed', 'cancelled'];

const valueSchema = z.object({ assets: z.array(z.string()) });

/** Ids of assets anywhere in a project's document. */
export function assetsIn(value: unknown): string[] {
  const found = new Set<string>();
  const look = (inner: unknown): void => {
    if (typeof inner === 'string') {
      if (isId('asset', inner)) found.add(inner);
    } else if (typeof inner === 'object' && inner !== null) Object.values(inner).forEach(look);
  };
  look(value);
  return [...found];
}

/** Says which assets a project names from now on, and holds them. To be called before the project is written. */
export async function holdProjectAssets(
  store: Store,
  {
    project,
    tenant,
    assets,
  }: { readonly project: string; readonly tenant: string; readonly assets: readonly string[] },
  now: number,
): Promise<void> {
  const kept = { state: 'kept', value: { assets } };
  if (!(await store.create(KIND, { id: project, tenant, ...kept }))) await store.update(KIND, project, () => kept);
  await hold(store, tenant, assets, now);
}

/** Assets that projects of a tenant name. */
export async function assetsOfProjects(store: Store, tenant: string): Promise<ReadonlySet<string>> {
  const named = new Set<string>();
  for await (const { assets } of listAll(store, tenant)) for (const asset of assets) named.add(asset);
  return named;
}

/**
 * Lets assets go that a project does not name any more, unless another one or a job does.
 * @param assets that it named; all of a project that is gone
 * @param keepMs for which an upload that nobody needs is kept
 */
export async function releaseProjectAssets(
  store: Store,
  tenant: string,
  assets: readonly string[],
  { now, keepMs }: { readonly now: number; readonly keepMs: number },
): Promise<void> {
  const jobs = await store.list(JOB_KIND, { tenant, states: NEED_INPUTS, limit: MOST_JOBS });
  if (jobs.length === MOST_JOBS) return;
  const needed = new Set(jobs.flatMap((document) => parseJob(document).steps.flatMap(assetIdsOf)));
  const named = await assetsOfProjects(store, tenant);
  const free = assets.filter((asset) => !needed.has(asset) && !named.has(asset));
  await Promise.all(free.map((id) => moveExpiry(store, id, (before) => Math.min(before, now + keepMs))));
}

/** Forgets what a project named. */
export async function dropProjectAssets(store: Store, project: string): Promise<void> {
  await store.remove(KIND, project);
}

/** Renews all holds. To be called every now and then. */
export async function renewProjectAssets(store: Store, now: number): Promise<void> {
  for await (const { tenant, assets } of listAll(store)) await hold(store, tenant, assets, now);
}

async function hold(store: Store, tenant: string, assets: readonly string[], now: number): Promise<void> {
  for (const id of assets) {
    const document = await store.read('asset', id);
    // Ids of others are no more than words.
    if (document?.tenant !== tenant || document.expiresAt === undefined) continue;
    if (document.expiresAt - now >= RENEWED_BELOW_MS) continue;
    await moveExpiry(store, id, (before) => Math.max(before, now + HELD_MS));
  }
}

async function* listAll(
  store: Store,
  tenant?: string,
): AsyncGenerator<{ readonly tenant: string; readonly assets: readonly string[] }, void, void> {
  for (let after: number | undefined; ; ) {
    const page = await store.list(KIND, {
      limit: PAGE,
      ...(tenant === undefined ? {} : { tenant }),
      ...(after === undefined ? {} : { after }),
    });
    for (const document of page) yield { tenant: document.tenant, ...valueSchema.parse(document.value) };
    if (page.length < PAGE) return;
    after = page.at(-1)?.sequence;
  }
}

/** Assets that a step of a job reads. */
export const assetIdsOf = (step: Job['steps'][number]): string[] =>
  allOf(step).flatMap((media) => (media.kind === 'asset' ? [media.id] : []));
