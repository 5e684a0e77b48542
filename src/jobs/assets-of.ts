/** The uploads that a job names, as they are in the store. */
import { AppError } from '../core/errors.ts';
import { isId } from '../core/ids.ts';
import { type Asset, assetSchema } from './asset.ts';
import type { Media } from './job.ts';
import type { Store } from './store/store.ts';

/** An asset that has its bytes. */
export interface ReadyAsset extends Asset {
  readonly key: string;
  readonly sha256: string;
  readonly media: NonNullable<Asset['media']>;
}

/** What a run reads. */
export interface RunMedia<T> {
  readonly sources: readonly T[];
  readonly map: MediaMap<T>;
  /** Maps of the ranges, in the order in which the options name them. */
  readonly rangeMaps?: readonly MediaMap<T>[] | undefined;
  readonly target: T;
}

/** Which person gets which face; no media: left as it is. */
export type MediaMap<T> = readonly { readonly person: string; readonly sources: readonly T[] }[];

/**
 * Looks up what a run names.
 * @throws NOT_FOUND for what is not there, not ready, or belongs to another tenant; OPTION_INVALID for media that are no
 *   uploads
 */
export async function assetsOf(
  store: Pick<Store, 'read'>,
  tenant: string,
  media: RunMedia<Media>,
): Promise<RunMedia<ReadyAsset>> {
  const find = createFinder(store, tenant);
  const findAll = (list: readonly Media[]): Promise<ReadyAsset[]> => Promise.all(list.map(find));
  const findMap = (map: MediaMap<Media>): Promise<MediaMap<ReadyAsset>> =>
    Promise.all(map.map(async ({ person, sources: of }) => ({ person, sources: await findAll(of) })));
  const [target, sources, map, rangeMaps] = await Promise.all([
    find(media.target),
    findAll(media.sources),
    findMap(media.map),
    Promise.all((media.rangeMaps ?? []).map(findMap)),
  ]);
  return { target, sources, map, rangeMaps };
}

/**
 * Looks up sets of media.
 * @throws see `assetsOf`
 */
export async function readyAssets(
  store: Pick<Store, 'read'>,
  tenant: string,
  sets: readonly (readonly Media[])[],
): Promise<readonly (readonly ReadyAsset[])[]> {
  const find = createFinder(store, tenant);
  return Promise.all(sets.map((set) => Promise.all(set.map(find))));
}

/** Looks each asset up once. */
function createFinder(store: Pick<Store, 'read'>, tenant: string): (media: Media) => Promise<ReadyAsset> {
  const found = new Map<string, Promise<ReadyAsset>>();
  return async (one) => {
    if (one.kind !== 'asset') {
      throw new AppError('OPTION_INVALID', `Expected the id of an upload, received a ${one.kind}.`, {
        hint: 'Upload the file first, and name its id.',
      });
    }
    const known = found.get(one.id) ?? readyAsset(store, tenant, one.id);
    found.set(one.id, known);
    return known;
  };
}

/** Every medium of a run, each once. */
export const allOf = <T>(run: RunMedia<T>): readonly T[] => [...new Set([run.target, ...sourcesOf(run)])];

/** Everything but the target; what is named twice is there twice. */
export const sourcesOf = <T>({ sources, map, rangeMaps = [] }: Omit<RunMedia<T>, 'target'>): readonly T[] => [
  ...sources,
  ...[map, ...rangeMaps].flat().flatMap((rule) => rule.sources),
];

async function readyAsset(store: Pick<Store, 'read'>, tenant: string, id: string): Promise<ReadyAsset> {
  const document = isId('asset', id) ? await store.read('asset', id) : undefined;
  if (document?.tenant !== tenant) throw noAsset(id);
  const asset = assetSchema.parse(document.value);
  const { key, sha256, media } = asset;
  if (asset.state !== 'ready' || key === undefined || sha256 === undefined || media === undefined) throw noAsset(id);
  return { ...asset, key, sha256, media };
}

const noAsset = (id: string): AppError =>
  new AppError('NOT_FOUND', `There is no upload ${id.slice(0, 64)}.`, {
    hint: 'It may not be complete yet, or have expired: upload the file again.',
    details: { asset: id.slice(0, 64) },
  });
