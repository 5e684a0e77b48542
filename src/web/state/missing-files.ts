/** Media that a project is about and that are not here: asked for, and told by their hash. */
import { t } from '../i18n/i18n.ts';
import { api, ask } from './api.ts';
import { type Asset, loadAsset } from './assets.ts';
import { type MissingFile, project } from './document.ts';
import { withAssets } from './project-file.ts';
import { showToast } from './toasts.ts';

/** Uploads that are looked through, newest first: more are more quickly given again. */
const PAGES = 10;
const PAGE = 200;

/** Uploads that are here, by hash. @throws ApiError */
export async function findByHash(hashes: ReadonlySet<string>): Promise<ReadonlyMap<string, Asset>> {
  const found = new Map<string, Asset>();
  let cursor: string | undefined;
  for (let page = 0; page < PAGES && found.size < hashes.size; page++) {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const { assets, next } = await ask(api().GET('/v1/assets', { params: { query } }));
    for (const asset of assets) if (hashes.has(asset.sha256)) found.set(asset.sha256, asset);
    cursor = next;
    if (cursor === undefined) break;
  }
  return found;
}

/** Which of the media are here, under the same id or another one. @throws ApiError where the service does not answer */
export async function sortMedia(
  media: readonly MissingFile[],
): Promise<{ readonly ids: ReadonlyMap<string, string>; readonly missing: readonly MissingFile[] }> {
  const isHere = await Promise.all(
    media.map(({ asset, sha256 }) =>
      loadAsset(asset).then(
        (known) => known.sha256 === sha256,
        () => false,
      ),
    ),
  );
  const away = media.filter((_, at) => !isHere[at]);
  if (away.length === 0) return { ids: new Map(), missing: [] };
  const others = await findByHash(new Set(away.map(({ sha256 }) => sha256)));
  const ids = away.flatMap(({ asset, sha256 }) => {
    const other = others.get(sha256);
    return other ? [[asset, other.id] as const] : [];
  });
  return { ids: new Map(ids), missing: away.filter(({ sha256 }) => !others.has(sha256)) };
}

/**
 * Puts files that were uploaded where the project misses them.
 * @returns those that it does not miss
 */
export function giveMissing(given: readonly Asset[]): readonly Asset[] {
  const { missing } = project.value.value;
  if (missing.length === 0) return given;
  const ids = missing.flatMap(({ asset, sha256 }) => {
    const same = given.find((one) => one.sha256 === sha256);
    return same ? [[asset, same.id] as const] : [];
  });
  if (ids.length === 0) return given;
  project.change('change.missing', (document) => withAssets(document, new Map(ids)));
  const left = project.value.value.missing.length;
  showToast({ kind: 'success', text: left === 0 ? t('missing.allThere') : t('missing.given', { count: ids.length }) });
  const taken = new Set(ids.map(([, id]) => id));
  return given.filter(({ id }) => !taken.has(id));
}
