/** Uploads live as long as somebody needs them. */

import { assetSchema } from './asset.ts';
import type { ReadyAsset } from './assets-of.ts';
import type { Store } from './store/store.ts';

/** Kind of their documents. */
export const ASSET_KIND = 'asset';

const HOUR_MS = 3_600_000;
/** A job may wait and work for so long at least. */
const LEAST_HOLD_MS = 24 * HOUR_MS;

/**
 * Sees to it that uploads do not expire while a job needs them.
 * @param keepMs for how long jobs are kept: a failed one may be tried again until then; 0: for ever
 */
export async function holdAssets(
  store: Store,
  assets: readonly ReadyAsset[],
  now: number,
  keepMs: number,
): Promise<void> {
  const until = now + Math.max(keepMs, LEAST_HOLD_MS);
  // Only where it makes a difference: the same upload may serve hundreds of jobs a second.
  const due = assets.filter(({ expiresAt }) => expiresAt !== undefined && Date.parse(expiresAt) < until - HOUR_MS);
  await Promise.all(due.map(({ id }) => moveExpiry(store, id, (before) => Math.max(before, until))));
}

/** Changes when an upload expires: milliseconds since 1970, infinity for never. */
export async function moveExpiry(store: Store, id: string, move: (before: number) => number): Promise<void> {
  await store.update(ASSET_KIND, id, ({ state, value }) => {
    const asset = assetSchema.parse(value);
    const before = asset.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(asset.expiresAt);
    const expiresAt = move(before);
    if (expiresAt === before) return undefined;
    return { state, expiresAt, value: { ...asset, expiresAt: new Date(expiresAt).toISOString() } };
  });
}
